import Transfer

extension OpenAIModel {
  package func passport(_ sampling: Sampling) async -> Passport {
    var passport = Passport()
    passport[.protocolName] = "openai"
    passport[.model] = place.name.argument
    passport[.options] = sampling.line
    await client.tell(of: place.name.argument, in: &passport)
    return passport
  }

  package func refusesWhatDoesNotFit() async -> Bool? { nil }

  /// What shows that a prompt was read whole.
  func proof(of request: ModelRequest, _ end: AnswerEnd) async -> WindowProof {
    guard !client.isVendor else { return .unknown("this vendor cannot be asked for an exact count") }
    struct Message: Encodable { let role, content: String }
    struct Asked: Encodable { let messages: [Message] }
    let asked = Asked(messages: request.messages.map { Message(role: $0.role, content: $0.text) })
    return await client.proof(
      SentPrompt(request), end, counting: asked, at: "/v1/chat/completions/input_tokens", slack: 0)
  }
}

extension ServerClient {
  /// What llama.cpp's server says of itself at `/props`.
  private struct Properties: Decodable {
    struct Settings: Decodable {
      let window: ServerNumber?

      enum CodingKeys: String, CodingKey { case window = "n_ctx" }
    }

    let build: String?
    let settings: Settings?
    let slots: ServerNumber?
    let template: String?
    let quantization: String?

    enum CodingKeys: String, CodingKey {
      case build = "build_info"
      case settings = "default_generation_settings"
      case slots = "total_slots"
      case template = "chat_template"
      case quantization = "model_ftype"
    }
  }

  private struct Count: Decodable {
    let tokens: ServerNumber

    enum CodingKeys: String, CodingKey { case tokens = "input_tokens" }
  }

  /// Writes into `passport` what a server says at `/props` (llama.cpp's) and in its list of models. A vendor is asked for
  /// nothing but answers.
  func tell(of model: String, in passport: inout Passport) async {
    guard !isVendor else {
      passport[.server] = place.url.host
      return
    }
    let list = try? await modelList("OpenAI-compatible", .question)
    passport[.server] = list?.software
    passport[.window] = list?.models.first { $0.name == model }?.window.map { "\($0)" }
    guard let found = await maybe(Properties.self, at: "/props"), found.settings != nil || found.slots != nil else {
      return
    }
    passport[.server] = "llama.cpp" + (found.build.map { " \($0)" } ?? "")
    passport[.quantization] = found.quantization
    passport[.template] = found.template.map(Passport.short)
    passport[.window] = found.settings?.window?.value.map { "\($0)" } ?? passport[.window]
    passport[.slots] = found.slots?.value.map { "\($0)" }
  }

  /// What an exact count at `path` says of the prompt. `slack` is how far it may lie apart from what was read.
  func proof(
    _ sent: SentPrompt, _ end: AnswerEnd, counting asked: some Encodable, at path: String, slack: Int
  ) async -> WindowProof {
    guard let body = try? JSONText.bytes(asked),
      let count = await maybe(Count.self, at: path, posting: body)?.tokens.value
    else {
      if let read = end.promptTokens, read < sent.leastTokens {
        return .truncated("it read \(read) tokens of a prompt of \(sent.leastTokens) words")
      }
      return .unknown("the server cannot count a prompt apart from answering it")
    }
    return sent.reading(exact: count, read: end.promptTokens, slack: slack)
  }
}
