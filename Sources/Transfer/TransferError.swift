import Foundation

/// Why an exchange did not come to its end. What had come before was delivered.
///
/// No case holds a password, a header's value or the query of a URL, so that each may be shown and kept.
package enum TransferError: Error, Hashable, Sendable {
  /// The URL is not one that can be asked; `url` is without user, password and query.
  case badURL(url: String, reason: String)
  /// The method, or the named header field, holds what would break the request's lines.
  case badMethod(String)
  case badHeader(name: String)
  case couldNotResolve(host: String)
  /// Nothing listens on that port of the host.
  case connectionRefused(host: String, port: Int)
  /// The host could not be reached for another reason, in the system's words.
  case unreachable(host: String, port: Int, reason: String)
  /// The Unix socket could not be connected to; the reason is in the system's words.
  case socketUnreachable(path: String, reason: String)
  /// The proxy could not be found or reached, or refused; `reason` says which.
  case proxy(reason: String)
  /// One of ``HTTPRequest/Limits`` was reached.
  case timedOut(TimeLimit, after: Duration)
  /// The connection ended before the answer did; `received` counts the bytes of its body.
  case cutOff(received: Int)
  /// The certificate of the host is not one to trust; the reason is the TLS library's.
  case certificate(host: String, reason: String)
  /// TLS could not be agreed on, mostly because the port does not speak it.
  case tls(host: String, port: Int, reason: String)
  /// The file of certificate authorities cannot be read.
  case badCAFile(path: String)
  /// Something else than an HTTP server answered.
  case notHTTP(host: String, port: Int)
  /// The body of the answer is longer than this many bytes.
  case bodyTooLarge(limit: Int)
  /// The header fields of the answer are longer than this many bytes together.
  case headTooLarge(limit: Int)
  /// libcurl, or one function of it, is not on this machine.
  case noCurl(String)
  /// Anything else that libcurl reports, with its code (libcurl-errors(3)).
  case other(code: Int, reason: String)
}

/// The name of one of ``HTTPRequest/Limits``.
package enum TimeLimit: String, Hashable, Sendable, CaseIterable {
  case connect, firstByte, idle, total
}

extension TransferError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .badURL(let url, let reason): "\(url): not a URL to ask: \(reason)"
    case .badMethod(let method): "\(clean(method)): not an HTTP method"
    case .badHeader(let name): "the header \(clean(name)) has a character that no header may have"
    case .couldNotResolve(let host): "\(host): no such host"
    case .connectionRefused(let host, let port): "\(host):\(port): nothing listens there"
    case .unreachable(let host, let port, let reason): "\(host):\(port): \(reason)"
    case .socketUnreachable(let path, let reason): "\(path): \(reason)"
    case .proxy(let reason): "proxy: \(reason)"
    case .timedOut(.connect, let after): "no connection after \(seconds(after))"
    case .timedOut(.firstByte, let after): "connected, but no answer after \(seconds(after))"
    case .timedOut(.idle, let after): "the answer stopped: nothing came for \(seconds(after))"
    case .timedOut(.total, let after): "the answer was not complete after \(seconds(after))"
    case .cutOff(0): "the connection was closed before the answer"
    case .cutOff(let received): "the answer was cut off after \(received) bytes"
    case .certificate(let host, let reason): "\(host): its certificate is not trusted: \(reason)"
    case .tls(let host, let port, let reason): "\(host):\(port): no TLS: \(reason)"
    case .badCAFile(let path): "\(path): not a file of certificates"
    case .notHTTP(let host, let port): "\(host):\(port): what answers there is no HTTP server"
    case .bodyTooLarge(let limit): "the answer is longer than \(limit) bytes"
    case .headTooLarge(let limit): "the headers of the answer are longer than \(limit) bytes"
    case .noCurl(let what): "libcurl is not there: \(what) was not found"
    case .other(let code, let reason): "\(reason) (libcurl \(code))"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .badURL: "give an absolute URL, such as http://127.0.0.1:11434"
    case .badMethod, .badHeader: "take line breaks and spaces out of it"
    case .couldNotResolve: "check the spelling of the host, or the network"
    case .connectionRefused: "start the server there, or give the URL of another one"
    case .unreachable: "check the address and the network, or give the URL of another server"
    case .socketUnreachable: "start the server that makes this socket, or give another path"
    case .proxy: "check http_proxy, https_proxy and no_proxy, or go without a proxy"
    case .timedOut(let limit, _): "raise the limit `\(limit.rawValue)`, or look at what the server is doing"
    case .cutOff: "look at the server's log, then ask again"
    case .certificate: "name the file of the authority that signed it"
    case .tls: "try http:// where the URL says https://"
    case .badCAFile: "give a readable PEM file"
    case .notHTTP: "check the port, and http:// against https://"
    case .bodyTooLarge: "raise the limit of bytes, or ask for less"
    case .headTooLarge: "check that the URL is the server's own"
    case .noCurl: "install it: apt install libcurl4"
    case .other: nil
    }
  }
}

/// `2 s`, `0.4 s`: a duration with no more digits than it needs, down to milliseconds.
private func seconds(_ duration: Duration) -> String {
  let (whole, attoseconds) = duration.components
  let thousandths = Int(attoseconds / 1_000_000_000_000_000)
  guard thousandths > 0 else { return "\(whole) s" }
  var digits = String(String(1000 + thousandths).dropFirst())
  while digits.hasSuffix("0") { digits.removeLast() }
  return "\(whole).\(digits) s"
}

/// `text` on one line, at most 80 characters of it.
private func clean(_ text: String) -> String {
  String(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.prefix(80).map(Character.init))
}
