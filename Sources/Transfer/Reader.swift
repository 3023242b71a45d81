/// The consumer's end of one exchange. Letting go of it before the end closes the connection.
package final class Reader: Sendable {
  private let inflow: Inflow
  private let mailbox: Mailbox

  init(inflow: Inflow, mailbox: Mailbox) {
    self.inflow = inflow
    self.mailbox = mailbox
  }

  deinit {
    if !inflow.isOver { mailbox.post(.cancel(inflow)) }
  }

  /// The next event, nil after the last. Throws a ``TransferError``, or `CancellationError` where the task is
  /// cancelled, which closes the connection at once.
  package func next() async throws -> HTTPEvent? {
    try await withTaskCancellationHandler {
      while true {
        switch inflow.take() {
        case .event(let event, let resumes):
          if resumes { mailbox.post(.resume(inflow)) }
          return event
        case .end(let ending):
          try ending.get()
          return nil
        case .nothing:
          await inflow.wait()
        }
      }
    } onCancel: {
      let wasOver = inflow.isOver
      inflow.abandon()
      if !wasOver { mailbox.post(.cancel(inflow)) }
    }
  }
}
