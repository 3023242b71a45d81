import Attempts
import Content
import Context
import Edits
import Grading
import Sessions
import Terminal

/// A finished take: its stages, and one line below them with what to try next.
struct TakeOutput: Output {
  let take: Take
  let showsStages: Bool
  private let hint: String?

  /// `showsStages` is false where they have been shown as they were made.
  init(_ take: Take, session: Session, showsStages: Bool) async throws {
    self.take = take
    self.showsStages = showsStages
    hint = Hint.next(after: take)
  }

  var summary: String {
    guard let verdict = take.verdict else { return "through \(take.records.last?.stage.rawValue ?? "nothing")" }
    return verdict.word.rawValue + (verdict.failure.map { ", \($0.rawValue)" } ?? "")
  }

  func text(_ look: Look) -> String {
    var text = ""
    if showsStages {
      for record in take.records where StageReporter.isShown(record) {
        text += StageLine(record: record, chain: take.chain).text(look)
      }
    }
    let name = take.id.take == 1 ? "attempt \(take.id.attempt)" : "take \(take.id)"
    var line = [name]
    if take.verdict != nil { line.append(take.isAssisted ? "assisted" : "clean") }
    if take.isTweaked { line.append("tweaked") }
    line.append(Amount.milliseconds(take.milliseconds))
    text += look.style.apply(.heading, line.joined(separator: ", "))
    let kept = take.records.filter { $0.how == .kept }.map { $0.stage == .outcomes ? "tests" : $0.stage.rawValue }
    if !kept.isEmpty { text += "      kept: \(kept.joined(separator: ", "))" }
    if let hint { text += "\n  try: \(Untrusted.cleanLine(hint))" }
    return text + "\n"
  }

  func json() throws -> [String] { [try JSONLine.of(TakeLine(take))] }
}

/// What a person may want to type after a take.
enum Hint {
  static func next(after take: Take) -> String? {
    guard let verdict = take.verdict else { return nil }
    let id = take.instanceID
    switch verdict.word {
    case .resolved, .suspect: return nil
    case .environmentError: return "`show baseline`; the tests' environment has to be mended first"
    case .unresolved: break
    }
    if verdict.failure == .applyFailed || verdict.failure == .noEditsGenerated {
      return "`show edits` says why; `run \(id)` again tells the model, if feedback is on"
    }
    let chain = take.chain
    let frames = verdict.failures.flatMap(\.frames)
    if let frame = frames.first(where: { !chain.shows($0) && !TestFile.isTest($0.path) }) {
      let first = max(1, frame.line - 20)
      return "context add \(frame.path):\(first)-\(frame.line + 20), then rerun"
    }
    let changed = Set(chain.patch?.changes.map(\.path) ?? [])
    let left = chain.context?.leftOut ?? []
    if let candidate = left.first(where: { changed.contains($0.span.path) }) ?? left.first {
      return "context add \(candidate.span), then rerun"
    }
    return "run \(id), which tells the model what failed"
  }
}
