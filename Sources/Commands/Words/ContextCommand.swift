import ArgumentParser
import Context
import Sessions
import Terminal

/// `context add|drop|list`: what of the repository the prompt shows.
package struct ContextCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "context", abstract: "Change what of the repository the prompt shows.",
    subcommands: [ContextAddCommand.self, ContextDropCommand.self, ContextListCommand.self],
    defaultSubcommand: ContextListCommand.self)

  package init() {}
}

/// `context add PATH[:A-B] ...`: shows more lines.
package struct ContextAddCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Show these lines in the prompt, before everything else.",
    discussion: "A file, `PATH`, or lines of it, `PATH:40-80`. They stay until dropped.")
  package static let examples = ["context add django/forms/formsets.py:40-80", "context add django/forms/utils.py"]
  package static let completions: [Candidates] = [.repositoryFile]

  @Argument(help: "Files, or lines of files.")
  var spans: [String]

  @Option(help: "The instance; without one, the current.")
  var instance: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let spans = try spans.map { try Span(parsing: $0) }
    let (id, changed) = try await session.addContext(spans, of: instance)
    let names = spans.map(\.description)
    return Done(
      MessageOutput("context + \(names.joined(separator: ", "))", fields: ["instance_id": id]),
      changed ? .changes(slot: spans.count == 1 ? "context add \(id) \(spans[0])" : nil, of: id) : .looks)
  }
}

/// `context drop PATH[:A-B] ...`: shows fewer lines.
package struct ContextDropCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Take back lines that were added, or keep lines out of the prompt.",
    discussion: "A file, `PATH`, or lines of it, `PATH:40-80`.")
  package static let examples = ["context drop django/forms/utils.py"]
  package static let completions: [Candidates] = [.repositoryFile]

  @Argument(help: "Files, or lines of files.")
  var spans: [String]

  @Option(help: "The instance; without one, the current.")
  var instance: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let spans = try spans.map { try Span(parsing: $0) }
    let (id, changed) = try await session.dropContext(spans, of: instance)
    for span in spans where changed {
      if await session.isShown(span, of: id) { continue }
      await desk.warn("\(span) was not shown; it is kept out from now on, and `context list` tells what is shown")
    }
    let kind: Entry.Kind =
      spans.count == 1 ? .undoes(slot: "context add \(id) \(spans[0])", of: id) : .changes(slot: nil, of: id)
    return Done(
      MessageOutput(
        "context - \(spans.map(\.description).joined(separator: ", "))", fields: ["instance_id": id]),
      changed ? kind : .looks)
  }
}

/// `context list`: what the next prompt will show.
package struct ContextListCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what the next prompt will show, and what comes next in rank.")
  package static let examples = ["context", "context list"]

  @Option(help: "The instance; without one, the current.")
  var instance: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let (id, selection) = try await session.previewContext(of: instance)
    return Done(
      ContextOutput(
        instanceID: id, selection: selection, added: await session.added[id] ?? [],
        dropped: await session.dropped[id] ?? []))
  }
}

struct ContextOutput: Output {
  let instanceID: String
  let selection: ContextSelection
  let added: [Span]
  let dropped: [Span]

  func text(_ look: Look) -> String {
    let shown = selection.parts.map { ($0.span.description, $0.tokens, $0.reason.rawValue, Meaning.plain) }
    let left = selection.leftOut.prefix(5).map {
      ($0.span.description, $0.tokens, "left out, \($0.rank). in rank", Meaning.dim)
    }
    let table = Table(
      columns: [.init("LINES"), .init("TOKENS", alignment: .trailing), .init("WHY")],
      rows: (shown + left).map { [.init($0.0, meaning: $0.3), .init(Amount.count($0.1)), .init($0.2, meaning: $0.3)] })
    var text = table.rendered(style: look.style, width: look.width)
    if !dropped.isEmpty { text += "  dropped: \(dropped.map(\.description).joined(separator: ", "))\n" }
    text += "\(selection.strategy.rawValue): \(Amount.of(selection.parts.count, "part")), "
    return text + "\(Amount.count(selection.tokens)) of \(Amount.count(selection.budget)) tokens\n"
  }

  func json() throws -> [String] {
    struct Part: Encodable { let path: String, first, last, tokens, rank: Int, reason: String }
    struct Line: Encodable {
      let instanceID, strategy: String
      let tokens, budget: Int
      let parts, leftOut: [Part]

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case strategy, tokens, budget, parts, leftOut
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: instanceID, strategy: selection.strategy.rawValue, tokens: selection.tokens,
          budget: selection.budget,
          parts: selection.parts.map {
            Part(
              path: $0.span.path, first: $0.span.first, last: $0.span.last, tokens: $0.tokens, rank: $0.rank,
              reason: $0.reason.rawValue)
          },
          leftOut: selection.leftOut.map {
            Part(
              path: $0.span.path, first: $0.span.first, last: $0.span.last, tokens: $0.tokens, rank: $0.rank,
              reason: "left out")
          }))
    ]
  }
}
