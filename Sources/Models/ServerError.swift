import Content
import Transfer

/// Which model was asked for, and where.
package struct ServerPlace: Hashable, Sendable {
  /// A kind that is a server's.
  package let name: ModelName
  package let url: ServerURL
  /// The environment variable that a person named for the key; nil is the vendor's own.
  var keyVariable: String?

  package init(name: ModelName, url: ServerURL) {
    self.name = name
    self.url = url
  }

  var address: String { url.address }
}

/// Why a model server gave no answer. Once text has come there is no error any more, but a reply that is not complete.
///
/// No case holds a key, a password or more of what the server sent than one cleaned line.
package struct ServerError: Error, Hashable, Sendable {
  package enum Fault: Hashable, Sendable {
    /// The exchange did not come to its end.
    case transfer(TransferError)
    /// Something answers there that is no server of this protocol; `what` says what it does, `speaks` which kind of
    /// model it would be.
    case notModelServer(what: String, speaks: ModelName.Kind?)
    /// The server has no such model, but these.
    case noModel(served: [String])
    /// The prompt is longer than the server's window, in tokens where the server counts them.
    case contextExceeded(promptTokens: Int?, window: Int?, said: String)
    /// The server wants a key, or another one; `isSent` tells whether it was given one, `isThere` whether there is one.
    case unauthorized(isThere: Bool, isSent: Bool, said: String)
    /// The server is loading its model or has too much to do.
    case busy(status: Int, said: String)
    /// A redirect, which is not followed; where to, as far as it may be shown.
    case redirected(to: String)
    /// Any other status, with what the server said.
    case refused(status: Int, said: String)
    /// The answer began well and then only told of an error.
    case said(String)
    /// The answer was over before the first word of it.
    case endedSilently
  }

  package let fault: Fault
  package let place: ServerPlace

  package init(_ fault: Fault, at place: ServerPlace) {
    self.fault = fault
    self.place = place
  }

  /// Whether something that is needed is not there, rather than that a request was wrong.
  package var isAbsence: Bool {
    switch fault {
    case .transfer, .notModelServer, .noModel, .busy, .redirected, .unauthorized: true
    case .refused(let status, _): status >= 500
    case .contextExceeded, .said, .endedSilently: false
    }
  }
}
