import Attempts
import Content
import Models
import Prompts
import Sessions
import Terminal

/// What `show` says of a take beside its stages: where its time went, its tokens, and what answered.
enum TakeView: String, CaseIterable {
  case time, tokens, model

  func output(_ take: Take, _ session: Session) async throws -> any Output {
    let ledger: Ledger? = try await session.attachment(ReplyArtifact.ledger, of: take.chain[.reply])
    switch self {
    case .time: return TimeOutput(take: take, ledger: ledger)
    case .tokens:
      let before = await session.takes[take.instanceID]?.last { $0.id < take.id }
      return TokensOutput(
        take: take, ledger: ledger, before: before, counts: try await session.tokenCounts(take.settings))
    case .model: return PassportOutput(take: take, passport: try await session.passport(of: take))
    }
  }
}

extension Session {
  /// What answered a take; of a model without a server its name and what was asked for.
  func passport(of take: Take) throws -> Passport {
    if let kept: Passport = try attachment(ReplyArtifact.passport, of: take.chain[.reply]) { return kept }
    return Passport(
      model: take.chain.reply?.model ?? take.settings.model ?? ModelName(.practice).title,
      sampling: take.settings.sampling(attempt: take.id.attempt))
  }
}

/// `show time`: each stage, the reply's parts below it, what ramp itself did between the stages, and what is left of the
/// time by the clock, for which nothing accounts.
struct TimeOutput: Output {
  let take: Take
  /// Nil where no server answered.
  let ledger: Ledger?

  private var preparing: Int { take.environmentMilliseconds ?? 0 }

  private var wall: Int { max(take.wallMilliseconds ?? 0, take.milliseconds + preparing) }

  /// What no stage and no part of ramp's own has measured, in milliseconds.
  private var other: Int { max(0, wall - take.milliseconds - preparing - ((take.own?.total ?? 0) + 500) / 1000) }

  func text(_ look: Look) -> String {
    var rows: [[Table.Cell]] = []
    func add(_ name: String, _ milliseconds: Int, _ note: String = "") {
      let share = wall > 0 ? "\((milliseconds * 1000 / wall + 5) / 10)%" : ""
      rows.append([.init(name), .init(Amount.milliseconds(milliseconds)), .init(share), .init(note)])
    }
    for record in take.records {
      guard record.how == .made else {
        rows.append([.init(StageLine.name(of: record.stage)), .init(""), .init(""), .init(record.how.word)])
        continue
      }
      if let spent = record.environmentMilliseconds { add("environment", spent, "made once, before the tests") }
      add(StageLine.name(of: record.stage), record.milliseconds)
      guard record.stage == .reply, let ledger else { continue }
      for part in ledger.parts where part.microseconds >= 500 {
        add("  \(part.name)", (part.microseconds + 500) / 1000, TimeOutput.notes[part.name] ?? "")
      }
    }
    for part in take.own?.parts ?? [] where part.microseconds >= 500 {
      add(part.name, (part.microseconds + 500) / 1000, TimeOutput.notes[part.name] ?? "")
    }
    if other > 0 { add("other", other, "what none of these accounts for") }
    rows.append([.init("all"), .init(Amount.milliseconds(wall)), .init("100%"), .init("by the clock")])
    return Table(
      columns: [
        .init("STAGE"), .init("TIME", alignment: .trailing), .init("SHARE", alignment: .trailing), .init(""),
      ], rows: rows
    ).rendered(style: look.style, width: look.width)
  }

  private static let notes = [
    "retry": "tries that failed, and the waits between them", "queue": "waiting that the server does not explain",
    "load": "loading the model", "prefill": "reading the prompt", "decode": "writing the answer",
    "check": "asking the server what it read", "other": "handing the reply on",
    "keys": "finding out what has to be made", "journal": "writing down what was made", "screen": "showing it",
  ]

