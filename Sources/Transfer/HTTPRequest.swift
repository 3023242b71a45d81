/// One HTTP request, with the limits under which it may run.
package struct HTTPRequest: Sendable {
  /// The verb, such as `GET` or `POST`; a token of RFC 9110.
  package var method: String
  /// An absolute `http` or `https` URL, already percent-encoded.
  package var url: String
  /// Header fields in the order in which they are sent. None may hold a line break.
  package var headers: [(String, String)]
  /// What is sent after the headers; nil sends none.
  package var body: [UInt8]?
  package var limits: Limits
  package var proxy: Proxy
  /// A PEM file with the certificate authorities to trust; nil trusts the system's.
  package var caFile: String?
  /// The path of a Unix socket to connect to; the URL then only names the host and the path that are sent.
  package var unixSocket: String?
  /// The most bytes that the body of the answer may have; nil sets no limit. An answer with more ends with
  /// ``TransferError/bodyTooLarge(limit:)``, after that many bytes.
  package var maxBodyBytes: Int?

  package init(
    method: String = "GET", url: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
    limits: Limits = Limits(), proxy: Proxy = .environment, caFile: String? = nil, unixSocket: String? = nil,
    maxBodyBytes: Int? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.limits = limits
    self.proxy = proxy
    self.caFile = caFile
    self.unixSocket = unixSocket
    self.maxBodyBytes = maxBodyBytes
  }
}

extension HTTPRequest {
  /// How long each part of an exchange may take; nil lets it take for ever.
  package struct Limits: Hashable, Sendable {
    /// For finding the address, connecting and agreeing on TLS.
    package var connect: Duration?
    /// From the connection to the first byte of the answer's body: a model's load and prefill are in it, which some
    /// servers begin after the head.
    package var firstByte: Duration?
    /// Between two pieces of the body. Time in which the reader does not read is not counted.
    package var idle: Duration?
    /// From the request to the last byte of the answer.
    package var total: Duration?

    package init(
      connect: Duration? = .seconds(10), firstByte: Duration? = .seconds(600), idle: Duration? = .seconds(120),
      total: Duration? = nil
    ) {
      self.connect = connect
      self.firstByte = firstByte
      self.idle = idle
      self.total = total
    }
  }

  /// The way to the server.
  package enum Proxy: Hashable, Sendable {
    /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say; this machine is always reached directly.
    case environment
    /// Directly.
    case none
    /// Through this one, such as `http://proxy.example:3128`, whatever the environment says.
    case url(String)
  }
}
