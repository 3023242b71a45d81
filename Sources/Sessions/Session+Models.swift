import Attempts
import Content
import Foundation
import Journal
import Models
import Script
import Synchronization

/// What the gold model answers: it is made once, and learns of each row when it is run.
final class GoldPatches: Sendable {
  private let patches = Mutex<[String: String]>([:])

  subscript(id: String) -> String? {
    get { patches.withLock { $0[id] } }
    set { patches.withLock { $0[id] = newValue } }
  }
}

extension Session {
  /// Chooses the model, as typed, and where its server is.
  ///
  /// - Parameters:
  ///   - name: the model.
  ///   - url: where its server is; nil keeps the place in use for another model of the same kind.
  ///   - keyHost: a host that a person typed, to which the vendor's key may be sent.
  /// - Throws: where there is no such model, file or place; the model in use stays.
  package func useModel(_ name: ModelName, url: String? = nil, keyHost: String? = nil) throws {
    if let keyHost, permissions.isScript, !permissions.keyHosts.contains(keyHost) {
      throw SessionError.notInScript("model use --key-host", flag: "--key-host \(keyHost)")
    }
    if !name.kind.isServer, !name.argument.isEmpty { _ = try files.readable(name.argument) }
    if let url { try files.checkServer(url) }
    let place = try SettingTable.setting("model.url")
    if let url {
      var tried = settings
      try place.set(ServerURL.namesUser(url) ? url : ServerURL(parsing: url, defaultPort: 80).description, in: &tried)
    }
    let old = (settings.model, settings.modelURL, keyHosts, modelFolder)
    modelFolder = nil
    let keepsPlace = try name.kind.isServer && !(modelName().kind.isServer && modelName().kind != name.kind)
    settings.model = name.description
    if url != nil || !keepsPlace { try place.set(url ?? "default", in: &settings) }
    if let keyHost { keyHosts.append(keyHost) }
    do {
      _ = try model(settings)
    } catch {
      (settings.model, settings.modelURL, keyHosts, modelFolder) = old
      throw error
    }
    if old.0 != settings.model { note(Change(slot: "model", text: "model \(name.title)")) }
    if old.1 != settings.modelURL {
      note(Change(slot: "model.url", text: "model.url \(settings.modelURL ?? "default")"))
    }
  }

  /// The model in use where a server answers for it. Without a chosen model, Ollama's where `orStandard` is true. Nil
  /// also where only recordings may answer: nothing is asked then.
  package func serverModel(orStandard: Bool = false) throws -> (any ServerModel)? {
    guard recordMode != RecordMode.none else { return nil }
    let name = try modelName()
    guard name.kind.isServer || orStandard else { return nil }
    guard name.kind.isServer else { return try host.servers.model(.standard, url: "") }
    return try host.servers.model(name, url: settings.modelURL ?? "", route: route(settings), keyHosts: keyHosts)
  }

  /// How the model's server is reached: relative paths begin where those of the script do.
  private func route(_ settings: Settings) -> ServerRoute {
    var route = settings.route
    route.caFile = route.caFile.map(path)
    route.socket = route.socket.map(path)
    return route
  }

  /// What was kept beside an artifact under a name; nil where nothing was.
  package func attachment<Value: Decodable>(_ name: String, of record: StageRecord?) throws -> Value? {
    guard let hash = record?.attachments[name], let bytes = try host.journal.bytes(of: hash) else { return nil }
    return try? Canonical.value(Value.self, from: bytes)
  }

  /// The name of the model in use, as results show it.
  package func modelName() throws -> ModelName { try Session.modelName(settings) }

  package static func modelName(_ settings: Settings) throws -> ModelName {
    try settings.model.map(ModelName.init(parsing:)) ?? ModelName(.practice)
  }

  /// The model of some settings; recordings stand before it where there are any.
  func model(_ settings: Settings) throws -> any Model {
    let name = try Session.modelName(settings)
    let way = try Canonical.hash(settings.route).hex
    let parts = [name.description, recordMode?.rawValue, settings.modelURL, modelFile(settings)?.hex, way] + keyHosts
    let cached = parts.map { $0 ?? "" }.joined(separator: " ")
    if let model = models[cached] { return model }
    let model: any Model
    if let mode = recordMode {
      let recordings = try Recordings.read(script?.sections ?? [])
      let live: (any Model)? = mode == .none ? nil : try liveModel(name, settings)
      model = RecordedModel(name: name.title, recordings: recordings, mode: mode, live: live)
    } else {
      model = try liveModel(name, settings)
    }
    models[cached] = model
    return model
  }

  /// The hash of the file that the model in use reads its replies from; nil where it reads none, or it is not there.
  func modelFile(_ settings: Settings) -> Hash? {
    guard recordMode != RecordMode.none, let name = try? Session.modelName(settings), !name.argument.isEmpty,
      !name.kind.isServer
    else {
      return nil
    }
    return (try? host.readFile(modelPath(name))).map { Hash(of: $0) }
  }

  /// Where the file is that a model reads its replies from.
  private func modelPath(_ name: ModelName) -> String {
    let path = path(name.argument)
    guard let modelFolder, !path.hasPrefix("/") else { return path }
    return (modelFolder as NSString).appendingPathComponent(path)
  }

  private func liveModel(_ name: ModelName, _ settings: Settings) throws -> any Model {
    switch name.kind {
    case .practice: return PracticeModel(replies: host.practiceReplies)
    case .gold: return GoldModel { [goldPatches] in goldPatches[$0] }
    case .scripted:
      let sections =
        if name.argument.isEmpty {
          script?.sections ?? []
        } else {
          try scriptedSections(modelPath(name))
        }
      let replies = Recordings.scripted(sections)
      guard !replies.isEmpty else {
        throw SessionError.noSection("scripted/any", sections: sections.map(\.title))
      }
      for section in sections where section.kind == "scripted" { usedSections.insert(section.title) }
      return ScriptedModel(name: name.title, replies: replies)
    case .recorded:
      let file = try ScriptFile.parse(try host.readFile(modelPath(name)), name: name.argument)
      let whole = try RecordingFile.joined(file, at: modelPath(name), read: host.readFile)
      let recordings = try Recordings.read(whole.sections)
      guard let first = recordings.first else {
        throw SessionError.noSection("reply/...", sections: file.sections.map(\.title))
      }
      return RecordedModel(name: first.model, recordings: recordings, mode: .none, live: nil)
    case .ollama, .openai, .anthropic:
      return try host.servers.model(name, url: settings.modelURL ?? "", route: route(settings), keyHosts: keyHosts)
    }
  }
}
