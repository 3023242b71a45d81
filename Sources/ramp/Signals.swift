import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first cancels the work, so that it can clean up; a second SIGINT ends the program at once.
final class Signals: Sendable {
  private struct State {
    var running: Task<Void, Never>?
    var last: Int32?
  }

  private let state = Mutex(State())

  /// Carries out `work`; a signal cancels it. Gives the signal that came, or nil.
  func watch(_ work: @escaping @Sendable () async -> Void) async -> Int32? {
    let running = Task { await work() }
    state.withLock { $0 = State(running: running, last: nil) }
    let sources = SignalSources { [self] in came($0) }
    await running.value
    withExtendedLifetime(sources) {}
    return state.withLock { state in
      state.running = nil
      return state.last
    }
  }

  private func came(_ number: Int32) {
    let (running, before) = state.withLock { state in
      defer { state.last = number }
      return (state.running, state.last)
    }
    if before == SIGINT, number == SIGINT { exit(130) }
    running?.cancel()
  }
}

/// Tells of signals for as long as it is kept.
private final class SignalSources {
  private var sources: [any DispatchSourceSignal] = []

  init(_ came: @escaping @Sendable (Int32) -> Void) {
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in came(number) }
      source.activate()
      sources.append(source)
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
