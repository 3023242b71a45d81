import ArgumentParser
import Attempts
import Foundation
import Models
import Sessions
import Terminal

/// `model use|list|check`: who answers.
package struct ModelCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Choose who answers.",
    subcommands: [ModelListCommand.self, ModelUseCommand.self, ModelCheckCommand.self],
    defaultSubcommand: ModelListCommand.self)

  package init() {}
}

/// `model list`: the kinds of model, and what a server that is there has.
package struct ModelListCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the kinds of model, and those a server has; the one in use is marked.")
  package static let examples = ["model", "model list"]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let server = try await session.serverModel(orStandard: true)
    // A list is shown at once, whatever the server is doing.
    var report: ServerReport?
    do {
      report = try await server?.report(.glance)
    } catch let error as ServerError {
      await desk.warn("\(Explained.text(error)), so its models are not listed")
    }
    try Task.checkCancellation()
    return Done(
      ModelsOutput(
        inUse: try await session.modelName(), served: report?.models ?? [], kind: server?.place.name.kind ?? .ollama,
        at: server?.place.url.address ?? "",
        ratios: Dictionary(
          try session.host.journal.tokenCounts().compactMap { one in one.counts.ratio.map { (one.model, $0) } },
          uniquingKeysWith: { $1 })))
  }
}

struct ModelsOutput: Output {
  let inUse: ModelName
  let served: [ServedModel]
  let kind: ModelName.Kind
  let at: String
  /// The token ratios that were learnt, by model.
  let ratios: [String: Double]

  private func details(of model: ServedModel) -> String {
    let ratio = ratios["\(ModelName(kind, model.name))"].map { ["tokens.ratio \($0)"] } ?? []
    return (["at \(at)"] + model.details + ratio).joined(separator: ", ")
  }

  func text(_ look: Look) -> String {
    let kinds: [[Table.Cell]] = ModelName.Kind.allCases.map { kind in
      let isInUse = kind == inUse.kind
      let mark = isInUse ? (inUse.argument.isEmpty ? "in use" : "in use: \(inUse)") : ""
      return [.init(kind.rawValue), .init(kind.summary), .init(mark, meaning: .good)]
    }
    let models: [[Table.Cell]] = served.map { model in
      let name = ModelName(kind, model.name)
      return [.init("\(name)"), .init(details(of: model)), .init(name == inUse ? "in use" : "", meaning: .good)]
    }
    return Table(columns: [.init("MODEL"), .init("ANSWERS WITH"), .init("")], rows: kinds + models)
      .rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Line: Encodable { let model, summary: String, inUse: Bool }
    let kinds = ModelName.Kind.allCases.map {
      Line(model: $0.rawValue, summary: $0.summary, inUse: $0 == inUse.kind)
    }
    let models = served.map { model in
      Line(
        model: "\(ModelName(kind, model.name))", summary: details(of: model),
        inUse: ModelName(kind, model.name) == inUse)
    }
    return try (kinds + models).map(JSONLine.of)
  }
}

/// `model use KIND[:NAME]`: chooses the model.
package struct ModelUseCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "use", abstract: "Let this model answer from now on.",
    discussion: """
      `practice`, `gold`, `scripted:FILE` (any file is one reply for ever; a session file with sections \
      `-- scripted/INSTANCE/1 --` or `-- scripted/any/1 repeat --` gives them in order; with `pace=MS` in its header each \
      line of a reply takes so many milliseconds, 60000 at most, as with a slow model), `scripted` (the sections of the \
      script that is running), `recorded:FILE` (the replies of a session file), `ollama:NAME` (a model of Ollama, at \
      OLLAMA_HOST or 127.0.0.1:11434), `openai:NAME --url URL` (a model of an OpenAI-compatible server; `llamacpp`, \
      `vllm` and `lmstudio` are names for those on this machine), `anthropic:NAME` (a model of Anthropic, or with `--url` \
      of a server of its protocol). The key in OPENAI_API_KEY goes to api.openai.com, that in ANTHROPIC_API_KEY to \
      api.anthropic.com, and each to the host of `--key-host` where a person types it. Nothing is asked yet: `model check` \
      asks.
      """)
  package static let examples = [
    "model use gold", "model use practice", "model use scripted:reply.md", "model use ollama:llama3.1:8b",
    "model use openai:qwen2.5-coder --url http://127.0.0.1:8080",
  ]
  package static let completions: [Candidates] = [.model]

  @Argument(help: "The model.")
  var name: String

  @Option(help: "Where its server is.")
  var url: String?

  @Option(help: "Send the vendor's key to this host too.")
  var keyHost: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let model = try ModelName(parsing: name)
    guard model.kind.isServer || url == nil && keyHost == nil else { throw ModelError.notAServer(model) }
    try await session.useModel(model, url: url ?? ModelName.aliasURL(name), keyHost: keyHost)
    let server = try await session.serverModel()
    let place = server.map { " at \($0.place.url.address)" } ?? ""
    // What must not be kept is not: the query of a URL, and where a key may go.
    let kept = ["model", "use", name] + (url.map { ["--url", ServerURL.scrubbed($0)] } ?? [])
    return Done(
      MessageOutput("model \(model.title)\(place)", fields: ["model": model.description]),
      .changes(slot: "model use"), savedAs: kept)
  }
}

