import Attempts
import Grading
import Models
import Sessions
import Terminal

/// Tells how a batch comes along: one line for each instance, and on a terminal one that says how far it is.
actor BatchReporter {
  private let desk: Desk
  private let total: Int
  private let start = ContinuousClock.now
  private var done = 0
  private var kept = 0
  private var resolved = 0
  private var unresolved = 0
  private var errors = 0
  private var tokens = 0
  private var writing = 0
  /// A reply that a server gave, which says what answered.
  private var answered: Take?

  init(desk: Desk, total: Int) {
    self.desk = desk
    self.total = total
  }

  /// Prints a line above the one that says how far the batch is.
  func say(_ output: any Output) async {
    await end()
    await desk.report(output)
    await begin()
  }

  func begin() async { await desk.progress?.begin(label, since: start) }

  func end() async { await desk.progress?.end() }

  /// What answered first, by the names of its fields; empty where nothing did.
  func passport(in session: Session) async -> [(String, String)] {
    guard let answered, let passport = try? await session.passport(of: answered) else { return [] }
    return passport.fields.filter { ![.options, .window].contains($0.field) }.map { ($0.field.rawValue, $0.value) }
  }

  func told(_ event: BatchEvent) async {
    switch event {
    case .attempt(let take):
      if let reply = take.chain[.reply], reply.how == .made, case .reply(let artifact) = reply.artifact {
        answered = answered ?? take
        tokens += artifact.replyTokens ?? 0
        writing += reply.writingMilliseconds ?? reply.milliseconds
      }
      await desk.progress?.rename(label)
    case .kept(let record), .finished(let record):
      let isKept = if case .kept = event { true } else { false }
      done += 1
      if isKept { kept += 1 }
      if record.verified {
        resolved += 1
      } else if record.stop.isInfrastructure {
        errors += 1
      } else {
        unresolved += 1
      }
      await end()
      await desk.report(BatchLine(record: record, number: done, total: total, isKept: isKept))
      if done < total { await begin() }
    case .waiting:
      await end()
      await desk.warn("another ramp with this journal is at work on the rest: waiting for what it comes to")
      await begin()
    case .stopping(let ids):
      await end()
      await desk.warn(BatchReporter.stopping(for: ids))
      if done < total { await begin() }
    }
  }

  /// What the first Ctrl-C is answered with.
  static func stopping(for ids: [String]) -> String {
    guard !ids.isEmpty else { return "no new instance is begun" }
    let named = ids.prefix(3).map(Untrusted.cleanLine).joined(separator: ", ") + (ids.count > 3 ? ", ..." : "")
    return "no new instance is begun; waiting for the end of \(Amount.of(ids.count, "instance")): \(named)"
      + " (Ctrl-C again stops at once; the same line goes on after the last finished stage)"
  }

  /// `12 of 30: 4 resolved, 7 unresolved, 1 error, 41 tokens/s, about 5 m 10 s left`.
  private var label: String {
    var parts = ["\(resolved) resolved", "\(unresolved) unresolved"]
    if errors > 0 { parts.append(Amount.of(errors, "error")) }
    if tokens > 0, writing > 0, tokens / writing < 20 {
      parts.append("\(Amount.rate(tokens, milliseconds: writing)) tokens/s")
    }
    // What was kept took no time, so it says nothing of what is left.
    let made = done - kept
    if made > 0, done < total {
      let spent = (ContinuousClock.now - start) / .milliseconds(1)
      parts.append("about \(Amount.milliseconds(Int(spent / Double(made) * Double(total - done)))) left")
    }
    return "\(done) of \(total): \(parts.joined(separator: ", "))"
  }
}

/// An instance of a batch in one line.
struct BatchLine: Output {
  let record: InstanceRecord
  let number: Int
  let total: Int
  let isKept: Bool

  func text(_ look: Look) -> String {
    let count = Width.padded("\(number)", to: "\(total)".utf8.count, alignment: .trailing)
    let id = Width.padded(Untrusted.cleanLine(record.instanceID), to: 32)
    let word = record.verified ? "resolved" : record.stop.isInfrastructure ? record.stop.rawValue : "unresolved"
    let meaning = Meaning(verdict: record.stop.isInfrastructure ? "error" : word)
    var parts = [String]()
    if !record.verified, let failure = record.failure?.rawValue, failure != word { parts.append(failure) }
    if record.stop == .stuck || record.stop == .budget { parts.append(record.stop.rawValue) }
    parts.append(Amount.of(record.attempts, "attempt"))
    if record.assisted { parts.append("assisted") }
    if record.escalated { parts.append("escalated") }
    parts.append(isKept ? "kept" : Amount.milliseconds(Int(record.timeSeconds * 1000)))
    var text = "  \(count)/\(total)  \(id)  \(look.style.apply(meaning, word)), \(parts.joined(separator: ", "))\n"
    if record.stop.isInfrastructure, let error = record.finalError {
      text += Width.wrapped("        \(Untrusted.cleanLine(error))", to: look.width, indent: 8) + "\n"
    }
    return text
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let record: InstanceRecord
      let kept: Bool

      private enum CodingKeys: String, CodingKey { case kept }

      func encode(to encoder: any Encoder) throws {
        try record.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(kept, forKey: .kept)
      }
    }
    return [try JSONLine.of(Line(record: record, kept: isKept))]
  }
}