  func json() throws -> [String] {
    struct Stage: Encodable { let stage, how: String, milliseconds: Int }
    struct Line: Encodable {
      let instanceID, take: String
      let stages: [Stage]
      let reply: Ledger?
      let own: OwnTime?
      let environmentMilliseconds: Int?
      let otherMilliseconds, wallMilliseconds: Int

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case take, stages, reply, own, environmentMilliseconds, otherMilliseconds, wallMilliseconds
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: take.instanceID, take: "\(take.id)",
          stages: take.records.map {
            Stage(
              stage: $0.stage.rawValue, how: $0.how.word, milliseconds: $0.how == .made ? $0.milliseconds : 0)
          },
          reply: take.chain[.reply]?.how == .made ? ledger : nil, own: take.own,
          environmentMilliseconds: take.environmentMilliseconds, otherMilliseconds: other,
          wallMilliseconds: wall))
    ]
  }
}

/// `show tokens`: what was sent, read and written, how fast, and what it cost where a price is set.
struct TokensOutput: Output {
  let take: Take
  let ledger: Ledger?
  /// The take before it, of the same instance.
  let before: Take?
  /// What was counted of the prompts of its model.
  let counts: TokenCounts

  private var reply: ReplyArtifact? { take.chain.reply }
  private var sampling: Sampling { take.settings.sampling(attempt: take.id.attempt) }

  /// In US dollars; nil when no price is set or nothing was asked. By the estimate when the server does not count.
  private var cost: Double? { take.cost }

  /// What makes the estimate fit where it was too low: it decides how much a prompt may hold.
  private func ratio(for read: Int) -> String {
    guard let estimate = take.chain.prompt?.prompt.tokens, estimate > 0, read > estimate else { return "" }
    let ratio = take.settings.tokensRatio
    if ratio.isAuto { return "; the estimate was too low, and the next instance is estimated by what is learnt" }
    let hundredths = (Double(read) / Double(estimate) * ratio.value * 100).rounded(.up)
    return "; the estimate was too low: `set tokens.ratio \(hundredths / 100)`"
  }

  /// How the prompt's tokens were estimated, and what is known of the model by now.
  private var estimated: String {
    switch take.settings.tokensRatio {
    case .fixed(let value): return "tokens.ratio \(TokensOutput.short(value)), as set"
    case .auto(let used):
      let now = counts.ratio.map {
        ($0 == used ? "" : "; now \(TokensOutput.short($0))") + ", learnt from \(Amount.of(counts.prompts, "prompt"))"
      }
      return "tokens.ratio auto: \(TokensOutput.short(used ?? TokenRatio.unknown))"
        + (now ?? ", as long as no server has counted")
    }
  }

  private static func short(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }

  /// Bytes at the head of the prompt that are those of the take before: a server may use again what it has read of them.
  private var sameHead: (bytes: Int, of: Int)? {
    guard let now = take.chain.prompt?.prompt.rendered, let then = before?.chain.prompt?.prompt.rendered else {
      return nil
    }
    return (zip(now.utf8, then.utf8).prefix { $0 == $1 }.count, now.utf8.count)
  }

  func text(_ look: Look) -> String {
    var rows: [(String, String)] = []
    if let prompt = take.chain.prompt {
      rows.append(
        ("prompt", "\(Amount.count(prompt.prompt.tokens)) by ramp's estimate, \(Amount.count(prompt.window)) at most"))
    }
    if take.chain.prompt != nil { rows.append(("estimate", estimated)) }
    if let read = reply?.promptTokens {
      let cached = ledger?.cachedTokens.map { ", \(Amount.count($0)) of them read before" } ?? ""
      rows.append(("read", "\(Amount.count(read)) by the server's count\(cached)\(ratio(for: read))"))
    }
    if let window = reply?.window { rows.append(("proof", window.description)) }
    if let head = sameHead, let before {
      rows.append(
        ("head", "the first \(Amount.count(head.bytes)) of \(Amount.count(head.of)) bytes are those of \(before.id)"))
    }
    if let written = reply?.replyTokens {
      let rate = ledger?.tokensPerSecond.map { ", \(Int($0 * 10) / 10).\(Int($0 * 10) % 10) a second" } ?? ""
      rows.append(("written", "\(Amount.count(written)) of \(Amount.count(sampling.numPredict))\(rate)"))
    }
    if let cost { rows.append(("cost", TokensOutput.dollars(cost))) }
    if rows.isEmpty { return "(no prompt was made)\n" }
    return rows.map { Width.wrapped("  \(Width.padded($0.0, to: 9))\($0.1)", to: look.width, indent: 11) + "\n" }
      .joined()
  }

