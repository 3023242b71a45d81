import ArgumentParser
import Attempts
import Content
import Context
import Edits
import Foundation
import Prompts
import Sessions
import Terminal

/// `show [STAGE] [TAKE]`: looks at what a stage made.
package struct ShowCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Look at what a stage made: the prompt, the reply, the edits, the tests ...",
    discussion: """
      Without a stage it shows the stages of the take. `--raw` prints the exact bytes, which `tweak` and \
      `diff` read; `--parts` lists a prompt's parts with their origins and tokens. `tests` is another name of `outcomes`.
      `show time` says where the time of a take went, `show tokens` what was read and written and what it cost, and \
      `show model` what answered.
      """)
  package static let examples = [
    "show prompt", "show prompt --parts", "show reply 1.1 --raw", "show reply --thoughts", "show tests", "show",
    "show time", "show tokens 1.1",
  ]
  package static let completions: [Candidates] = [.stage, .take]

  @Argument(help: "The stage.")
  var stage: String?

  @Argument(help: "The take, e.g. 1.2; without one, the last.")
  var take: String?

  @Flag(help: "Exact text and nothing else.")
  var raw = false

  @Flag(help: "What the model thought before it answered, and nothing else.")
  var thoughts = false

  @Flag(help: "A prompt's parts with origin, tokens and share.")
  var parts = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    // `show 1.2` is the take, not a stage.
    let name = stage.flatMap { TakeID($0) == nil ? $0 : nil }
    let number = take ?? stage.flatMap { TakeID($0) == nil ? nil : $0 }
    if let name, let view = TakeView(rawValue: name) {
      return Done(try await view.output(session.take(number), session))
    }
    let stage = try name.map { name in
      guard let stage = Stage(spoken: name) else { throw ShowError.unknown(name) }
      return stage
    }
    if stage == .reply, let stopped = await session.stopped, !stopped.reply.isEmpty,
      number.map({ TakeID($0) == stopped.id }) ?? true
    {
      await desk.warn("the reply of \(stopped.id) as far as it came; the take was stopped, and `continue` asks again")
      return Done(StoppedOutput(stopped: stopped, raw: raw))
    }
    let take = try await session.take(number)
    guard let stage else { return Done(try await TakeOutput(take, session: session, showsStages: true)) }
    guard let record = take.chain[stage] else {
      throw SessionError.noArtifact(stage, take: take.id.description)
    }
    let sandbox = try await session.sandbox(of: record)
    return Done(
      ShowOutput(record: record, take: take, raw: raw, parts: parts, thoughts: thoughts, sandbox: sandbox))
  }
}

/// What is neither a stage nor a view.
enum ShowError: LocalizedError {
  case unknown(String)

  private static let views = TakeView.allCases.map(\.rawValue)

  var errorDescription: String? {
    switch self {
    case .unknown(let name):
      let known = Stage.allCases.map(\.rawValue) + ["tests"] + ShowError.views
      let nearest = Nearest.names(to: name, in: known)
      return "no stage `\(name)`" + (nearest.isEmpty ? "" : "; nearest: \(nearest.joined(separator: ", "))")
    }
  }

  var recoverySuggestion: String? {
    "stages: \(Stage.allCases.map(\.rawValue).joined(separator: ", ")); "
      + "views: \(ShowError.views.joined(separator: ", "))"
  }
}

/// A reply that was stopped in the middle.
struct StoppedOutput: Output {
  let stopped: Stopped
  let raw: Bool

  func text(_ look: Look) -> String {
    if raw { return stopped.reply }
    let text = Untrusted.clean(stopped.reply)
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, take, stage, reply: String
      let complete: Bool

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case take, stage, reply, complete
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: stopped.instanceID, take: stopped.id.description, stage: "reply", reply: stopped.reply,
          complete: false))
    ]
  }
}

struct ShowOutput: Output {
  let record: StageRecord
  let take: Take
  let raw: Bool
  let parts: Bool
  let thoughts: Bool
  /// What held the tests; nil for other stages.
  let sandbox: String?

