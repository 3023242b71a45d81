import Transfer

/// A model that a server answers for.
package protocol ServerModel: Model {
  var place: ServerPlace { get }

  /// What the server says of itself and the models it has. Throws a `ServerError`.
  func report(_ patience: Patience) async throws -> ServerReport

  /// Whether the model is among those that the server says it has.
  func isServed(in report: ServerReport) -> Bool

  /// What would answer a request with this sampling, as far as the server tells; what it does not tell is left out.
  func passport(_ sampling: Sampling) async -> Passport

  /// Whether the server refuses a prompt that does not fit its window, rather than cut it; nil where that cannot be known
  /// from what it says of itself.
  func refusesWhatDoesNotFit() async -> Bool?
}

extension ServerModel {
  package var name: String { place.name.title }
}

/// How long a question about a server may take.
package enum Patience: Sendable {
  /// A second: is it there at all?
  case glance
  /// As long as a person who asked will wait.
  case question

  var limits: HTTPRequest.Limits {
    switch self {
    case .glance: ServerLimits.glance
    case .question: ServerLimits.question
    }
  }
}

/// What a server says of itself.
package struct ServerReport: Hashable, Sendable {
  /// What it is, and its version where it tells.
  package let software: String
  package let models: [ServedModel]

  /// Texts are the server's own: they are cleaned here.
  init(software: String, models: [ServedModel]) {
    self.software = ServerText.line(software, limit: 60)
    self.models = models
  }
}

/// A model that a server has.
package struct ServedModel: Hashable, Sendable {
  package let name: String
  /// What else is known of it, in words: `8.0B`, `Q4_K_M`, `4.9 GB`.
  package let details: [String]
  /// Its window in tokens, where the list says so.
  package let window: Int?

  init(name: String, details: [String], window: Int? = nil) {
    self.window = window
    self.name = ServerText.line(name, limit: 120)
    self.details = details.map { ServerText.line($0, limit: 40) }
  }
}

extension ServerClient {
  /// The JSON at `path`; nil where there is none, for whatever reason. Cancelling is none.
  func maybe<Value: Decodable>(_ type: Value.Type, at path: String, posting body: [UInt8]? = nil) async -> Value? {
    let limits = Patience.question.limits
    let answer = if let body { try? await post(path, body, limits) } else { try? await fetch(path, limits) }
    guard let answer, answer.status == 200 else { return nil }
    return JSONText.value(type, from: answer.body)
  }

  /// The JSON at `path`. Throws `ServerError` where there is none.
  func value<Value: Decodable>(_ type: Value.Type, at path: String, _ patience: Patience) async throws -> Value {
    try await answer(type, at: path, patience).value
  }

  func answer<Value: Decodable>(
    _ type: Value.Type, at path: String, _ patience: Patience
  ) async throws -> (value: Value, response: HTTPResponse) {
    let response = try await fetch(path, patience.limits)
    guard response.status == 200, let value = JSONText.value(type, from: response.body) else {
      throw meaning(response.status, response.headers, response.body)
    }
    return (value, response)
  }
}
