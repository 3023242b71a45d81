import CCurl

/// One request on its way and its answer, on the transfer's thread: the libcurl handle, what it calls, its clocks.
final class Exchange {
  let easy: UnsafeMutableRawPointer
  let inflow: Inflow
  private let request: HTTPRequest
  private let address: Address
  private let start: ContinuousClock.Instant
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var list: UnsafeMutablePointer<curl_slist>?

  private var head = Head()
  private var received = 0
  private var connected: ContinuousClock.Instant?
  /// When the last piece of the body came; nil before its first.
  private var lastPiece: ContinuousClock.Instant?
  private var isPaused = false
  /// Why this side has stopped the exchange.
  private var failure: TransferError?

  /// Makes the handle ready; the loop still has to add it.
  init(_ request: HTTPRequest, into inflow: Inflow, start: ContinuousClock.Instant) throws(TransferError) {
    address = try Address(url: request.url)
    try request.check()
    guard let easy = ccurl_easy_init() else { throw .noCurl("curl_easy_init") }
    self.easy = easy
    self.inflow = inflow
    self.request = request
    self.start = start
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    list = request.apply(to: easy, address: address)
    _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    connectCallbacks()
  }

  /// The handle must be out of the multi handle by now.
  deinit {
    ccurl_easy_cleanup(easy)
    ccurl_slist_free_all(list)
    errorText.deallocate()
  }

  /// The next of the limits that will be reached if nothing happens; libcurl itself keeps the one for connecting.
  var deadline: (instant: ContinuousClock.Instant, limit: TimeLimit, after: Duration)? {
    let limits = request.limits
    var all: [(instant: ContinuousClock.Instant, limit: TimeLimit, after: Duration)] = []
    if let total = limits.total { all.append((start + total, .total, total)) }
    if let lastPiece {
      if let idle = limits.idle, !isPaused { all.append((lastPiece + idle, .idle, idle)) }
    } else if let connected, let firstByte = limits.firstByte {
      all.append((connected + firstByte, .firstByte, firstByte))
    }
    return all.min { $0.instant < $1.instant }
  }

  /// Lets the server on after the reader has read.
  func resume() {
    guard isPaused else { return }
    isPaused = false
    lastPiece = .now
    _ = ccurl_easy_resume(easy)
  }

  /// What the end that libcurl reports means.
  func ending(_ code: CURLcode) -> Result<Void, any Error> {
    if let failure { return .failure(failure) }
    if code == CURLE_OK { return head.isComplete ? .success(()) : .failure(TransferError.cutOff(received: 0)) }
    let report = CurlReport(
      code: code, text: String(cString: errorText), request: request, address: address, received: received,
      systemError: Int32(number(CURLINFO_OS_ERRNO)), proxyStatus: number(CURLINFO_HTTP_CONNECTCODE))
    return .failure(report.error)
  }

  private func number(_ info: CURLINFO) -> Int {
    var value = 0
    _ = ccurl_get_long(easy, info, &value)
    return value
  }

  private func connectCallbacks() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    _ = ccurl_set_pointer(easy, CURLOPT_PREREQDATA, me)
    _ = ccurl_set_connected(easy) { me, _, _, _, _ in
      if let me { Exchange.of(me).connected = .now }
      return CURL_PREREQFUNC_OK
    }
    _ = ccurl_set_pointer(easy, CURLOPT_HEADERDATA, me)
    _ = ccurl_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      guard let bytes, let me else { return 0 }
      return Exchange.of(me).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    _ = ccurl_set_pointer(easy, CURLOPT_WRITEDATA, me)
    _ = ccurl_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
      guard let bytes, let me else { return 0 }
      return Exchange.of(me).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
  }

  private static func of(_ me: UnsafeMutableRawPointer) -> Exchange {
    Unmanaged<Exchange>.fromOpaque(me).takeUnretainedValue()
  }

  /// Takes one header line. Answers how many bytes were taken, as libcurl wants; 0 stops the exchange.
  private func takeHeader(_ line: UnsafeRawBufferPointer) -> Int {
    if let event = head.take(line) { inflow.offer(head: event) }
    if head.bytes > Head.limit {
      failure = .headTooLarge(limit: Head.limit)
      return 0
    }
    return line.count
  }

  /// Takes a piece of the body. Answers as ``takeHeader(_:)`` does, or that libcurl shall come again later.
  private func takeBody(_ piece: UnsafeRawBufferPointer) -> Int {
    let allowed = min(piece.count, (request.maxBodyBytes ?? .max) - received)
    if allowed > 0, !inflow.offer(UnsafeRawBufferPointer(rebasing: piece[..<allowed])) {
      isPaused = true
      return ccurl_write_pause
    }
    received += max(allowed, 0)
    lastPiece = .now
    if allowed < piece.count, let limit = request.maxBodyBytes {
      failure = .bodyTooLarge(limit: limit)
      return 0
    }
    return piece.count
  }
}
