import ArgumentParser
import Models
import Sessions
import Terminal

/// `model use|list`: who answers.
package struct ModelCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Choose who answers.",
    subcommands: [ModelListCommand.self, ModelUseCommand.self], defaultSubcommand: ModelListCommand.self)

  package init() {}
}

/// `model list`: the kinds of model.
package struct ModelListCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the kinds of model; the one in use is marked.")
  package static let examples = ["model", "model list"]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    Done(ModelsOutput(inUse: try await session.modelName()))
  }
}

struct ModelsOutput: Output {
  let inUse: ModelName

  func text(_ look: Look) -> String {
    Table(
      columns: [.init("MODEL"), .init("ANSWERS WITH"), .init("")],
      rows: ModelName.Kind.allCases.map { kind in
        let isInUse = kind == inUse.kind
        let mark = isInUse ? (inUse.argument.isEmpty ? "in use" : "in use: \(inUse)") : ""
        return [.init(kind.rawValue), .init(kind.summary), .init(mark, meaning: .good)]
      }
    ).rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Line: Encodable { let model, summary: String, inUse: Bool }
    return try ModelName.Kind.allCases.map {
      try JSONLine.of(Line(model: $0.rawValue, summary: $0.summary, inUse: $0 == inUse.kind))
    }
  }
}

/// `model use KIND[:NAME]`: chooses the model.
package struct ModelUseCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "use", abstract: "Let this model answer from now on.",
    discussion: """
      `practice`, `gold`, `scripted:FILE` (any file is one reply for ever; a session file with sections \
      `-- scripted/INSTANCE/1 --` or `-- scripted/any/1 repeat --` gives them in order), `scripted` (the sections of the \
      script that is running), `recorded:FILE` (the replies of a session file).
      """)
  package static let examples = ["model use gold", "model use practice", "model use scripted:reply.md"]
  package static let completions: [Candidates] = [.model]

  @Argument(help: "The model.")
  var name: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let name = try ModelName(parsing: name)
    try await session.useModel(name)
    return Done(
      MessageOutput("model \(name.title)", fields: ["model": name.description]), .changes(slot: "model use"))
  }
}
