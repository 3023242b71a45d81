/// What comes back from a server, in the order in which it comes: one head, then any number of pieces of the body.
package enum HTTPEvent: Sendable {
  /// The status, such as 200 or 404, and the header fields as the server spelt them, in its order, without control
  /// characters. Interim answers (1xx) and trailers are left out.
  case head(status: Int, headers: [(String, String)])
  /// The next bytes of the body, never none. Pieces that came while nobody read are joined.
  case data([UInt8])
}

/// A whole answer.
package struct HTTPResponse: Sendable {
  /// Such as 200 or 404; no status is an error here.
  package var status: Int
  /// As in ``HTTPEvent/head(status:headers:)``.
  package var headers: [(String, String)]
  package var body: [UInt8]

  package init(status: Int, headers: [(String, String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the first field with this name, in whatever case; nil where there is none.
  package func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.0.lowercased() == wanted }?.1
  }
}
