import Transfer

/// A model of Anthropic, or of a server that speaks its protocol: `/v1/messages`.
package struct AnthropicModel: ServerModel {
  let client: ServerClient

  package var place: ServerPlace { client.place }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    do {
      let body = try AnthropicModel.body(place.name.argument, request)
      return ReplyReader.stream(
        of: client, open: { [client] in client.ask("/v1/messages", body, accept: "text/event-stream") },
        choice: { AnthropicAnswer.reader(of: $0) }, meaning: meaning,
        passport: { await passport(request.sampling) }, proof: { end, _ in await proof(of: request, end) })
    } catch {
      return AsyncThrowingStream { $0.finish(throwing: error) }
    }
  }

  private struct Message: Encodable { let role, content: String }

  /// Instructions stand beside the messages, which are the user's and the model's alone.
  private struct Prompt: Encodable {
    let model: String
    let messages: [Message]
    let system: String?

    init(_ model: String, _ messages: [ModelMessage]) {
      self.model = model
      let instructions = messages.filter { $0.role == "system" }.map(\.text)
      system = instructions.isEmpty ? nil : instructions.joined(separator: "\n\n")
      self.messages = messages.filter { $0.role != "system" }.map { Message(role: $0.role, content: $0.text) }
    }
  }

  /// What is sent. The protocol has no seed, no window and no penalty for repetition.
  private struct Body: Encodable {
    let prompt: Prompt
    let sampling: Sampling

    enum CodingKeys: String, CodingKey {
      case temperature, stream
      case maxTokens = "max_tokens"
      case topP = "top_p"
      case topK = "top_k"
      case stop = "stop_sequences"
    }

    func encode(to encoder: any Encoder) throws {
      try prompt.encode(to: encoder)
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(true, forKey: .stream)
      try fields.encode(sampling.numPredict, forKey: .maxTokens)
      try fields.encode(sampling.temperature, forKey: .temperature)
      try fields.encodeIfPresent(sampling.topP, forKey: .topP)
      try fields.encodeIfPresent(sampling.topK, forKey: .topK)
      try fields.encodeIfPresent(sampling.stop, forKey: .stop)
    }
  }

  /// The body of a request.
  static func body(_ model: String, _ request: ModelRequest) throws -> [UInt8] {
    if request.sampling.grammar != nil { throw ModelError.noGrammar(.anthropic) }
    if request.sampling.schema != nil { throw ModelError.noSchema(.anthropic) }
    return try JSONText.bytes(Body(prompt: Prompt(model, request.messages), sampling: request.sampling))
  }

  @Sendable private func meaning(_ status: Int, _ headers: [(String, String)], _ body: [UInt8]) async -> ServerError {
    let error = client.meaning(status, headers, body)
    guard status == 404 || status == 405, case .notModelServer(let what, _) = error.fault else { return error }
    // The same status says that there is no such model and that there is no such route: the type of the error tells,
    // where there is one.
    guard let report = try? await report(.glance) else { return error }
    let isOfModel = ErrorBody(body, contentType: headers.value("content-type")).type == "not_found_error"
    if isOfModel, !isServed(in: report) { return ServerError(.noModel(served: report.models.map(\.name)), at: place) }
    return ServerError(.notModelServer(what: what, speaks: .openai), at: place)
  }

  package func report(_ patience: Patience) async throws -> ServerReport {
    try await client.modelList("a server of Anthropic's protocol", patience)
  }

  package func isServed(in report: ServerReport) -> Bool {
    report.models.contains { $0.name == place.name.argument }
  }

  package func passport(_ sampling: Sampling) async -> Passport {
    var passport = Passport()
    passport[.protocolName] = "anthropic"
    passport[.model] = place.name.argument
    passport[.options] = sampling.line
    await client.tell(of: place.name.argument, in: &passport)
    return passport
  }

  package func refusesWhatDoesNotFit() async -> Bool? { nil }

  /// What shows that a prompt was read whole. The vendor calls its own count an estimate, which may be off by a little;
  /// other servers count exactly.
  private func proof(of request: ModelRequest, _ end: AnswerEnd) async -> WindowProof {
    let slack = client.isVendor ? 16 + (end.promptTokens ?? 0) / 50 : 0
    return await client.proof(
      SentPrompt(request), end, counting: Prompt(place.name.argument, request.messages),
      at: "/v1/messages/count_tokens", slack: slack)
  }
}
