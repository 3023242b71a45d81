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
  /// A person had a hand in it, so that it counts in no rate.
  let isSteered: Bool
  private let hint: String?

  /// `showsStages` is false where they have been shown as they were made.
  init(_ take: Take, session: Session, showsStages: Bool, hints: Bool = true) async throws {
    self.take = take
    self.showsStages = showsStages
    isSteered = await session.isSteered(take)
    hint = hints ? Hint.next(after: take) : nil
  }

  var summary: String {
    guard let verdict = take.verdict else { return "through \(take.records.last?.stage.rawValue ?? "nothing")" }
    return take.brokenEnvironment.map { Width.truncated($0, to: 100) } ?? verdict.word.rawValue
      + (verdict.failure.map { ", \($0.rawValue)" } ?? "")
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
    // A rerun or a tweak says by its name that it does not count.
    if take.verdict != nil { line.append(take.isAssisted ? "assisted" : isSteered ? "steered" : "clean") }
    if take.verdict != nil, take.isAssisted, isSteered, take.id.take == 1 { line.append("steered") }
    if take.isTweaked { line.append("tweaked") }
    if let repeats = take.verdict?.repeats { line.append("as attempt \(repeats)") }
    line.append(Amount.milliseconds(take.milliseconds))
    text += look.style.apply(.heading, line.joined(separator: ", "))
    let kept = take.records.filter { !StageReporter.isShown($0) && $0.how == .kept && $0.stage != .feedback }.map {
      StageLine.name(of: $0.stage)
    }
    if take.records.allSatisfy({ $0.how == .kept }) {
      text += "      kept: every stage, nothing that it is made from has changed"
    } else if !kept.isEmpty {
      text += "      kept: \(kept.joined(separator: ", "))"
    }
    if let hint { text += "\n" + Width.wrapped("  try: \(Untrusted.cleanLine(hint))", to: look.width, indent: 7) }
    return text + "\n"
  }

  func json() throws -> [String] { [try JSONLine.of(TakeLine(take, isSteered: isSteered))] }
}
