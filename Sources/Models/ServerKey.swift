import Content

/// A vendor's key. It goes to that vendor's host and those that a person typed, and is shown nowhere.
package struct ServerKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// Who gives keys, and how they are sent.
  struct Vendor: Hashable, Sendable {
    let host: String
    /// The environment variable that holds the key.
    let variable: String
    /// The header field, and what stands before the key in it.
    let field: String
    let before: String

    /// The same way of sending a key that another variable holds: it is nobody's but of the hosts that a person typed.
    func with(variable: String) -> Vendor { Vendor(host: "", variable: variable, field: field, before: before) }

    static let openAI = Vendor(
      host: "api.openai.com", variable: "OPENAI_API_KEY", field: "Authorization", before: "Bearer ")
    static let anthropic = Vendor(
      host: "api.anthropic.com", variable: "ANTHROPIC_API_KEY", field: "x-api-key", before: "")
  }

  fileprivate let value: String
  fileprivate let vendor: Vendor
  /// The hosts that a person typed for it: `host` or `host:port`.
  private let hosts: [String]

  /// Nil where there is none.
  init?(_ value: String?, of vendor: Vendor = .openAI, hosts: [String]) {
    guard let value = ModelServers.secret(value) else { return nil }
    self.value = value
    self.vendor = vendor
    self.hosts = hosts.map { $0.lowercased() }
  }

  package var description: String { "(a key)" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// Whether the key may be sent there: to its vendor over TLS alone, to a typed host as it was typed. Authorities of
  /// one's own could vouch for another than the vendor, and a socket leads to whoever made it, so then the vendor's host
  /// has to be typed too.
  func isFor(_ url: ServerURL, by route: ServerRoute = ServerRoute()) -> Bool {
    let host = url.host.lowercased()
    if !vendor.host.isEmpty, host == vendor.host, url.scheme == "https", route.caFile == nil, route.socket == nil {
      return true
    }
    return ServerKey.isTyped(url, among: hosts)
  }

  /// Whether the host of `url` is among those that a person typed.
  static func isTyped(_ url: ServerURL, among hosts: [String]) -> Bool {
    let (host, hosts) = (url.host.lowercased(), hosts.map { $0.lowercased() })
    return hosts.contains(host) || hosts.contains("\(host):\(url.port)")
  }

  /// The header field that carries it.
  func header(for url: ServerURL, by route: ServerRoute) -> [(String, String)] {
    isFor(url, by: route) ? [(vendor.field, vendor.before + value)] : []
  }

  /// `text` with the key taken out, should a server send it back.
  func hidden(in text: String) -> String {
    text.replacing(value, with: "(the key)")
  }
}

extension ServerKey {
  /// The environment variable that it came from.
  var variable: String { vendor.variable }

  /// What is taken out of everything that the server writes.
  var secrets: Secrets { Secrets([value]) }
}

extension ServerKey? {
  /// `text` of a server on one line, without the key, then cut: half a key would be found no more.
  func line(_ text: String, limit: Int) -> String {
    ServerText.line(self?.hidden(in: text) ?? text, limit: limit)
  }
}