/// `model check`: asks the server of the model in use.
package struct ModelCheckCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Ask the server of the model in use what it is, and the model for a few words.",
    discussion: """
      Says what will answer (server, model, window, template), warms the model up, sends a short question, and names \
      what is wrong: a window smaller than asked, a server that cuts prompts in silence. Fails where no server answers, \
      and where Ollama has no such model.
      """)
  package static let examples = ["model check"]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    guard let server = try await session.serverModel() else {
      let name = try await session.modelName()
      let why = name.kind.isServer ? "is not asked: recorded replies stand in for it" : "needs no server"
      return Done(MessageOutput("\(name.title) \(why)", fields: ["model": name.description]))
    }
    let report = try await server.report(.question)
    var output = ModelCheckOutput(
      place: server.place, report: report, isServed: server.isServed(in: report), check: nil)
    if !output.isServed, server.place.name.kind == .ollama {
      await desk.say(output)
      throw ServerError(.noModel(served: report.models.map(\.name)), at: server.place)
    }
    await desk.progress?.begin("model")
    do {
      output.check = try await ModelCheck.of(server, session.settings.sampling) { retry in
        await desk.progress?.end()
        await desk.warn(Untrusted.cleanLine(retry.description))
        await desk.progress?.begin("model")
      }
    } catch {
      await desk.progress?.end()
      await desk.say(output)
      throw error
    }
    await desk.progress?.end()
    for remark in output.check?.remarks ?? [] { await desk.warn(remark) }
    return Done(output)
  }
}

struct ModelCheckOutput: Output {
  let place: ServerPlace
  let report: ServerReport
  let isServed: Bool
  /// Nil where the model was not asked.
  var check: ModelCheck?

  var summary: String { "\(report.software), " + (isServed ? "there" : "not in its list") }

  func text(_ look: Look) -> String {
    let mark = isServed ? look.style.apply(.good, "there") : look.style.apply(.bad, "not in its list")
    // A server with one model often answers with it whatever the name.
    let note =
      isServed || place.name.kind == .ollama ? "" : "; some servers answer with the model they have all the same"
    var text = "  server  \(report.software) at \(place.url.address)\n"
    text += "  model   \(place.name.argument): \(mark)\(note)\n"
    for (index, model) in report.models.enumerated() {
      text += index == 0 ? "  has     " : "          "
      text += ([model.name] + model.details).joined(separator: ", ") + "\n"
    }
    if report.models.isEmpty { text += "  has     no model\n" }
    guard let check else { return text }
    text += PassportOutput.lines(check.passport, look)
    let said = Width.truncated(Untrusted.cleanLine(check.text.trimmingCharacters(in: .whitespacesAndNewlines)), to: 40)
    let rate = check.end.ledger?.tokensPerSecond.map { ", \(Int($0)) tokens/s" } ?? ""
    let proof = check.end.window.map { ", prompt \($0.state.rawValue)" } ?? ""
    return text + "  probe          \(said)\(rate)\(proof)\n"
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let model, url, software: String, isServed: Bool, served: [String]
      let passport: [[String]], remarks: [String], reply, proof: String?
    }
    return [
      try JSONLine.of(
        Line(
          model: "\(place.name)", url: "\(place.url)", software: report.software, isServed: isServed,
          served: report.models.map(\.name),
          passport: check?.passport.fields.map { [$0.field.rawValue, $0.value] } ?? [], remarks: check?.remarks ?? [],
          reply: check?.text, proof: check?.end.window?.state.rawValue))
    ]
  }
}
