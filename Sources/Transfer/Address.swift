import CCurl

/// The server that a URL names, as libcurl reads it.
package struct Address: Hashable, Sendable {
  /// In the URL's spelling, IPv6 without its brackets.
  let host: String
  /// The one written, else 80 or 443.
  let port: Int

  /// Reads `url`, which must be absolute, `http` or `https`, and have a host.
  init(url: String) throws(TransferError) {
    let shown = Address.shown(url)
    func refused(_ reason: String) -> TransferError { .badURL(url: shown, reason: reason) }

    guard url.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else { throw refused("it has a space or a control character") }
    guard url.utf8.contains(58), let handle = ccurl_url() else { throw refused("it has no scheme") }
    defer { ccurl_url_cleanup(handle) }
    let code = ccurl_url_set(handle, CURLUPART_URL, url)
    guard code == CURLUE_OK else {
      throw refused(String(cString: ccurl_url_strerror(code)).lowercased())
    }
    guard let scheme = Address.part(CURLUPART_SCHEME, of: handle), ["http", "https"].contains(scheme) else {
      throw refused("its scheme is not http or https")
    }
    guard let host = Address.part(CURLUPART_HOST, of: handle), !host.isEmpty else { throw refused("it has no host") }
    guard let port = Address.part(CURLUPART_PORT, of: handle).flatMap(Int.init), port > 0 else {
      throw refused("its port is not a number from 1 to 65535")
    }
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    self.port = port
  }

  /// Whether the host is this machine, by its name or number.
  var isLoopback: Bool {
    let name = host.lowercased()
    return name == "localhost" || name.hasSuffix(".localhost") || name == "::1" || isIPv4Loopback(name)
  }

  private func isIPv4Loopback(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    let flags = part == CURLUPART_PORT ? UInt32(CURLU_DEFAULT_PORT) : 0
    guard ccurl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { ccurl_free(text) }
    return String(cString: text)
  }

  /// `url` as an error may show it: on one line, without user, password, query and fragment. Hides too much rather
  /// than too little where the URL is no URL.
  package static func shown(_ url: String) -> String {
    var rest = Substring(url)
    var start = ""
    if let scheme = rest.firstRange(of: "://") {
      start = String(rest[..<scheme.upperBound])
      rest = rest[scheme.upperBound...]
    }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    rest = rest.prefix { $0 != "?" && $0 != "#" }
    let scalars = (start + rest).unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }
    return String(scalars.prefix(200).map(Character.init))
  }
}
