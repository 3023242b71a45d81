import ArgumentParser
import Attempts
import Sessions
import Terminal

/// `why [TAKE]`: the earliest stage that made success impossible.
package struct WhyCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Say which stage made success impossible, with what shows it.",
    discussion: """
      It walks the stages in their order and stops at the first that could not lead to success: a file of the gold patch \
      that was not shown, lines outside of what was shown, a prompt or a reply that was cut, edits that did not apply, \
      a change in the wrong place, and only then the change itself. It looks at the gold patch, which no model sees.
      """)
  package static let examples = ["why", "why 1.1", "why --all"]
  package static let completions: [Candidates] = [.take]

  @Argument(help: "The take, e.g. 1.2; without one, the last.")
  var take: String?

  @Flag(help: "Every attempt of the current instance, a line each.")
  var all = false

  package init() {}

  package func validate() throws {
    if all, take != nil { throw ValidationError("`why --all` takes no take") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let last = try await session.take(take)
    let (instance, _) = try await session.instance(last.instanceID)
    let made = await session.takes[last.instanceID] ?? []
    let asked = all ? made : [last]
    return Done(
      CauseOutput(
        causes: asked.map { take in
          (take, CauseFinder(take, of: instance, earlier: made.filter { $0.id.attempt < take.id.attempt }).cause())
        }, isWhole: !all))
  }
}

struct CauseOutput: Output {
  let causes: [(take: Take, cause: Cause?)]
  let isWhole: Bool

  func text(_ look: Look) -> String {
    causes.map { take, cause in
      guard let cause else {
        let word = take.verdict?.word.rawValue ?? "no verdict: `rerun` makes the stages that are missing"
        return "\(take.id)  \(word)\n"
      }
      let head =
        "\(take.id)  \(StageLine.name(of: cause.stage)), \(cause.kind.rawValue): \(Untrusted.cleanLine(cause.sentence))"
      var text = Width.wrapped(head, to: look.width, indent: 5) + "\n"
      guard isWhole else { return text }
      for fact in cause.evidence.prefix(8) {
        text += Width.wrapped("     - \(Untrusted.cleanLine(fact))", to: look.width, indent: 7) + "\n"
      }
      if let next = cause.next {
        text += Width.wrapped("  try: \(Untrusted.cleanLine(next))", to: look.width, indent: 7) + "\n"
      }
      return text
    }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, take: String
      let cause, root, stage, sentence: String?
      let evidence: [String]
      let next: String?

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case take, cause, root, stage, sentence, evidence, next
      }
    }
    return try causes.map { take, cause in
      try JSONLine.of(
        Line(
          instanceID: take.instanceID, take: "\(take.id)", cause: cause?.kind.rawValue, root: cause?.kind.root,
          stage: cause?.stage.rawValue, sentence: cause?.sentence, evidence: cause?.evidence ?? [], next: cause?.next))
    }
  }
}
