import Content
import Edits
import Grading

/// What failed, as the model is told: what was raised, what was compared, and the code that it went through with the
/// lines of its own edits marked.
struct FailureText {
  /// The most lines of a message behind its first, and the most frames.
  private static let mostDetail = 8
  private static let mostFrames = 3
  /// Lines shown above and below one that failed.
  private static let around = 2

  /// The files as the edits leave them, by path.
  private let files: [String: [Substring]]
  private let touched: ChangedLines

  init(_ patch: PatchArtifact?) {
    var files: [String: [Substring]] = [:]
    for change in patch?.changes ?? [] {
      files[change.path] = change.after.map {
        Substring(String(decoding: $0, as: UTF8.self)).split(separator: "\n", omittingEmptySubsequences: false)
      }
    }
    self.files = files
    touched = ChangedLines(patch?.diff ?? "")
  }

  /// The passage of one failure.
  func told(_ failure: TestFailure) -> String {
    var lines = ["  " + (failure.message.isEmpty ? failure.exception : "\(failure.exception): \(failure.message)")]
    lines += failure.detail.prefix(FailureText.mostDetail).map { "  \($0)" }
    if failure.detail.count > FailureText.mostDetail { lines.append("  ...") }
    if let assertion = failure.assertion, !failure.message.contains(assertion.left) {
      lines.append("  It compared: \(assertion.left) \(assertion.relation) \(assertion.right)")
    }
    let tests = failure.frames.filter { TestFile.isTest($0.path) }
    for frame in failure.frames.filter({ !TestFile.isTest($0.path) }).prefix(FailureText.mostFrames) {
      lines += told(frame)
    }
    if let frame = tests.first {
      lines.append("  in the test, \(place(frame))" + (frame.source.isEmpty ? "" : ": \(frame.source)"))
    }
    return lines.joined(separator: "\n")
  }

  private func place(_ frame: TestFailure.Frame) -> String {
    "\(frame.path):\(frame.line)" + (frame.function.isEmpty ? "" : " in \(frame.function)")
  }

  private func told(_ frame: TestFailure.Frame) -> [String] {
    let head = "  at \(place(frame))"
    guard let file = files[frame.path], file.indices.contains(frame.line - 1) else {
      return [head + (frame.source.isEmpty ? "" : ": \(frame.source)")]
    }
    let own = touched.new[frame.path] ?? []
    let shown = max(1, frame.line - FailureText.around)...min(file.count, frame.line + FailureText.around)
    let isMine = shown.contains(where: own.contains)
    var lines = [head + (isMine ? ", with the lines that you wrote marked >" : "") + ":"]
    for number in shown {
      let digits = String(number)
      let padding = String(repeating: " ", count: max(0, 5 - digits.count))
      let mark = own.contains(number) ? ">" : " "
      lines.append("  \(mark)\(padding)\(digits) | \(file[number - 1])" + (number == frame.line ? "   <- here" : ""))
    }
    return lines
  }
}

extension TestFailure {
  /// The exception and the innermost frame, in a few words.
  var told: String {
    let frame = frames.first.map { "  at \($0.path):\($0.line) in \($0.function)\n" } ?? ""
    return "  \(exception): \(message)\n\(frame)"
  }
}
