import Transfer

/// A model that Ollama serves, by its own protocol: `/api/chat`. Its `/v1` route knows no window, cuts prompts in silence
/// and hides crashes, so it is never used.
package struct OllamaModel: ServerModel {
  let client: ServerClient

  package var place: ServerPlace { client.place }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    do {
      let body = try self.body(request)
      return ReplyReader.stream(
        of: client, open: { [client] in client.ask("/api/chat", body, accept: "application/x-ndjson") },
        choice: { $0.lowercased().contains("html") ? nil : OllamaAnswer() }, meaning: meaning,
        passport: { await passport(request.sampling) }, proof: { await proof(of: request, $0, $1) })
    } catch {
      return AsyncThrowingStream { $0.finish(throwing: error) }
    }
  }

  /// The body of a request.
  func body(_ request: ModelRequest, stream: Bool = true) throws -> [UInt8] {
    if request.sampling.grammar != nil { throw ModelError.noGrammar(.ollama) }
    return try JSONText.bytes(Body(model: place.name.argument, request: request, stream: stream))
  }

  /// What is sent. `truncate` and `shift` are off, so that a prompt that does not fit is an error and not cut in
  /// silence; servers of before 0.12.6 do not know them.
  private struct Body: Encodable {
    struct Message: Encodable { let role, content: String }

    struct Options: Encodable {
      let numCtx: Int
      let numPredict: Int
      let temperature: Double
      let seed: Int
      let repeatPenalty: Double
      let topP: Double?
      let topK: Int?
      let minP: Double?
      let stop: [String]?

      enum CodingKeys: String, CodingKey {
        case temperature, seed, stop
        case numCtx = "num_ctx"
        case numPredict = "num_predict"
        case repeatPenalty = "repeat_penalty"
        case topP = "top_p"
        case topK = "top_k"
        case minP = "min_p"
      }
    }

    let model: String
    let messages: [Message]
    let options: Options
    let format: AnyJSON?
    let stream: Bool
    let truncate = false
    let shift = false
    /// The default of five minutes is over before a person has looked at a reply.
    let keepAlive = "30m"

    enum CodingKeys: String, CodingKey {
      case model, messages, options, format, stream, truncate, shift
      case keepAlive = "keep_alive"
    }

    init(model: String, request: ModelRequest, stream: Bool) throws {
      self.model = model
      self.stream = stream
      messages = request.messages.map { Message(role: $0.role, content: $0.text) }
      let sampling = request.sampling
      options = Options(
        numCtx: sampling.numCtx, numPredict: sampling.numPredict, temperature: sampling.temperature,
        seed: sampling.seed, repeatPenalty: sampling.repeatPenalty, topP: sampling.topP, topK: sampling.topK,
        minP: sampling.minP, stop: sampling.stop)
      format = try sampling.schema.map(AnyJSON.init(parsing:))
    }
  }

  @Sendable private func meaning(_ status: Int, _ headers: [(String, String)], _ body: [UInt8]) async -> ServerError {
    let error = client.meaning(status, headers, body)
    guard status == 404 || status == 405, case .notModelServer(let what, _) = error.fault else { return error }
    // The same status says that there is no such model and that there is no such route: what else it serves tells.
    if let report = try? await report(.glance) {
      return ServerError(.noModel(served: report.models.map(\.name)), at: place)
    }
    let other = OpenAIModel(client: client)
    guard (try? await other.report(.glance)) != nil else { return error }
    return ServerError(.notModelServer(what: what, speaks: .openai), at: place)
  }

  package func report(_ patience: Patience) async throws -> ServerReport {
    struct Version: Decodable { let version: String }
    struct Tags: Decodable {
      struct Model: Decodable {
        struct Details: Decodable {
          let parameterSize: String?
          let quantization: String?

          enum CodingKeys: String, CodingKey {
            case parameterSize = "parameter_size"
            case quantization = "quantization_level"
          }
        }

        let name: String
        let size: ServerNumber?
        let details: Details?
      }

      let models: [Model]?
    }

    let version = try await client.value(Version.self, at: "/api/version", patience)
    let tags = try await client.value(Tags.self, at: "/api/tags", patience)
    let models = (tags.models ?? []).map { model in
      // Tenths of a gigabyte, rounded.
      let tenths = model.size?.value.map { ($0 + 50_000_000) / 100_000_000 }
      let size = tenths.map { "\($0 / 10).\($0 % 10) GB" }
      let details = [model.details?.parameterSize, model.details?.quantization, size].compactMap(\.self)
      return ServedModel(name: model.name, details: details.filter { !$0.isEmpty })
    }
    return ServerReport(software: "Ollama \(version.version)", models: models)
  }

  /// A name without a tag means the tag `latest`.
  package func isServed(in report: ServerReport) -> Bool {
    let name = place.name.argument
    return report.models.contains { $0.name == name || $0.name == "\(name):latest" }
  }
}
