import Attempts
import Content
import Models
import Prompts
import Script

/// The sections of a session that stand for replies and prompts, and back.
enum Recordings {
  /// The recorded exchanges among `sections`, in their order. Throws where a header lacks what a replay needs.
  static func read(_ sections: [Section]) throws -> [Recording] {
    let prompts = Dictionary(
      sections.filter { $0.kind == "prompt" }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let thoughts = Dictionary(
      sections.filter { $0.kind == "thoughts" }.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    return try sections.filter { $0.kind == "reply" }.map { section in
      guard let request = section[attribute: "request"].flatMap(Hash.init(hex:)),
        let model = section[attribute: "model"]
      else {
        throw SessionError.unreadable(
          "section \(section.title)", reason: "its header needs `request=HASH` and `model=NAME`")
      }
      let reason = section[attribute: "end"].flatMap(ReplyEnd.Reason.init(rawValue:)) ?? .stop
      var end = ReplyEnd(
        reason: reason, model: section[attribute: "by"] ?? model,
        promptTokens: ServerNumber(section[attribute: "prompt-tokens"].flatMap(Int.init)).value,
        replyTokens: ServerNumber(section[attribute: "reply-tokens"].flatMap(Int.init)).value,
        why: section[attribute: "why"], window: section[attribute: "window"].flatMap { WindowProof($0) })
      end.thoughts = thoughts[section.name]
      return Recording(
        request: request, model: model, text: section.text, end: end,
        asked: prompts[section.name].flatMap { asked($0, request: request, model: model) })
    }
  }

  /// What was asked, as far as its section tells: for people, who want to know how another request differs.
  private static func asked(_ section: Section, request: Hash, model: String) -> Recording.Asked? {
    guard let prompt = try? Prompt(rendered: section.text, origin: .template("recorded"), template: "recorded") else {
      return nil
    }
    var settings = Settings()
    for (name, value) in Inputs(section: section).settings where name.hasPrefix("model.") {
      try? SettingTable.setting(name).set(value, in: &settings)
    }
    let take = section.name.split(separator: "/").lazy.dropFirst().compactMap { TakeID(String($0)) }.first
    let messages = prompt.messages.map { ModelMessage(role: $0.role.rawValue, text: $0.text) }
    // Older versions sampled all attempts alike; the request's hash tells which one it was.
    let samplings = [settings.sampling(attempt: take?.attempt ?? 1), settings.sampling]
    let sampling = samplings.first {
      ModelRequest(messages: messages, sampling: $0, instanceID: "").hash(model: model) == request
    }
    return Recording.Asked(name: section.name, messages: messages, sampling: sampling ?? samplings[0])
  }

  /// The replies of a scripted model among `sections`: `scripted/INSTANCE/N` or `scripted/any/N`, in their order; the
  /// flag `repeat` gives a reply for ever, `pace=MS` lets each line take so many milliseconds.
  static func scripted(_ sections: [Section]) -> [ScriptedReply] {
    sections.filter { $0.kind == "scripted" }.map { section in
      let owner = section.name.split(separator: "/").first.map(String.init) ?? "any"
      return ScriptedReply(
        instanceID: owner == "any" ? nil : owner, text: section.text, repeats: section[attribute: "repeat"] != nil,
        pace: .milliseconds(section[attribute: "pace"].flatMap(Int.init).map { min(max(0, $0), 60_000) } ?? 0))
    }
  }

  /// The sections that one take needs to be replayed: its reply where a model was asked, its prompt to compare with,
  /// its tweak where a person wrote one.
  static func sections(
    of take: Take, named name: String, instanceHash: Hash, modelName: String, template: TemplateText?
  ) throws -> [Section] {
    let chain = take.chain
    var sections: [Section] = []
    // A tweak of an earlier take may have been kept; this one's own is among its changes.
    let tweaked = take.records.first { $0.isTweaked && take.changes.contains("\($0.stage.rawValue) tweaked") }
    if let record = tweaked, let text = record.artifact.tweakText {
      sections.append(
        Section(
          kind: "tweak", name: name, attributes: [Attribute("stage", record.stage.rawValue)], body: Array(text.utf8)))
    }
    guard let reply = chain.reply, let prompt = chain.prompt, chain[.reply]?.how == .made else { return sections }
    let sampling = take.settings.sampling(attempt: take.id.attempt)
    let request = prompt.request(sampling: sampling, instanceID: take.instanceID)
    var attributes = [
      Attribute("request", request.hash(model: modelName).hex), Attribute("model", modelName),
      Attribute("end", reply.end.rawValue),
    ]
    if reply.model != modelName { attributes.append(Attribute("by", reply.model)) }
    if let tokens = reply.promptTokens { attributes.append(Attribute("prompt-tokens", "\(tokens)")) }
    if let tokens = reply.replyTokens { attributes.append(Attribute("reply-tokens", "\(tokens)")) }
    if let why = reply.why { attributes.append(Attribute("why", why)) }
    if let window = reply.window { attributes.append(Attribute("window", window.description)) }
    sections.append(Section(kind: "reply", name: name, attributes: attributes, body: Array(reply.text.utf8)))
    if let thoughts = reply.thoughts {
      sections.append(Section(kind: "thoughts", name: name, attributes: [], body: Array(thoughts.utf8)))
    }
    sections.append(
      Section(
        kind: "prompt", name: name,
        attributes: Inputs(chain: chain, settings: take.settings, row: instanceHash, template: template).attributes,
        body: Array(prompt.prompt.rendered.utf8)))
    return sections
  }
}

/// What a prompt was made from, by short hashes: a replay that differs can say which of them changed.
struct Inputs: Hashable {
  let row: String
  let template: String
  let context: String
  let feedback: String
  /// The settings that differ from the defaults.
  let settings: [String: String]
  /// How its tokens were estimated.
  let tokensRatio: TokenRatio

  /// The inputs of a chain that got as far as its prompt.
  init(chain: Chain, settings: Settings, row: Hash, template: TemplateText?) {
    self.row = row.short
    let parts = chain.prompt?.prompt.messages.flatMap(\.parts) ?? []
    self.template = template.map { $0.hash.short } ?? "-"
    context = chain.content(of: .context)?.short ?? "-"
    feedback = Hash(of: parts.filter { $0.name == "feedback" }.map(\.text).joined(separator: "\0")).short
    tokensRatio = settings.tokensRatio
    // Where the server is, how it is reached and what it costs play no part in a prompt.
    self.settings = Dictionary(
      SettingTable.differences(settings, from: Settings()).filter { !SettingTable.isOfRoute($0.name) },
      uniquingKeysWith: { $1 })
  }

  init(section: Section) {
    row = section[attribute: "row"] ?? "-"
    template = section[attribute: "template"] ?? "-"
    context = section[attribute: "context"] ?? "-"
    feedback = section[attribute: "feedback"] ?? "-"
    let pairs = (section[attribute: "settings"] ?? "").split(separator: ";").map {
      $0.split(separator: "=", maxSplits: 1).map(String.init)
    }
    settings = Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
    // Versions that knew one estimate alone say nothing of it.
    tokensRatio = TokenRatio(section[attribute: "tokens"] ?? settings["tokens.ratio"] ?? "1") ?? 1
  }

  var attributes: [Attribute] {
    var attributes = [
      Attribute("row", row), Attribute("template", template), Attribute("context", context),
      Attribute("feedback", feedback),
    ]
    if tokensRatio.isAuto { attributes.append(Attribute("tokens", tokensRatio.description)) }
    if !settings.isEmpty {
      let text = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
      attributes.append(Attribute("settings", text))
    }
    return attributes
  }
}

extension Artifact {
  /// The text that `tweak` takes and `show --raw` prints, for the stages that can be written by hand.
  package var tweakText: String? {
    switch self {
    case .prompt(let prompt): prompt.prompt.rendered
    case .reply(let reply): reply.text
    case .patch(let patch): patch.diff
    case .feedback(let feedback): feedback.text
    case .workspace, .baseline, .context, .edits, .outcomes, .verdict: nil
    }
  }
}
