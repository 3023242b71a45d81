import ArgumentParser
import Attempts
import Content
import Prompts
import Sessions
import Terminal

/// `skill list|show`: advice for bugs of one kind, shown in a prompt where its rule fits.
package struct SkillCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "skill", abstract: "Look at the skills: advice that a prompt shows where it fits the bug.",
    discussion: """
      `set skills on` shows them, `set skill.position head` puts them before the files, `set skill.share 5` limits them to \
      a share of the prompt's window. Your own lie in `skills/NAME.md` beside `init.ramp`; docs/templates.md says how they \
      are written.
      """,
    subcommands: [SkillListCommand.self, SkillShowCommand.self], defaultSubcommand: SkillListCommand.self)

  package init() {}
}

/// `skill list [ID]`: the skills there are, and which of them fit a row.
package struct SkillListCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the skills with their tokens; with a row, those that fit it, and why.")
  package static let examples = ["skill", "skill list", "skill list django__django-11000"]
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "The row.")
  var instance: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let all = try await session.skills()
    guard let instance else {
      let ratio = await session.settings.tokensRatio
      return Done(
        SkillsOutput(
          instance: nil,
          rows: all.map { one in
            SkillsOutput.Row(
              name: one.skill.name, tokens: Tokens.estimate(one.skill.text, ratio: ratio), place: one.place,
              reason: one.skill.conditions.map { "\($0.kind.rawValue) \($0.values.joined(separator: ", "))" }
                .joined(separator: "; "), isShown: nil)
          }))
    }
    let choice = try await session.skillChoice(for: instance)
    let places = Dictionary(all.map { ($0.skill.name, $0.place) }, uniquingKeysWith: { first, _ in first })
    return Done(
      SkillsOutput(
        instance: instance,
        rows: choice.items.map {
          SkillsOutput.Row(
            name: $0.skill.name, tokens: $0.tokens, place: places[$0.skill.name] ?? "", reason: $0.reason,
            isShown: $0.isShown)
        }))
  }
}

struct SkillsOutput: Output {
  struct Row: Encodable, Sendable {
    let name: String
    let tokens: Int
    let place: String
    /// The rule, or what of it held.
    let reason: String
    /// Nil where no row was asked about.
    let isShown: Bool?

    private enum CodingKeys: String, CodingKey {
      case name = "skill"
      case tokens
      case place = "from"
      case reason = "when"
      case isShown = "shown"
    }
  }

  let instance: String?
  let rows: [Row]

  func text(_ look: Look) -> String {
    let table = Table(
      columns: [
        .init("SKILL"), .init("TOKENS", alignment: .trailing), .init("FROM"), .init(""),
        .init(instance == nil ? "WHEN" : "WHY"),
      ],
      rows: rows.map {
        [
          .init($0.name), .init(Amount.count($0.tokens)), .init($0.place),
          .init($0.isShown.map { $0 ? "shown" : "no room" } ?? "", meaning: $0.isShown == true ? .good : .dim),
          .init($0.reason.isEmpty ? "always" : $0.reason),
        ]
      })
    return rows.isEmpty ? "no skill fits\n" : table.rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Whole: Encodable {
      let instanceID: String?
      let skills: [Row]

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case skills
      }
    }
    return [try JSONLine.of(Whole(instanceID: instance, skills: rows))]
  }
}

/// `skill show NAME`: a skill's text.
package struct SkillShowCommand: SessionCommand {
  package static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a skill's text.")
  package static let examples = ["skill show minimal-change"]
  package static let completions: [Candidates] = [.anything]

  @Argument(help: "The skill.")
  var name: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    Done(SkillOutput(skill: try await session.skill(name)))
  }
}

struct SkillOutput: Output {
  let skill: Skill

  func text(_ look: Look) -> String {
    Untrusted.clean(skill.source) + (skill.source.hasSuffix("\n") ? "" : "\n")
  }

  func json() throws -> [String] {
    struct Line: Encodable { let skill, source: String }
    return [try JSONLine.of(Line(skill: skill.name, source: skill.source))]
  }
}
