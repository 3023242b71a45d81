import ArgumentParser
import Attempts
import Grading
import Sessions
import Terminal

/// `regrade [TAKE]`: reads stored logs again; nothing is run.
package struct RegradeCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "regrade", abstract: "Read the stored test logs again and judge anew; nothing is run.",
    discussion: """
      Shows what this version of ramp makes of logs that are kept, beside what was made of them then: after \
      `ramp --continue`, of an earlier sitting. The takes stay as they are; `rerun tests` makes a new one. Without a \
      take it reads all takes of the current instance, with `--all` those of every instance.
      """)
  package static let examples = ["regrade", "regrade 1.2", "regrade --all"]
  package static let completions: [Candidates] = [.take]

  @Argument(help: "The take, e.g. 1.2.")
  var take: String?

  @Flag(help: "Every take of the sitting.")
  var all = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let takes: [Take]
    if all {
      takes = await session.takes.sorted { $0.key < $1.key }.flatMap(\.value)
    } else if let take {
      takes = [try await session.take(take)]
    } else {
      let last = try await session.take(nil)
      takes = await session.takes[last.instanceID] ?? []
    }
    var regrades: [Regrade] = []
    for take in takes where all || self.take == nil ? take.chain.baseline != nil : true {
      regrades.append(try await session.regrade(take))
    }
    guard !regrades.isEmpty else { throw AttemptError.missing(.baseline) }
    return Done(RegradeOutput(regrades: regrades))
  }
}

struct RegradeOutput: Output {
  let regrades: [Regrade]

  var summary: String { "\(regrades.count { $0.isOtherVerdict }) of \(regrades.count) differ" }

  func text(_ look: Look) -> String {
    func told(_ verdict: VerdictArtifact?) -> String {
      guard let verdict else { return "" }
      return verdict.word.rawValue + (verdict.failure.map { ", \($0.rawValue)" } ?? "")
    }
    let table = Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("TAKE"), .init("VERDICT THEN"), .init("NOW"),
        .init("TESTS READ OTHERWISE"),
      ],
      rows: regrades.map { regrade in
        [
          .init(regrade.instanceID), .init(regrade.take.description), .init(told(regrade.before)),
          .init(
            regrade.isOtherVerdict ? told(regrade.after) : "the same",
            meaning: regrade.isOtherVerdict ? .warning : .plain),
          .init(regrade.changes.isEmpty ? "" : "\(regrade.changes.count)"),
        ]
      })
    var text = table.rendered(style: look.style, width: look.width)
    for regrade in regrades {
      for change in regrade.changes.prefix(10) {
        let name = "\(regrade.take) \(change.stage.rawValue)  \(change.test)"
        let words = "\(change.before?.rawValue ?? "none") -> \(change.after?.rawValue ?? "none")"
        text += "  \(Untrusted.cleanLine(name)): \(words)\n"
      }
      if regrade.changes.count > 10 { text += "  and \(regrade.changes.count - 10) more\n" }
    }
    return text
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, take: String
      let before, after, failureBefore, failureAfter: String?
      let changed: Bool
      let tests: [Regrade.Change]

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case take, before, after, failureBefore, failureAfter, changed, tests
      }
    }
    return try regrades.map { regrade in
      try JSONLine.of(
        Line(
          instanceID: regrade.instanceID, take: regrade.take.description, before: regrade.before?.word.rawValue,
          after: regrade.after.word.rawValue, failureBefore: regrade.before?.failure?.rawValue,
          failureAfter: regrade.after.failure?.rawValue, changed: regrade.isOtherVerdict, tests: regrade.changes))
    }
  }
}
