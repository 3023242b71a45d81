import Attempts
import Grading
import Terminal

/// What an instance came to after all its attempts.
struct InstanceOutput: Output {
  let record: InstanceRecord

  var summary: String { record.verified ? "resolved" : "\(record.stop.rawValue), \(record.failure?.rawValue ?? "-")" }

  func text(_ look: Look) -> String {
    let attempts = Amount.of(record.attempts, "attempt")
    var text = look.style.apply(
      Meaning(verdict: record.verified ? "resolved" : "unresolved"),
      record.verified ? "resolved in attempt \(record.attemptsNeeded ?? 0)" : "unresolved after \(attempts)")
    text += ": \(InstanceOutput.told(record.stop, record))"
    var parts = [record.model ?? "no model", record.assisted ? "assisted" : "clean"]
    if record.escalated { parts.append("escalated") }
    parts.append("\(Amount.count(record.promptTokens + record.replyTokens)) tokens")
    if let cost = record.cost { parts.append(TokensOutput.dollars(cost)) }
    parts.append(Amount.milliseconds(Int(record.timeSeconds * 1000)))
    text += "\n  " + Untrusted.cleanLine(parts.joined(separator: ", ")) + "\n"
    let tried = record.each.filter { $0.repeats != nil }.map { "\($0.attempt)" }
    if !tried.isEmpty {
      text += "  not tested again: attempt\(tried.count == 1 ? "" : "s") \(tried.joined(separator: ", "))\n"
    }
    if !record.verified, !record.patch.isEmpty,
      let best = record.each.first(where: { $0.patchSHA256 != nil && isBest($0) })
    {
      text += "  best patch: attempt \(best.attempt)\n"
    }
    return text
  }

  private func isBest(_ attempt: AttemptRecord) -> Bool { attempt.attempt == record.best }

  static func told(_ stop: StopReason, _ record: InstanceRecord) -> String {
    switch stop {
    case .resolved: "of \(Amount.of(record.attempts, "attempt"))"
    case .attemptsExhausted: "no attempts are left"
    case .budget: "its budget is spent (`settings limit`)"
    case .stuck: "stuck, the same answers come again"
    case .environmentError: "the tests cannot be judged"
    case .modelError: "no model answers as it should"
    case .cancelled: "cancelled"
    }
  }

  func json() throws -> [String] { [try JSONLine.of(record)] }
}
