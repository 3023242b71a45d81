import Content
import Transfer

/// How long a server may take for each part of an exchange.
enum ServerLimits {
  /// For a question about the server itself.
  static let question = HTTPRequest.Limits(connect: .seconds(5), firstByte: .seconds(10), idle: .seconds(10))
  /// For a look at whether a server is there at all.
  static let glance = HTTPRequest.Limits(
    connect: .milliseconds(300), firstByte: .milliseconds(700), idle: .milliseconds(700), total: .seconds(1))
}

/// The most bytes of an answer's body; more than any window holds.
private let answerLimit = 256 << 20

/// One server, and how it is asked.
struct ServerClient: Sendable {
  let place: ServerPlace
  let transfer: Transfer
  let key: ServerKey?
  var route = ServerRoute()
  /// Header fields that a person added, filled in.
  var headers: [(String, String)] = []
  /// What is taken out of everything that the server writes.
  var secrets = Secrets()

  /// The whole answer to a GET of `path`.
  func fetch(_ path: String, _ limits: HTTPRequest.Limits) async throws -> HTTPResponse {
    try await send(
      HTTPRequest(
        url: place.url.appending(path), headers: [("Accept", "application/json")] + ownHeaders, limits: limits,
        maxBodyBytes: 16 << 20))
  }

  /// The whole answer to a POST of `body` to `path`.
  func post(_ path: String, _ body: [UInt8], _ limits: HTTPRequest.Limits) async throws -> HTTPResponse {
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")] + ownHeaders
    return try await send(
      HTTPRequest(
        method: "POST", url: place.url.appending(path), headers: headers, body: body, limits: limits,
        maxBodyBytes: 16 << 20))
  }

  private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    do {
      return try await transfer.fetch(route.sent(request))
    } catch let error as TransferError {
      throw ServerError(.transfer(error), at: place)
    }
  }

  /// Asks for an answer.
  func ask(_ path: String, _ body: [UInt8], accept: String) -> Reader {
    let headers = [("Content-Type", "application/json"), ("Accept", accept)] + ownHeaders
    return transfer.open(
      route.sent(
        HTTPRequest(
          method: "POST", url: place.url.appending(path), headers: headers, body: body, limits: route.limits,
          maxBodyBytes: answerLimit)))
  }

  /// `text` of the server on one line, without the key and without its host's name, which are in nothing that is kept.
  func line(_ text: String, limit: Int) -> String {
    let hidden = hidden(text)
    let isNamed = place.url.host.contains { $0.isLetter } && place.url.host != "localhost"
    return ServerText.line(isNamed ? hidden.replacing(place.url.host, with: "(the server)") : hidden, limit: limit)
  }

  /// `text` of the server without any key.
  func hidden(_ text: String) -> String { secrets.hidden(in: key?.hidden(in: text) ?? text) }

  private var ownHeaders: [(String, String)] {
    let own =
      (place.name.kind == .anthropic ? [("anthropic-version", "2023-06-01")] : [])
      + (key?.header(for: place.url, by: route) ?? [])
    // What a person adds takes the place of ramp's own field of that name.
    return own.filter { mine in !headers.contains { $0.0.lowercased() == mine.0.lowercased() } } + headers
  }

  /// Whether the server is its vendor's own, who is asked for nothing but answers.
  var isVendor: Bool { place.url.host.lowercased() == place.name.kind.vendor.host }

  /// What an answer with another status than 200 means, as far as all servers agree on it; `body` is its beginning.
  func meaning(_ status: Int, _ headers: [(String, String)], _ body: [UInt8]) -> ServerError {
    let type = headers.value("content-type")
    let error = ErrorBody(body, contentType: type)
    // A text that is no JSON says something where the status does not: the page of a missing route says nothing.
    let isText = error.said.isEmpty && !error.isHTML && ![404, 405].contains(status)
    let text = isText ? String(decoding: body.prefix(4096), as: UTF8.self) : error.said
    let told = isText && !text.isEmpty ? ErrorBody(said: body.prefix(4096)) : error
    return ServerError(fault(status, headers, told, line(text, limit: 300), isHTML: error.isHTML), at: place)
  }

  private func fault(
    _ status: Int, _ headers: [(String, String)], _ error: ErrorBody, _ said: String, isHTML: Bool
  ) -> ServerError.Fault {
    switch status {
    case _ where error.isContextExceeded:
      .contextExceeded(promptTokens: error.promptTokens, window: error.window, said: said)
    case 300..<400:
      .redirected(to: line(ServerURL.scrubbed(headers.value("location")), limit: 200))
    case 401, 403:
      .unauthorized(isThere: key != nil, isSent: key?.isFor(place.url, by: route) ?? false, said: said)
    case 429, 503: .busy(status: status, said: said)
    case 200, 404, 405: notModelServer(status, said, isHTML: isHTML)
    case 501 where said.isEmpty, 400..<500 where isHTML: notModelServer(status, said, isHTML: isHTML)
    default: .refused(status: status, said: isHTML ? "a page of HTML" : said)
    }
  }

  private func notModelServer(_ status: Int, _ said: String, isHTML: Bool) -> ServerError.Fault {
    let what = isHTML ? "it answers \(status) with a page of HTML" : "it answers \(status)"
    return .notModelServer(what: what + (said.isEmpty ? "" : ": \(said)"), speaks: nil)
  }
}

extension [(String, String)] {
  /// The value of the first field of that name, which is in lower case; empty where there is none.
  func value(_ name: String) -> String { first { $0.0.lowercased() == name }?.1 ?? "" }
}
