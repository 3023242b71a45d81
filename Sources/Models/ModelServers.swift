import Foundation
import Transfer

/// The model servers that can be asked, and what the environment says of them: `OLLAMA_HOST`, `OPENAI_API_KEY`,
/// `ANTHROPIC_API_KEY`.
package struct ModelServers: Sendable {
  private let transfer: Transfer
  private let ollama: ServerURL
  private let key: @Sendable (ServerKey.Vendor, [String]) -> ServerKey?

  /// Nothing is asked and no thread started before the first request.
  package init(environment: [String: String] = [:], transfer: Transfer = Transfer()) {
    self.transfer = transfer
    ollama = .ollama(host: environment["OLLAMA_HOST"])
    let values = [ServerKey.Vendor.openAI, .anthropic].reduce(into: [:]) { $0[$1] = environment[$1.variable] }
    key = { ServerKey(values[$0], of: $0, hosts: $1) }
  }

  /// A model of a server.
  ///
  /// - Parameters:
  ///   - name: a name whose kind is a server's.
  ///   - url: the setting `model.url`; empty is the kind's own place.
  ///   - route: how it is reached.
  ///   - keyHosts: hosts that a person typed, to which the key may be sent.
  /// - Returns: the model called `name`; nothing is asked yet.
  /// - Throws: `ModelError.badURL`.
  package func model(
    _ name: ModelName, url: String, route: ServerRoute = ServerRoute(), keyHosts: [String] = []
  ) throws -> any ServerModel {
    let place = ServerPlace(name: name, url: try self.url(of: name.kind, url))
    func client(_ key: ServerKey?) -> ServerClient {
      ServerClient(place: place, transfer: transfer, key: key, route: route)
    }
    return switch name.kind {
    case .ollama: OllamaModel(client: client(nil))
    case .anthropic: AnthropicModel(client: client(key(.anthropic, keyHosts)))
    default: OpenAIModel(client: client(key(.openAI, keyHosts)))
    }
  }

  /// Where Ollama is, by what the environment says, and whether anything listens there; nil where that cannot be told at
  /// once (20 ms at most).
  package func standardPlace() -> (address: String, isThere: Bool?) {
    (ollama.address, Transfer.listens(host: ollama.host, port: ollama.port))
  }

  private func url(of kind: ModelName.Kind, _ text: String) throws(ModelError) -> ServerURL {
    guard kind != .ollama else { return text.isEmpty ? ollama : try ServerURL(parsing: text, defaultPort: 11434) }
    guard !text.isEmpty else { return ServerURL(scheme: "https", host: kind.vendor.host, port: 443) }
    let url = try ServerURL(parsing: text, defaultPort: 80)
    // A base URL is often given with the `/v1` that its routes begin with.
    guard url.path.hasSuffix("/v1") else { return url }
    return ServerURL(scheme: url.scheme, host: url.host, port: url.port, path: String(url.path.dropLast(3)))
  }
}
