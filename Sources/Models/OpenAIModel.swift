import Transfer

/// A model behind an OpenAI-compatible server, by `/v1/chat/completions`: llama.cpp, vLLM, LM Studio, OpenAI.
package struct OpenAIModel: ServerModel {
  let client: ServerClient

  package var place: ServerPlace { client.place }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    do {
      let body = try OpenAIModel.body(place.name.argument, request, isVendor: client.isVendor)
      return ReplyReader.stream(
        of: client, open: { [client] in client.ask("/v1/chat/completions", body, accept: "text/event-stream") },
        choice: { OpenAIAnswer.reader(of: $0) }, meaning: meaning,
        passport: { await passport(request.sampling) }, proof: { end, _ in await proof(of: request, end) })
    } catch {
      return AsyncThrowingStream { $0.finish(throwing: error) }
    }
  }

  /// The body of a request; `isVendor` where it goes to OpenAI itself.
  static func body(_ model: String, _ request: ModelRequest, isVendor: Bool) throws -> [UInt8] {
    try JSONText.bytes(Body(model: model, request: request, isVendor: isVendor))
  }

  /// What is sent. Local servers know the answer's budget as `max_tokens`, the vendor as `max_completion_tokens`; the
  /// window is the server's own. A penalty of 1 leaves repetition alone, as every server does by itself; another one is
  /// sent under the names that llama.cpp and vLLM know.
  private struct Body: Encodable {
    struct Message: Encodable { let role, content: String }

    struct StreamOptions: Encodable {
      let includeUsage = true

      enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    let model: String
    let messages: [Message]
    let maxTokens: Int?
    let maxCompletionTokens: Int?
    let repeatPenalty: Double?
    let repetitionPenalty: Double?
    let temperature: Double
    let seed: Int
    let topP: Double?
    let topK: Int?
    let minP: Double?
    let stop: [String]?
    let grammar: String?
    let responseFormat: AnyJSON?
    let stream = true
    let streamOptions = StreamOptions()

    enum CodingKeys: String, CodingKey {
      case model, messages, temperature, seed, stop, grammar, stream
      case topP = "top_p"
      case topK = "top_k"
      case minP = "min_p"
      case responseFormat = "response_format"
      case maxTokens = "max_tokens"
      case maxCompletionTokens = "max_completion_tokens"
      case repeatPenalty = "repeat_penalty"
      case repetitionPenalty = "repetition_penalty"
      case streamOptions = "stream_options"
    }

    init(model: String, request: ModelRequest, isVendor: Bool) throws {
      self.model = model
      messages = request.messages.map { Message(role: $0.role, content: $0.text) }
      let sampling = request.sampling
      maxTokens = isVendor ? nil : sampling.numPredict
      maxCompletionTokens = isVendor ? sampling.numPredict : nil
      let penalty = isVendor || sampling.repeatPenalty == 1 ? nil : sampling.repeatPenalty
      repeatPenalty = penalty
      repetitionPenalty = penalty
      temperature = sampling.temperature
      seed = sampling.seed
      // The vendor knows neither top_k, min_p nor grammars.
      if isVendor, sampling.grammar != nil { throw ModelError.noGrammar(.openai) }
      (topP, stop, grammar) = (sampling.topP, sampling.stop, sampling.grammar)
      (topK, minP) = isVendor ? (nil, nil) : (sampling.topK, sampling.minP)
      responseFormat = try sampling.schema.map { text in
        let schema: [String: AnyJSON] = ["name": .text("answer"), "schema": try AnyJSON(parsing: text)]
        return .object(["type": .text("json_schema"), "json_schema": .object(schema)])
      }
    }
  }

  @Sendable private func meaning(_ status: Int, _ headers: [(String, String)], _ body: [UInt8]) async -> ServerError {
    let error = client.meaning(status, headers, body)
    guard status == 404 || status == 405, case .notModelServer = error.fault else { return error }
    // The same status says that there is no such model and that there is no such route: what else it serves tells.
    guard let report = try? await report(.glance) else { return error }
    return ServerError(.noModel(served: report.models.map(\.name)), at: place)
  }

  package func report(_ patience: Patience) async throws -> ServerReport {
    try await client.modelList("OpenAI-compatible", patience)
  }

  package func isServed(in report: ServerReport) -> Bool {
    report.models.contains { $0.name == place.name.argument }
  }
}
