import Synchronization

/// What came in for one exchange and was not read yet: filled on the transfer's thread, emptied by the reader.
///
/// Bytes that wait are joined, so that neither many small pieces nor a slow reader cost memory.
final class Inflow: Sendable {
  /// The bytes that may wait unread before the server is made to wait.
  static let room = 1 << 20

  private struct State {
    var head: HTTPEvent?
    var bytes: [UInt8] = []
    var isPaused = false
    var ending: Result<Void, any Error>?
    var waiter: CheckedContinuation<Void, Never>?
  }

  /// What a reader finds.
  enum Found {
    /// `resumes` where the sender waits to be let on.
    case event(HTTPEvent, resumes: Bool)
    case end(Result<Void, any Error>)
    case nothing
  }

  private let state = Mutex(State())

  /// Whether nothing more will come.
  var isOver: Bool { state.withLock { $0.ending != nil } }

  /// Takes the head, which comes before all bytes.
  func offer(head: HTTPEvent) {
    tell { $0.head = head }
  }

  /// Takes `bytes`, or refuses them all where too many wait already: then offer them again once the reader has read.
  /// After the end they are dropped.
  func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var isTaken = false
    tell { state in
      guard state.ending == nil else {
        isTaken = true
        return
      }
      guard state.bytes.isEmpty || state.bytes.count + bytes.count <= Inflow.room else {
        state.isPaused = true
        return
      }
      state.bytes.append(contentsOf: bytes)
      isTaken = true
    }
    return isTaken
  }

  /// Ends it; only the first ending counts. What waits can still be read.
  func end(_ ending: Result<Void, any Error>) {
    tell { state in
      if state.ending == nil { state.ending = ending }
    }
  }

  /// Ends it with a `CancellationError`, and forgets what waits.
  func abandon() {
    tell { state in
      state.head = nil
      state.bytes = []
      state.ending = .failure(CancellationError())
    }
  }

  /// The next thing to read, or the end once all is read.
  func take() -> Found {
    state.withLock { state in
      if let head = state.head {
        state.head = nil
        return .event(head, resumes: false)
      }
      if !state.bytes.isEmpty {
        var bytes: [UInt8] = []
        swap(&bytes, &state.bytes)
        let resumes = state.isPaused
        state.isPaused = false
        return .event(.data(bytes), resumes: resumes)
      }
      return state.ending.map(Found.end) ?? .nothing
    }
  }

  /// Returns once ``take()`` would find something. One reader at a time: a second one lets the first look again.
  func wait() async {
    await withCheckedContinuation { continuation in
      let earlier = state.withLock { state -> CheckedContinuation<Void, Never>? in
        let hasSomething = state.head != nil || !state.bytes.isEmpty || state.ending != nil
        guard !hasSomething else { return continuation }
        defer { state.waiter = continuation }
        return state.waiter
      }
      earlier?.resume()
    }
  }

  private func tell(_ change: (inout State) -> Void) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      change(&state)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
