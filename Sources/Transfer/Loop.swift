import CCurl

/// The transfer's thread: all of libcurl but `curl_multi_wakeup` is called on it and nowhere else.
final class Loop {
  /// Also the name that the thread has in `/proc` and debuggers; at most 15 bytes.
  static let name = "ramp transfer"

  private let mailbox: Mailbox
  private let multi: UnsafeMutableRawPointer
  private var exchanges: [ObjectIdentifier: Exchange] = [:]
  /// The exchange of each libcurl handle.
  private var inflows: [UnsafeMutableRawPointer: ObjectIdentifier] = [:]

  /// Serves `mailbox` until it is closed and the last exchange is over.
  static func run(for mailbox: Mailbox) {
    ccurl_name_thread(name)
    ccurl_block_sigpipe()
    let missing = ccurl_missing().map { String(cString: $0) }
    guard missing == nil, let multi = ccurl_multi_init() else {
      mailbox.refuse(.noCurl(missing ?? "curl_multi_init"))
      return
    }
    let loop = Loop(mailbox: mailbox, multi: multi)
    mailbox.wake(multi)
    loop.serve()
    mailbox.wake(nil)
    _ = ccurl_multi_cleanup(multi)
  }

  private init(mailbox: Mailbox, multi: UnsafeMutableRawPointer) {
    self.mailbox = mailbox
    self.multi = multi
  }

  private func serve() {
    while true {
      let orders = mailbox.collect()
      if orders == nil, exchanges.isEmpty { return }
      for order in orders ?? [] { follow(order) }
      _ = ccurl_multi_perform(multi)
      finishEnded()
      finishLate()
      // With nothing left to do, the mailbox may have been closed before there was anything to wake up: look again.
      let looksAgain = exchanges.isEmpty && orders?.isEmpty != true
      _ = ccurl_multi_poll(multi, looksAgain ? 0 : millisecondsToWait())
    }
  }

  private func follow(_ order: Mailbox.Order) {
    switch order {
    case .begin(let request, let inflow, let start):
      guard !inflow.isOver else { return }
      do throws(TransferError) {
        let exchange = try Exchange(request, into: inflow, start: start)
        exchanges[ObjectIdentifier(inflow)] = exchange
        inflows[exchange.easy] = ObjectIdentifier(inflow)
        let code = ccurl_multi_add(multi, exchange.easy)
        guard code == CURLM_OK else {
          remove(ObjectIdentifier(inflow))
          throw .other(code: Int(code.rawValue), reason: "the request was not taken")
        }
      } catch {
        inflow.end(.failure(error))
      }
    case .cancel(let inflow):
      remove(ObjectIdentifier(inflow))
    case .resume(let inflow):
      exchanges[ObjectIdentifier(inflow)]?.resume()
    }
  }

  private func finishEnded() {
    var code = CURLE_OK
    while let easy = ccurl_multi_ended(multi, &code) {
      guard let id = inflows[easy], let exchange = exchanges[id] else { continue }
      let ending = exchange.ending(code)
      remove(id)
      exchange.inflow.end(ending)
    }
  }

  private func finishLate() {
    let now = ContinuousClock.now
    for (id, exchange) in exchanges {
      guard let deadline = exchange.deadline, deadline.instant <= now else { continue }
      remove(id)
      exchange.inflow.end(.failure(TransferError.timedOut(deadline.limit, after: deadline.after)))
    }
  }

  /// Takes the exchange out of libcurl's hands, which closes a connection that is in the middle of an answer.
  private func remove(_ id: ObjectIdentifier) {
    guard let exchange = exchanges.removeValue(forKey: id) else { return }
    inflows[exchange.easy] = nil
    withExtendedLifetime(exchange) { _ = ccurl_multi_remove(multi, exchange.easy) }
  }

  /// Until the next deadline, rounded up; libcurl wakes earlier for its own ones.
  private func millisecondsToWait() -> Int32 {
    let longest: Int32 = 3_600_000
    guard let next = exchanges.values.compactMap({ $0.deadline?.instant }).min() else { return longest }
    let (seconds, attoseconds) = ContinuousClock.now.duration(to: next).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 3600 else { return longest }
    return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
  }
}
