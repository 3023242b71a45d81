import Transfer

extension OllamaModel {
  /// `/api/ps` of a model that is loaded.
  private struct Loaded: Decodable {
    struct Model: Decodable {
      let name: String?
      let model: String?
      let digest: String?
      let window: ServerNumber?

      enum CodingKeys: String, CodingKey {
        case name, model, digest
        case window = "context_length"
      }
    }

    let models: [Model]?
  }

  private struct Version: Decodable {
    let version: String
  }

  /// `/api/show` of a model.
  private struct Shown: Decodable {
    struct Details: Decodable {
      let parameters: String?
      let quantization: String?

      enum CodingKeys: String, CodingKey {
        case parameters = "parameter_size"
        case quantization = "quantization_level"
      }
    }

    let template: String?
    let details: Details?
    let info: [String: AnyJSON]?

    enum CodingKeys: String, CodingKey {
      case template, details
      case info = "model_info"
    }

    /// The window that the model was trained for stands under its architecture's name.
    var trainedWindow: Int? {
      let value = info?.first { $0.key.hasSuffix(".context_length") }?.value
      guard case .number(let number)? = value else { return nil }
      return ServerNumber(Int(exactly: number)).value
    }
  }

  package func passport(_ sampling: Sampling) async -> Passport {
    var passport = Passport()
    passport[.protocolName] = "ollama"
    passport[.model] = place.name.argument
    passport[.options] = sampling.line
    if let version = await client.maybe(Version.self, at: "/api/version") {
      passport[.server] = "Ollama \(version.version)"
    }
    if let asked = try? JSONText.bytes(["model": place.name.argument]),
      let shown = await client.maybe(Shown.self, at: "/api/show", posting: asked)
    {
      passport[.parameters] = shown.details?.parameters
      passport[.quantization] = shown.details?.quantization
      passport[.template] = shown.template.map(Passport.short)
      passport[.trainedWindow] = shown.trainedWindow.map { "\($0)" }
    }
    let name = place.name.argument
    let loaded = await client.maybe(Loaded.self, at: "/api/ps")?.models?.first { model in
      let names = [model.name, model.model].compactMap(\.self)
      return names.contains(name) || names.contains("\(name):latest")
    }
    passport[.digest] = loaded?.digest.map { String($0.prefix(12)) }
    passport[.window] = loaded?.window?.value.map { "\($0)" }
    return passport
  }

  package func refusesWhatDoesNotFit() async -> Bool? {
    let version = await client.maybe(Version.self, at: "/api/version")
    return version.flatMap { OllamaModel.refuses($0.version) }
  }

  /// Whether a version knows `truncate: false`: those from 0.12.6 on do; nil where the text is no version.
  static func refuses(_ version: String) -> Bool? {
    let parts = version.split(separator: ".").map { part in Int(part.prefix { $0.isNumber }) }
    guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { return nil }
    let patch = parts.count > 2 ? parts[2] ?? 0 : 0
    // A version built by hand calls itself 0.0.0.
    if major == 0, minor == 0, patch == 0 { return nil }
    return major > 0 || minor > 12 || minor == 12 && patch >= 6
  }

  /// What shows that a prompt was read whole.
  func proof(of request: ModelRequest, _ end: AnswerEnd, _ passport: Passport) async -> WindowProof {
    let version = passport[.server]?.split(separator: " ").last.map(String.init)
    return await SentPrompt(request).proof(
      of: request.messages, read: end.promptTokens, loaded: passport.loadedWindow,
      refuses: version.flatMap(OllamaModel.refuses)
    ) { await count($0, request.sampling) }
  }

  /// How many tokens the server reads of `messages`; nil where it does not say. It writes one token for it. The options
  /// stay the same, for another window would load the model again.
  func count(_ messages: [ModelMessage], _ sampling: Sampling) async -> Int? {
    struct Count: Decodable {
      let tokens: ServerNumber?

      enum CodingKeys: String, CodingKey { case tokens = "prompt_eval_count" }
    }

    var sampling = sampling
    sampling.numPredict = 1
    (sampling.schema, sampling.stop) = (nil, nil)
    let request = ModelRequest(messages: messages, sampling: sampling, instanceID: "")
    guard let asked = try? body(request, stream: false),
      let answer = try? await client.post("/api/chat", asked, client.route.limits), answer.status == 200
    else { return nil }
    return JSONText.value(Count.self, from: answer.body)?.tokens?.value
  }
}