  func text(_ look: Look) -> String {
    if thoughts {
      guard case .reply(let reply) = record.artifact, let all = reply.allThoughts else { return "(no thoughts)\n" }
      return ended(raw ? all : Untrusted.clean(all))
    }
    if raw { return record.artifact.plainText }
    switch record.artifact {
    case .prompt(let prompt): return parts ? partTable(prompt, look) : Untrusted.clean(prompt.prompt.rendered)
    case .context(let context):
      return ContextOutput(instanceID: take.instanceID, selection: context, added: [], dropped: []).text(look)
    case .edits(let edits): return EditsText(edits).text(look)
    case .patch(let patch): return patch.diff.isEmpty ? "(empty)\n" : PatchText(diff: patch.diff).text(look)
    case .outcomes(let outcomes): return OutcomesText(report: outcomes.report, verdict: take.verdict).text(look) + held
    case .baseline(let baseline): return OutcomesText(report: baseline.report, verdict: nil).text(look) + held
    case .verdict: return StageLine(record: record, chain: take.chain).text(look)
    case .workspace: return StageLine(record: record, chain: take.chain).text(look)
    case .reply(let reply):
      guard let all = reply.allThoughts else { return ended(Untrusted.clean(reply.text)) }
      let answer = ReplyText(reply.text).answer.drop(while: \.isNewline)
      return look.style.apply(.dim, "(\(Amount.of(all.lines.count - 1, "line")) of thoughts: `show reply --thoughts`)")
        + "\n"
        + ended(Untrusted.clean(String(answer)))
    case .feedback(let feedback):
      if feedback.isEmpty { return "(nothing: feedback is \(feedback.mode.rawValue))\n" }
      return feedback.parts.map { ended("[\($0.origin)] \(Untrusted.clean($0.text))") }.joined()
    }
  }

  func json() throws -> [String] {
    struct Inner: Encodable {
      let value: any Encodable & Sendable

      func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
    }
    struct Line: Encodable {
      let instanceID: String
      let take: String
      let stage, how, key, content: String
      let milliseconds: Int
      let writingMilliseconds: Int?
      let sandbox: String?
      let artifact: Inner

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case take, stage, how, key, content, milliseconds, writingMilliseconds, sandbox, artifact
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: take.instanceID, take: take.id.description, stage: record.stage.rawValue, how: record.how.word,
          key: record.key.hex, content: record.content.hex, milliseconds: record.milliseconds,
          writingMilliseconds: record.writingMilliseconds, sandbox: sandbox,
          artifact: Inner(value: record.artifact.value)))
    ]
  }

  private var held: String { sandbox.map { "  sandbox: \(Untrusted.cleanLine($0))\n" } ?? "" }

  private func ended(_ text: String) -> String {
    if text.isEmpty { return "(empty)\n" }
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  private func partTable(_ prompt: PromptArtifact, _ look: Look) -> String {
    let total = max(1, prompt.prompt.tokens)
    let table = Table(
      columns: [
        .init("PART"), .init("ORIGIN"), .init("TOKENS", alignment: .trailing), .init("SHARE", alignment: .trailing),
      ],
      rows: PartRow.rows(of: prompt.prompt).map { row in
        [
          .init(row.name), .init(row.origin, meaning: row.isHidden ? .warning : .plain),
          .init(Amount.count(row.tokens)), .init("\((row.tokens * 200 + total) / (2 * total))%"),
        ]
      })
    let left = take.chain.context?.leftOut.prefix(3).map { "\($0.span) (\($0.rank).)" } ?? []
    let next = left.isEmpty ? "" : "  left out, next in rank: \(left.joined(separator: ", "))"
    return table.rendered(style: look.style, width: look.width)
      + (left.isEmpty ? "" : Width.wrapped(next, to: look.width, indent: 4) + "\n")
  }
}
