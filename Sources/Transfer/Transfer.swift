/// HTTP over one libcurl multi handle on one thread, however many exchanges run at once.
///
/// libcurl is loaded and the thread started at the first request; both cost nothing before. The thread ends when this
/// value is let go and its last exchange is over. No redirect is followed, no cookie kept, no compression asked for,
/// no `.netrc` read. Idle connections are used again.
package final class Transfer: Sendable {
  private let mailbox = Mailbox()

  package init() {}

  deinit { mailbox.close() }

  /// Begins `request` at once and delivers what comes, as it comes; ends after the last byte, or throws a
  /// ``TransferError`` after all that had come.
  ///
  /// A status such as 404 is no error. Where more than 1 MB waits unread, the server is made to wait. Letting go of the
  /// stream, or cancelling the task that reads it, closes the connection; the loop of a cancelled task may then end
  /// without an error, as that of every `AsyncThrowingStream`: follow it with `try Task.checkCancellation()`.
  package func stream(_ request: HTTPRequest) -> AsyncThrowingStream<HTTPEvent, any Error> {
    let reader = open(request)
    return AsyncThrowingStream { try await reader.next() }
  }

  /// Begins `request` as ``stream(_:)`` does, for a consumer that asks for each event and hears of its cancellation as an
  /// error.
  package func open(_ request: HTTPRequest) -> Reader {
    let inflow = Inflow()
    mailbox.post(.begin(request, inflow, at: .now))
    return Reader(inflow: inflow, mailbox: mailbox)
  }

  /// The whole answer. Throws a ``TransferError``, or `CancellationError` when the task is cancelled.
  package func fetch(_ request: HTTPRequest) async throws -> HTTPResponse {
    let reader = open(request)
    var response = HTTPResponse(status: 0, headers: [], body: [])
    while let event = try await reader.next() {
      switch event {
      case .head(let status, let headers):
        response.status = status
        response.headers = headers
      case .data(let bytes):
        response.body += bytes
      }
    }
    return response
  }
}
