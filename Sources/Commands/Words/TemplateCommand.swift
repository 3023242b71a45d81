import ArgumentParser
import Attempts
import Prompts
import Sessions
import Terminal

/// `template list|show|use|edit|diff`: the text that prompts are made from.
package struct TemplateCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Look at the prompt templates and choose one.",
    subcommands: [
      TemplateListCommand.self, TemplateShowCommand.self, TemplateUseCommand.self, TemplateEditCommand.self,
      TemplateDiffCommand.self,
    ],
    defaultSubcommand: TemplateListCommand.self)

  package init() {}
}

/// `template list`: the templates there are.
package struct TemplateListCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the templates; the one in use is marked.")
  package static let examples = ["template", "template list"]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let inUse = await session.settings.templateName
    return Done(
      TemplatesOutput(rows: await session.templates().map { ($0.name, $0.place, $0.source.utf8.count) }, inUse: inUse))
  }
}

struct TemplatesOutput: Output {
  let rows: [(name: String, place: String, bytes: Int)]
  let inUse: String

  func text(_ look: Look) -> String {
    Table(
      columns: [.init("TEMPLATE"), .init("FROM"), .init("BYTES", alignment: .trailing), .init("")],
      rows: rows.map {
        [
          .init($0.name), .init($0.place), .init(Amount.count($0.bytes)),
          .init($0.name == inUse ? "in use" : "", meaning: .good),
        ]
      }
    ).rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Line: Encodable { let template, from: String, bytes: Int, inUse: Bool }
    return try rows.map {
      try JSONLine.of(Line(template: $0.name, from: $0.place, bytes: $0.bytes, inUse: $0.name == inUse))
    }
  }
}

/// `template show [NAME]`: a template's text.
package struct TemplateShowCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a template's text; without a name, the one in use.")
  package static let examples = ["template show", "template show direct-edit"]
  package static let completions: [Candidates] = [.template]

  @Argument(help: "The template.")
  var name: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let standard = await session.settings.templateName
    return Done(TemplateOutput(template: try await session.template(name ?? standard)))
  }
}

struct TemplateOutput: Output {
  let template: TemplateText

  func text(_ look: Look) -> String {
    Untrusted.clean(template.source) + (template.source.hasSuffix("\n") ? "" : "\n")
  }

  func json() throws -> [String] { [try JSONLine.of(template)] }
}

/// `template use NAME`: chooses a template.
package struct TemplateUseCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "use", abstract: "Make prompts from this template; `default` is the one made for the edit format.")
  package static let examples = ["template use baseline", "template use default"]
  package static let completions: [Candidates] = [.template]

  @Argument(help: "The template, or the word `default`.")
  var name: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    if BuiltinTemplates.named(name)?.isPart == true { throw SessionError.templatePart(name) }
    let change = try await session.set("template", to: name)
    return Done(
      MessageOutput("template \(change.old) -> \(change.new)", fields: ["template": change.new, "was": change.old]),
      .changes(slot: "set template"))
  }
}

/// `template edit [NAME]`: makes a template of one's own out of one that is there, and chooses it.
package struct TemplateEditCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Change a template in `$EDITOR`; the next take uses the new one.",
    discussion: """
      Without a name it is the one in use. The new one is called after it (`repair-2`), because earlier takes were made \
      of the old; a saved session carries both. In a script a section `-- template/NAME --` does the same.
      """)
  package static let examples = ["template edit", "template edit repair"]
  package static let completions: [Candidates] = [.template]

  @Argument(help: "The template to begin with.")
  var name: String?

  @Option(help: "The file that holds the new text; no editor is opened.")
  var file: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let old = await session.settings.templateName
    let from = name ?? old
    if BuiltinTemplates.named(from)?.isPart == true { throw SessionError.templatePart(from) }
    let (text, isTyped) = try await session.templateText(from, file: file)
    let new: String
    do {
      new = try await session.addTemplate(text, from: from)
    } catch {
      if isTyped { await desk.keep(text, named: "\(from).jinja", for: "template edit \(from)", in: session) }
      throw error
    }
    _ = try await session.set("template", to: new)
    return Done(
      MessageOutput("template \(old) -> \(new)", fields: ["template": new, "was": old]),
      .changes(slot: "set template"), savedAs: ["template", "use", new])
  }
}

/// `template diff A [B]`: what one template says otherwise than another.
package struct TemplateDiffCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what differs between two templates; without a second, the one in use.")
  package static let examples = ["template diff repair direct-edit", "template diff baseline"]
  package static let completions: [Candidates] = [.template, .template]

  @Argument(help: "The older template.")
  var old: String

  @Argument(help: "The newer template.")
  var new: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let standard = await session.settings.templateName
    let (before, after) = (try await session.template(old), try await session.template(new ?? standard))
    return Done(TemplateDiffOutput(old: before, new: after))
  }
}

struct TemplateDiffOutput: Output {
  let old: TemplateText
  let new: TemplateText

  private var lines: [DiffLine] {
    LineDiff.unified(
      old: old.source, new: new.source, context: 3, oldName: "template \(old.name)", newName: "template \(new.name)")
  }

  func text(_ look: Look) -> String {
    let lines = lines
    if lines.isEmpty { return "templates \(old.name) and \(new.name) are the same\n" }
    return LineDiff.rendered(lines, style: look.style)
  }

  func json() throws -> [String] {
    struct Line: Encodable { let old, new: String, same: Bool, diff: [String] }
    let plain = Style(color: false)
    return [
      try JSONLine.of(
        Line(
          old: old.name, new: new.name, same: lines.isEmpty, diff: lines.map { $0.rendered(style: plain) }))
    ]
  }
}
