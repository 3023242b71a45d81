import Transfer

/// How a model server is reached: the settings `model.timeout.*`, `model.proxy`, `model.ca`, `model.socket` and
/// `model.retries`, `model.header` and `model.key.env`. It plays no part in what is asked.
package struct ServerRoute: Hashable, Codable, Sendable {
  /// Seconds for finding the address, connecting and agreeing on TLS.
  package var connect: Double = 10
  /// Seconds from the connection to the first byte of an answer: loading the model and reading the prompt are in it.
  package var firstByte: Double = 600
  /// Seconds between two pieces of an answer.
  package var idle: Double = 120
  /// Seconds for one whole answer; 0 sets no limit.
  package var total: Double = 0
  /// `none`, or a proxy's URL; nil is what the environment says.
  package var proxy: String?
  /// A PEM file with the authorities to trust; nil trusts the system's.
  package var caFile: String?
  /// The path of a Unix socket to connect to; the URL then only names the host that is sent.
  package var socket: String?
  /// How often a request is sent again that failed before its answer began.
  package var retries: Int = 2
  /// Header fields to send along, one a line, see ``ServerHeader``; nil is none.
  package var header: String?
  /// The environment variable that holds the key; nil is the vendor's own.
  package var keyVariable: String?

  package init() {}

  /// The limits for an answer: no header comes before the first token, so a long wait for it is no fault.
  var limits: HTTPRequest.Limits {
    HTTPRequest.Limits(
      connect: .seconds(connect), firstByte: .seconds(firstByte), idle: .seconds(idle),
      total: total > 0 ? .seconds(total) : nil)
  }

  /// `request` sent this way.
  func sent(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    request.caFile = caFile
    request.unixSocket = socket
    request.proxy =
      switch proxy {
      case nil: .environment
      case "none"?: .none
      case let url?: .url(url)
      }
    return request
  }
}
