import Content
import Foundation
import Transfer

/// The model servers that can be asked, and what the environment says of them: `OLLAMA_HOST`, `OPENAI_API_KEY`,
/// `ANTHROPIC_API_KEY`, and the variables that `model.key.env` and `model.header` name.
package struct ModelServers: Sendable {
  private let transfer: Transfer
  private let ollama: ServerURL
  private let environment: [String: String]

  /// Nothing is asked and no thread started before the first request.
  package init(environment: [String: String] = [:], transfer: Transfer = Transfer()) {
    self.transfer = transfer
    self.environment = environment
    ollama = .ollama(host: environment["OLLAMA_HOST"])
  }

  /// The keys that the environment holds for vendors and for the hub of datasets: what they are is written nowhere.
  package var secrets: Secrets {
    let variables = [ServerKey.Vendor.openAI.variable, ServerKey.Vendor.anthropic.variable, "HF_TOKEN"]
    return Secrets(variables.compactMap { ModelServers.secret(environment[$0]) })
  }

  /// A secret as it is sent: without the blanks and line ends that files leave behind; nil where there is none.
  static func secret(_ value: String?) -> String? {
    let value = (value ?? "").filter { !$0.isWhitespace }
    return value.isEmpty ? nil : value
  }

  /// A model of a server.
  ///
  /// - Parameters:
  ///   - name: a name whose kind is a server's.
  ///   - url: the setting `model.url`; empty is the kind's own place.
  ///   - route: how it is reached.
  ///   - keyHosts: hosts that a person typed, to which the key may be sent.
  /// - Returns: the model called `name`; nothing is asked yet.
  /// - Throws: `ModelError.badURL`; `.noVariable` and `.headerNotSent` for a key or header field that cannot be sent.
  package func model(
    _ name: ModelName, url: String, route: ServerRoute = ServerRoute(), keyHosts: [String] = []
  ) throws -> any ServerModel {
    let vendor = name.kind.vendor
    let url = try self.url(of: name.kind, url)
    var place = ServerPlace(name: name, url: url)
    place.keyVariable = route.keyVariable
    // Ollama's protocol has no key; a gateway before it may want one.
    let hasKey = name.kind != .ollama || route.keyVariable != nil
    let key =
      if let variable = route.keyVariable {
        ServerKey(environment[variable], of: vendor.with(variable: variable), hosts: keyHosts)
      } else if hasKey {
        ServerKey(environment[vendor.variable], of: vendor, hosts: keyHosts)
      } else {
        ServerKey?.none
      }
    if let variable = route.keyVariable, key == nil { throw ModelError.noVariable(variable) }
    var client = ServerClient(place: place, transfer: transfer, key: key, route: route)
    for field in ServerHeader.all(route.header ?? "") ?? [] {
      let (header, values) = try field.filled(environment)
      // What a variable holds goes where a key may go: to hosts that a person typed.
      guard values.isEmpty || ServerKey.isTyped(url, among: keyHosts) else {
        throw ModelError.headerNotSent(name: field.name, host: url.host)
      }
      client.headers.append(header)
      client.secrets = client.secrets.joined(Secrets(values))
    }
    client.secrets = client.secrets.joined(secrets).joined(key?.secrets ?? Secrets())
    return switch name.kind {
    case .ollama: OllamaModel(client: client)
    case .anthropic: AnthropicModel(client: client)
    default: OpenAIModel(client: client)
    }
  }

  /// The places of servers where no URL is given.
  package var standardURLs: [String] {
    [ollama.description] + [ServerKey.Vendor.openAI, .anthropic].map { "https://\($0.host)" }
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
