import Transfer

/// A model behind an OpenAI-compatible server, by `/v1/chat/completions`: llama.cpp, vLLM, LM Studio, OpenAI.
package struct OpenAIModel: ServerModel {
  let client: ServerClient

  package var place: ServerPlace { client.place }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    do {
      let isVendor = place.url.host.lowercased() == ServerKey.vendor
      let body = try OpenAIModel.body(place.name.argument, request, isVendor: isVendor)
      return ReplyReader.stream(
        client.ask("/v1/chat/completions", body, accept: "text/event-stream"), of: client,
        choice: { type in
          let type = type.lowercased()
          return type.contains("html") ? nil : OpenAIAnswer(isStream: !type.contains("application/json"))
        }, meaning: meaning)
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
    let stream = true
    let streamOptions = StreamOptions()

    enum CodingKeys: String, CodingKey {
      case model, messages, temperature, seed, stream
      case maxTokens = "max_tokens"
      case maxCompletionTokens = "max_completion_tokens"
      case repeatPenalty = "repeat_penalty"
      case repetitionPenalty = "repetition_penalty"
      case streamOptions = "stream_options"
    }

    init(model: String, request: ModelRequest, isVendor: Bool) {
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
    struct List: Decodable {
      struct Model: Decodable {
        struct Meta: Decodable {
          let window: ServerNumber?

          enum CodingKeys: String, CodingKey { case window = "n_ctx" }
        }

        let id: String
        let meta: Meta?
        let maxModelLen: ServerNumber?

        enum CodingKeys: String, CodingKey {
          case id, meta
          case maxModelLen = "max_model_len"
        }
      }

      let data: [Model]
    }

    let (list, response) = try await client.answer(List.self, at: "/v1/models", patience)
    let software = client.key.line(response.header("server") ?? "", limit: 40)
    return ServerReport(
      software: software.isEmpty ? "OpenAI-compatible" : software,
      models: list.data.map { model in
        let window = model.meta?.window?.value ?? model.maxModelLen?.value
        return ServedModel(name: client.key.line(model.id, limit: 120), details: window.map { ["window \($0)"] } ?? [])
      })
  }

  package func isServed(in report: ServerReport) -> Bool {
    report.models.contains { $0.name == place.name.argument }
  }
}
