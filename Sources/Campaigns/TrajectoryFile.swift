import Attempts
import Content
import Instances
import Prompts

/// What was said in the attempts at one instance, as a `.traj.json` in mini-swe-agent's format, whose inspector shows it.
///
/// Format: `mini-swe-agent-1.1`: `info`, `messages` as OpenAI has them with `extra` beside, `trajectory_format`.
package struct TrajectoryFile: Sendable {
  /// One message.
  package struct Message: Hashable, Sendable {
    package enum Role: String, Sendable {
      case system, user, assistant
    }

    package let role: Role
    package let text: String
    /// The attempt that it belongs to.
    package let attempt: Int

    package init(_ role: Role, _ text: String, attempt: Int) {
      self.role = role
      self.text = text
      self.attempt = attempt
    }
  }

  private let record: InstanceRecord
  private let messages: [Message]
  private let ramp: String

  /// - Parameters:
  ///   - record: the instance's record.
  ///   - messages: prompts and replies, in their order; empty where none were kept.
  ///   - ramp: the version of ramp.
  package init(_ record: InstanceRecord, messages: [Message], ramp: String) {
    self.record = record
    self.messages = messages
    self.ramp = ramp
  }

  /// The file of those of the takes that are the first of their attempt, each a prompt and its reply.
  package init(_ record: InstanceRecord, takes: [Take], ramp: String) {
    let messages = takes.filter { $0.id.take == 1 }.flatMap { take -> [Message] in
      let attempt = take.id.attempt
      let asked = take.chain.prompt?.prompt.messages ?? []
      return asked.map { Message($0.role == .system ? .system : .user, $0.text, attempt: attempt) }
        + (take.chain.reply.map { [Message(.assistant, $0.text, attempt: attempt)] } ?? [])
    }
    self.init(record, messages: messages, ramp: ramp)
  }

  /// `ID.traj.json`. An id that no row may have, as a results file from elsewhere may hold, is spelt with `_` for what is
  /// no part of a file's name, and its hash tells it from others that are spelt so.
  package var fileName: String {
    let id = record.instanceID
    guard !RowRule.isSafe(id: id) else { return "\(id).traj.json" }
    let plain = id.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" }
    return "_\(String(plain.prefix(100)))-\(Hash(of: id).hex.prefix(12)).traj.json"
  }

  package var json: [UInt8] {
    let calls = record.each.count { $0.replyTokens != nil }
    let info = OrderedJSON.members([
      "exit_status": .text(record.verified ? "Submitted" : record.stop.rawValue),
      "submission": .text(record.patch),
      "model_stats": .members(["instance_cost": .number(record.cost ?? 0), "api_calls": .whole(calls)]),
      "config": .members(["model": .members(["model_name": .optional(record.model)])]),
      "ramp_version": .text(ramp), "verified": .flag(record.verified), "assisted": .flag(record.assisted),
    ])
    let said = messages.map { message in
      OrderedJSON.members([
        "role": .text(message.role.rawValue), "content": .text(message.text), "extra": extra(message),
      ])
    }
    return OrderedJSON.members([
      "info": info, "messages": .list(said), "trajectory_format": .text("mini-swe-agent-1.1"),
      "instance_id": .text(record.instanceID),
    ]).indented
  }

  /// A reply is told what became of its attempt.
  private func extra(_ message: Message) -> OrderedJSON {
    let attempt = OrderedJSON.members(["attempt": .whole(message.attempt)])
    guard message.role == .assistant, let told = record.each.first(where: { $0.attempt == message.attempt }) else {
      return attempt
    }
    return attempt.adding(
      .members([
        "verified": .flag(told.verified), "error_type": .optional(told.errorType?.rawValue),
        "error": .optional(told.error), "temperature": .number(told.temperature), "seed": .whole(told.seed),
        "cost": .optional(told.cost),
      ]))
  }
}
