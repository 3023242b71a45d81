import CCurl
import Foundation
import Synchronization

/// The orders that wait for the transfer's thread, which starts at the first and ends after the mailbox is closed and
/// the last exchange is over.
final class Mailbox: Sendable {
  enum Order: Sendable {
    case begin(HTTPRequest, Inflow, at: ContinuousClock.Instant)
    /// The reader is gone: close the connection.
    case cancel(Inflow)
    /// The reader has made room.
    case resume(Inflow)
  }

  private struct State {
    var orders: [Order] = []
    var hasThread = false
    var isClosed = false
    /// Why no exchange can begin, where the thread could not start its work.
    var refusal: TransferError?
    /// What to wake up; nil while the thread is still starting, and after its end.
    var multi: UnsafeMutableRawPointer?
  }

  private let state = Mutex(State())

  /// Leaves an order, wakes the thread, and starts it where there is none.
  func post(_ order: Order) {
    let (isFirst, refusal) = state.withLock { state in
      guard state.refusal == nil else { return (false, state.refusal) }
      state.orders.append(order)
      if state.orders.count == 1, let multi = state.multi { _ = ccurl_multi_wakeup(multi) }
      defer { state.hasThread = true }
      return (!state.hasThread, nil)
    }
    if let refusal { Mailbox.refuse([order], refusal) }
    if isFirst { Thread { [self] in Loop.run(for: self) }.start() }
  }

  /// No more exchanges will begin.
  func close() {
    state.withLock { state in
      state.isClosed = true
      if let multi = state.multi { _ = ccurl_multi_wakeup(multi) }
    }
  }

  /// Answers every order with `error`, those that wait and those to come. Only the thread calls this, then ends.
  func refuse(_ error: TransferError) {
    let orders = state.withLock { state in
      state.refusal = error
      defer { state.orders = [] }
      return state.orders
    }
    Mailbox.refuse(orders, error)
  }

  private static func refuse(_ orders: [Order], _ error: TransferError) {
    for case .begin(_, let inflow, _) in orders { inflow.end(.failure(error)) }
  }

  /// What to wake up from now on, nil for nothing. Only the thread calls this.
  func wake(_ multi: UnsafeMutableRawPointer?) {
    // The address crosses as a number: it is only handed to `curl_multi_wakeup`, which any thread may call.
    let address = UInt(bitPattern: multi)
    state.withLock { $0.multi = UnsafeMutableRawPointer(bitPattern: address) }
  }

  /// All orders since the last call; nil once there will be none. Only the thread calls this.
  func collect() -> [Order]? {
    state.withLock { state in
      guard !state.orders.isEmpty || !state.isClosed else { return nil }
      var orders: [Order] = []
      swap(&orders, &state.orders)
      return orders
    }
  }
}
