/// Why a log tells of no test: the first error in it, in its own words.
package enum LogCause {
  /// How much of a log is looked through.
  private static let most = 1 << 20

  /// The first error of `log`, one line of at most `TestFailure.longestMessage` bytes; nil where none is plain. A chain
  /// of tracebacks begins with what started it.
  package static func first(in log: [UInt8]) -> String? {
    LogText.reading(Array(log.prefix(most))) { first(in: $0) }
  }

  static func first(in whole: LogText) -> String? {
    let text = whole.prefix(most)
    var found: String?
    var isTraceback = false
    text.eachShownLine { raw in
      guard found == nil else { return }
      let line = raw.hasPrefix("INTERNALERROR> ") ? raw.from(15) : raw
      if line.hasPrefix("Traceback (most recent call last):") {
        isTraceback = true
        return
      }
      let isMarked = line.hasPrefix("E   ")
      let body = isMarked ? line.from(4).trimmed : line
      if isTraceback, let first = body.first, first != 0x20 {
        isTraceback = false
        if isException(body, isCertain: true) { found = told(body) }
      } else if isException(body, isCertain: false), isMarked || line.first != 0x20 {
        found = told(body)
      } else if isOfShell(line.trimmed) {
        found = told(line.trimmed)
      }
    }
    return found
  }

  private static func told(_ line: LogText) -> String { Raised.bounded(line).text }

  /// True for `ModuleNotFoundError: No module named 'x'` and its like; where a traceback stands above it, any name
  /// will do.
  private static func isException(_ line: LogText, isCertain: Bool) -> Bool {
    let end = line.end(from: 0) { $0.isWord || $0 == UInt8(ascii: ".") }
    guard end > 0, line.first?.isDigit == false else { return false }
    let isWhole =
      end == line.count || line.hasPrefix(": ", at: end) || line.hasPrefix(":", at: end) && end + 1 == line.count
    guard isWhole else { return false }
    let name = line.upTo(end)
    return isCertain || (end < line.count && (name.hasSuffix("Error") || name.hasSuffix("Exception")))
  }

  /// True for what a shell, a loader or a test runner says when it cannot begin.
  private static func isOfShell(_ line: LogText) -> Bool {
    let ends: [StaticString] = [
      ": command not found", ": not found", ": No such file or directory", ": Permission denied",
      ": cannot execute: required file not found",
    ]
    if line.count < 400, ends.contains(where: { line.hasSuffix($0) }) { return true }
    let starts: [StaticString] = [
      "ERROR: file or directory not found: ", "ERROR: not found: ", "ERROR: usage: ", "pytest: error: ",
      "ERROR: Error ",
      "Segmentation fault", "Bus error", "Aborted", "Fatal Python error: ", "Killed",
    ]
    if starts.contains(where: { line.hasPrefix($0) }) { return true }
    return line.contains("error while loading shared libraries:") || line.contains(": error: unrecognized arguments:")
  }
}
