import CCurl

extension HTTPRequest {
  /// Refuses what would let a value of the request write lines of its own.
  func check() throws(TransferError) {
    guard !method.isEmpty, method.utf8.allSatisfy(HTTPRequest.isTokenByte) else { throw .badMethod(method) }
    for (name, value) in headers {
      let isFit = value.utf8.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 }
      guard isFit, !name.isEmpty, name.utf8.allSatisfy(HTTPRequest.isTokenByte) else { throw .badHeader(name: name) }
    }
  }

  /// A letter, a digit or one of the signs that a token may have (RFC 9110, 5.6.2).
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  /// Sets the options of libcurl's handle. Returns the header lines, to be freed after the handle.
  func apply(to easy: UnsafeMutableRawPointer, address: Address) -> UnsafeMutablePointer<curl_slist>? {
    setBehaviour(of: easy)
    setRoute(of: easy, address: address)
    setMethod(of: easy)
    let lines = headerLines()
    _ = ccurl_set_list(easy, CURLOPT_HTTPHEADER, lines)
    return lines
  }

  private func setBehaviour(of easy: UnsafeMutableRawPointer) {
    _ = ccurl_set_text(easy, CURLOPT_URL, url)
    _ = ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    _ = ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    _ = ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // Compression is not asked for, see `headerLines`; what is compressed all the same is read.
    _ = ccurl_set_text(easy, CURLOPT_ACCEPT_ENCODING, "gzip")
    _ = ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
    // Else a request given up while its host is looked up would hold all others until that look-up ends.
    _ = ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    _ = ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limits.connect.map(HTTPRequest.milliseconds) ?? Int(Int32.max))
  }

  private func setRoute(of easy: UnsafeMutableRawPointer, address: Address) {
    switch proxy {
    case .url(let url):
      _ = ccurl_set_text(easy, CURLOPT_PROXY, url)
      _ = ccurl_set_text(easy, CURLOPT_NOPROXY, "")
    case .environment where !address.isLoopback && unixSocket == nil:
      break
    case .environment, .none:
      _ = ccurl_set_text(easy, CURLOPT_PROXY, "")
    }
    if let unixSocket { _ = ccurl_set_text(easy, CURLOPT_UNIX_SOCKET_PATH, unixSocket) }
    if let caFile { _ = ccurl_set_text(easy, CURLOPT_CAINFO, caFile) }
  }

  private func setMethod(of easy: UnsafeMutableRawPointer) {
    guard method != "HEAD" else {
      _ = ccurl_set_long(easy, CURLOPT_NOBODY, 1)
      return
    }
    _ = ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method)
    let expectsBody = ["POST", "PUT", "PATCH"].contains(method)
    guard let body = body ?? (expectsBody ? [] : nil) else { return }
    guard !body.isEmpty else {
      _ = ccurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")
      return
    }
    _ = ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
    _ = body.withUnsafeBytes { bytes in
      ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }
  }

  /// The lines for libcurl: `Name: value`, `Name;` for an empty value, `Name:` for one that it must not add itself.
  private func headerLines() -> UnsafeMutablePointer<curl_slist>? {
    let given = Set(headers.map { $0.0.lowercased() })
    let unasked = ["Accept-Encoding", "Expect", "Content-Type"].filter { !given.contains($0.lowercased()) }.map {
      $0 + ":"
    }
    let own = headers.map { $0.1.allSatisfy(\.isWhitespace) ? $0.0 + ";" : "\($0.0): \($0.1)" }
    return (unasked + own).reduce(nil) { list, line in ccurl_slist_append(list, line) ?? list }
  }

  /// At least 1, since 0 is libcurl's word for its own default.
  private static func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    let all = min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000
    return Int(min(max(all, 1), Int64(Int32.max)))
  }
}
