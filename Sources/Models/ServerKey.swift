/// A vendor's key. It goes to that vendor's host and those that a person typed, and is shown nowhere.
package struct ServerKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The host of the vendor of `OPENAI_API_KEY`.
  static let vendor = "api.openai.com"

  private let value: String
  /// The hosts that a person typed for it: `host` or `host:port`.
  private let hosts: [String]

  /// Nil where there is none.
  init?(_ value: String?, hosts: [String]) {
    let value = (value ?? "").filter { !$0.isWhitespace }
    guard !value.isEmpty else { return nil }
    self.value = value
    self.hosts = hosts.map { $0.lowercased() }
  }

  package var description: String { "(a key)" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// Whether the key may be sent there: to its vendor over TLS alone, to a typed host as it was typed.
  func isFor(_ url: ServerURL) -> Bool {
    let host = url.host.lowercased()
    if host == ServerKey.vendor, url.scheme == "https" { return true }
    return hosts.contains(host) || hosts.contains("\(host):\(url.port)")
  }

  /// The header field that carries it.
  func header(for url: ServerURL) -> [(String, String)] {
    isFor(url) ? [("Authorization", "Bearer \(value)")] : []
  }

  /// `text` with the key taken out, should a server send it back.
  func hidden(in text: String) -> String {
    text.replacing(value, with: "(the key)")
  }
}

extension ServerKey? {
  /// `text` of a server on one line, without the key, then cut: half a key would be found no more.
  func line(_ text: String, limit: Int) -> String {
    ServerText.line(self?.hidden(in: text) ?? text, limit: limit)
  }
}
