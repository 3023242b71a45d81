import Transfer

extension ServerClient {
  private struct List: Decodable {
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

      var window: Int? { meta?.window?.value ?? maxModelLen?.value }
    }

    let data: [Model]
  }

  /// What a server says at `/v1/models`, which OpenAI's protocol and Anthropic's have alike; `software` is what it is
  /// called where it does not say.
  func modelList(_ software: String, _ patience: Patience) async throws -> ServerReport {
    let (list, response) = try await answer(List.self, at: "/v1/models", patience)
    let said = key.line(response.header("server") ?? "", limit: 40)
    return ServerReport(
      software: said.isEmpty ? software : said,
      models: list.data.map { model in
        ServedModel(
          name: key.line(model.id, limit: 120), details: model.window.map { ["window \($0)"] } ?? [],
          window: model.window)
      })
  }
}
