import CCurl
import Foundation

/// How libcurl says that an exchange went wrong, and what that means. Codes: libcurl-errors(3).
struct CurlReport {
  let code: CURLcode
  /// libcurl's own words; may be empty.
  let text: String
  let request: HTTPRequest
  let address: Address
  /// The bytes of the body that had come.
  let received: Int
  /// The `errno` of the last failed connect, 0 where there is none.
  let systemError: Int32
  /// How the proxy answered a CONNECT, 0 where there was none.
  let proxyStatus: Int

  var error: TransferError {
    if proxyStatus >= 300 { return .proxy(reason: "it refused the connection with status \(proxyStatus)") }
    switch code {
    case CURLE_URL_MALFORMAT: return .badURL(url: Address.shown(request.url), reason: reason)
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxy(reason: reason)
    case CURLE_COULDNT_RESOLVE_HOST: return .couldNotResolve(host: address.host)
    case CURLE_COULDNT_CONNECT: return unreached
    case CURLE_OPERATION_TIMEDOUT: return .timedOut(.connect, after: request.limits.connect ?? .zero)
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .cutOff(received: received)
    // The scheme was checked before, so what is not supported is an answer without a status line.
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
      return .notHTTP(host: address.host, port: address.port)
    // The only thing of an answer that libcurl keeps whole are its header fields.
    case CURLE_OUT_OF_MEMORY: return .headTooLarge(limit: Head.limit)
    case CURLE_PEER_FAILED_VERIFICATION: return .certificate(host: address.host, reason: reason)
    case CURLE_SSL_CONNECT_ERROR: return .tls(host: address.host, port: address.port, reason: reason)
    case CURLE_SSL_CACERT_BADFILE: return .badCAFile(path: request.caFile ?? "the system's file of authorities")
    default: return .other(code: Int(code.rawValue), reason: reason)
    }
  }

  private var unreached: TransferError {
    let system = systemError == 0 ? reason : lowerFirst(String(cString: strerror(systemError)))
    if let path = request.unixSocket { return .socketUnreachable(path: path, reason: system) }
    switch request.proxy {
    case .url: return .proxy(reason: reason)
    // The environment may name a proxy: libcurl's words say which of the two it could not reach.
    case .environment where !address.isLoopback && hasProxyInEnvironment:
      return .unreachable(host: address.host, port: address.port, reason: reason)
    case .environment, .none:
      guard systemError == ECONNREFUSED else {
        return .unreachable(host: address.host, port: address.port, reason: system)
      }
      return .connectionRefused(host: address.host, port: address.port)
    }
  }

  private var hasProxyInEnvironment: Bool {
    let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    let environment = ProcessInfo.processInfo.environment
    return names.contains { environment[$0]?.isEmpty == false }
  }

  /// libcurl's words on one line, in this project's manner.
  private var reason: String {
    let words = text.isEmpty ? String(cString: ccurl_easy_strerror(code)) : text
    let line = words.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.prefix(300)
    return lowerFirst(String(line.map(Character.init)))
  }

  private func lowerFirst(_ text: String) -> String {
    // A word in capitals, such as SSL, stays as it is.
    guard let second = text.dropFirst().first, !second.isUppercase else { return text }
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