  /// `$0.0123`.
  static func dollars(_ amount: Double) -> String {
    let parts = Int((amount * 1_000_000).rounded())
    let digits = String(String(1_000_000 + parts % 1_000_000).dropFirst())
    return "$\(parts / 1_000_000).\(digits.prefix(4))\(digits.dropFirst(4) == "00" ? "" : String(digits.dropFirst(4)))"
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, take: String
      let estimate, promptTokens, cachedTokens, replyTokens, numPredict, window: Int?
      let proof, evidence, tokensRatio: String?
      let learntRatio: Double?
      let tokensPerSecond, costUSD: Double?
      let sameHeadBytes: Int?

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case costUSD = "cost_usd"
        case take, estimate, promptTokens, cachedTokens, replyTokens, numPredict, window, proof, evidence
        case tokensPerSecond, sameHeadBytes, tokensRatio, learntRatio
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: take.instanceID, take: "\(take.id)", estimate: take.chain.prompt?.prompt.tokens,
          promptTokens: reply?.promptTokens, cachedTokens: ledger?.cachedTokens, replyTokens: reply?.replyTokens,
          numPredict: sampling.numPredict, window: sampling.numCtx, proof: reply?.window?.state.rawValue,
          evidence: reply?.window?.evidence, tokensRatio: take.settings.tokensRatio.description,
          learntRatio: counts.ratio,
          tokensPerSecond: ledger?.tokensPerSecond, costUSD: cost,
          sameHeadBytes: sameHead?.bytes))
    ]
  }
}

/// `show model`: what answered.
struct PassportOutput: Output {
  let take: Take
  let passport: Passport

  func text(_ look: Look) -> String { PassportOutput.lines(passport, look) }

  static func lines(_ passport: Passport, _ look: Look) -> String {
    passport.fields.map {
      Width.wrapped(
        "  \(Width.padded($0.field.rawValue, to: 15))\(Untrusted.cleanLine($0.value))", to: look.width, indent: 17)
        + "\n"
    }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, take: String
      let passport: [[String]]

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case take, passport
      }
    }
    let fields = passport.fields.map { [$0.field.rawValue, $0.value] }
    return [try JSONLine.of(Line(instanceID: take.instanceID, take: "\(take.id)", passport: fields))]
  }
}

/// `diff model`: what differs in what answered two takes.
struct PassportsOutput: Output {
  let old: Passport
  let new: Passport
  let oldName: String
  let newName: String

  func text(_ look: Look) -> String {
    let changed = old.differences(to: new)
    if changed.isEmpty { return "model \(oldName) and \(newName) are the same\n" }
    let rows: [[Table.Cell]] = changed.map { field, before, after in
      [.init(field.rawValue), .init(before ?? "not known"), .init(after ?? "not known")]
    }
    return Table(columns: [.init("FIELD"), .init(oldName), .init(newName)], rows: rows)
      .rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Change: Encodable { let field: String, old, new: String? }
    struct Line: Encodable { let stage, old, new: String, same: Bool, changes: [Change] }
    let changes = old.differences(to: new).map { Change(field: $0.field.rawValue, old: $0.old, new: $0.new) }
    return [
      try JSONLine.of(Line(stage: "model", old: oldName, new: newName, same: changes.isEmpty, changes: changes))
    ]
  }
}
