import ArgumentParser
import Attempts
import Sessions
import Terminal

/// `diff STAGE A B`: what changed between two takes.
package struct DiffCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what changed in a stage's artifact between two takes.",
    discussion: """
      Without takes it compares the last two; with one, that one and the last. `diff model` names what differs in what \
      answered: server, model, window, options.
      """)
  package static let examples = ["diff prompt 1.1 1.2", "diff patch", "diff reply 1.1", "diff model 1.1 1.2"]
  package static let completions: [Candidates] = [.stage, .take, .take]

  @Argument(help: "The stage.")
  var stage: String

  @Argument(help: "The older take.")
  var old: String?

  @Argument(help: "The newer take.")
  var new: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let view = TakeView(rawValue: stage)
    let stage = try view == .model ? Stage.reply : Stage(typed: stage)
    let last = try await session.take(new)
    let made = await session.takes[last.instanceID] ?? []
    let earlier =
      if let old { try await session.take(old) } else {
        made.last { $0.id < last.id } ?? last
      }
    if view == .model {
      return Done(
        PassportsOutput(
          old: try await session.passport(of: earlier), new: try await session.passport(of: last),
          oldName: "\(earlier.id)", newName: "\(last.id)"))
    }
    guard let before = earlier.chain[stage] else {
      throw SessionError.noArtifact(stage, take: earlier.id.description)
    }
    guard let after = last.chain[stage] else { throw SessionError.noArtifact(stage, take: last.id.description) }
    return Done(
      DiffOutput(
        stage: stage, old: before.artifact.plainText, new: after.artifact.plainText, oldName: "\(earlier.id)",
        newName: "\(last.id)"))
  }
}

struct DiffOutput: Output {
  let stage: Stage
  let old: String
  let new: String
  let oldName: String
  let newName: String

  private var lines: [DiffLine] {
    LineDiff.unified(
      old: old, new: new, context: 3, oldName: "\(stage.rawValue) \(oldName)", newName: "\(stage.rawValue) \(newName)")
  }

  func text(_ look: Look) -> String {
    let lines = lines
    if lines.isEmpty { return "\(stage.rawValue) \(oldName) and \(newName) are the same\n" }
    return LineDiff.rendered(lines, style: look.style)
  }

  func json() throws -> [String] {
    struct Line: Encodable { let stage, old, new: String, same: Bool, diff: [String] }
    let plain = Style(color: false)
    return [
      try JSONLine.of(
        Line(
          stage: stage.rawValue, old: oldName, new: newName, same: lines.isEmpty,
          diff: lines.map { $0.rendered(style: plain) }))
    ]
  }
}
