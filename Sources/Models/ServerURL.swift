import Content
import Foundation

/// The base URL of a model server. It never holds a user, a password or a query: these are left out when it is read.
package struct ServerURL: Hashable, Sendable, CustomStringConvertible {
  /// `http` or `https`.
  package let scheme: String
  /// A name or a number; IPv6 without its brackets.
  package let host: String
  package let port: Int
  /// Empty, or begins with `/` and does not end with one.
  package let path: String

  package init(scheme: String = "http", host: String, port: Int, path: String = "") {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
  }

  /// Reads a URL as it is typed: `http://host:port/path`, or without a scheme `host` or `host:port`, which mean http.
  ///
  /// - Parameters:
  ///   - text: the URL.
  ///   - defaultPort: the port where neither it nor a scheme is written.
  /// - Throws: `ModelError.badURL`, which shows `text` without user and password.
  package init(parsing text: String, defaultPort: Int) throws(ModelError) {
    let clean = ServerURL.scrubbed(text)
    func refused(_ reason: String) -> ModelError { .badURL(url: ServerText.line(clean, limit: 200), reason: reason) }

    var rest = clean[...]
    var scheme: String?
    if let mark = rest.firstRange(of: "://") {
      scheme = rest[..<mark.lowerBound].lowercased()
      rest = rest[mark.upperBound...]
    }
    if let scheme, scheme != "http", scheme != "https" { throw refused("its scheme is not http or https") }
    let place = rest.prefix { $0 != "/" }
    let path = ServerURL.trimmed(rest.dropFirst(place.count))
    guard path.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { throw refused("its path has a space or a control") }
    guard let (host, port) = ServerURL.split(place) else { throw refused("its host is not one") }
    let standard = scheme == nil ? defaultPort : scheme == "https" ? 443 : 80
    guard let number = port.map({ Int($0) }) ?? standard, (1...65535).contains(number) else {
      throw refused("its port is not a number from 1 to 65535")
    }
    self.init(scheme: scheme ?? "http", host: ServerURL.reachable(host), port: number, path: path)
  }

  package var description: String {
    let standard = scheme == "https" ? 443 : 80
    let bracketed = host.contains(":") ? "[\(host)]" : host
    return "\(scheme)://\(bracketed)" + (port == standard ? "" : ":\(port)") + path
  }

  /// As a person names it: `127.0.0.1:11434`, or the whole URL where it is more than http, a host and a port.
  package var address: String {
    scheme == "http" && path.isEmpty ? (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)") : description
  }

  /// The URL of something below it; `below` begins with `/`.
  func appending(_ below: String) -> String { description + below }

  /// Whether a user, and perhaps a password, stands in `text`, before the last `@`.
  package static func namesUser(_ text: String) -> Bool {
    let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
    return rest.contains("@")
  }

  /// `text` without blanks at its ends, user, password, query and fragment. Leaves out too much rather than too little.
  package static func scrubbed(_ text: String) -> String {
    var rest = text.trimmingCharacters(in: .whitespacesAndNewlines)[...]
    var start = ""
    if let mark = rest.firstRange(of: "://") {
      start = String(rest[..<mark.upperBound])
      rest = rest[mark.upperBound...]
    }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    return start + rest.prefix { $0 != "?" && $0 != "#" }
  }

  /// The host and what is written for its port; nil where it is no host.
  private static func split(_ place: Substring) -> (host: String, port: Substring?)? {
    var host = place
    var port: Substring?
    if place.first == "[" {
      guard let end = place.lastIndex(of: "]") else { return nil }
      host = place[place.index(after: place.startIndex)..<end]
      let behind = place[place.index(after: end)...]
      guard behind.isEmpty || behind.first == ":" else { return nil }
      port = behind.isEmpty ? nil : behind.dropFirst()
      guard host.contains(":") else { return nil }
    } else if place.count(where: { $0 == ":" }) == 1, let colon = place.firstIndex(of: ":") {
      host = place[..<colon]
      port = place[place.index(after: colon)...]
    }
    // `:8080` is this machine, as Ollama has it.
    if host.isEmpty, port != nil { return ("127.0.0.1", port) }
    let isHost = host.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-._:%".utf8.contains($0)
    }
    return host.isEmpty || !isHost ? nil : (String(host), port)
  }

  private static func trimmed(_ path: Substring) -> String {
    var path = path
    while path.last == "/" { path.removeLast() }
    return String(path)
  }

  /// A server may listen on all addresses; it is asked on this machine's own.
  private static func reachable(_ host: String) -> String {
    switch host {
    case "0.0.0.0": "127.0.0.1"
    case "::", "0:0:0:0:0:0:0:0": "::1"
    default: host
    }
  }
}

extension ServerURL {
  /// Where Ollama listens unless it is told otherwise.
  package static let ollama = ServerURL(host: "127.0.0.1", port: 11434)

  /// What `OLLAMA_HOST` means, by Ollama's own rules: a port that is none is the default one, a host that is none this
  /// machine.
  package static func ollama(host text: String?) -> ServerURL {
    let text = (text ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "\"' \t\n"))
    if text.isEmpty { return .ollama }
    if let url = try? ServerURL(parsing: text, defaultPort: 11434) { return url }
    // Ollama warns of a port that is none, and goes on with the default one.
    guard let colon = text.lastIndex(of: ":") else { return .ollama }
    return (try? ServerURL(parsing: String(text[..<colon]), defaultPort: 11434)) ?? .ollama
  }
}
