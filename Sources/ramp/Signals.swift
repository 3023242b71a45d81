import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first cancels the work, so that it can clean up; a second SIGINT ends the program at once.
final class Signals: Sendable {
  private let task = Mutex<Task<Void, Never>?>(nil)
  private let last = Mutex<Int32?>(nil)
  private let sources: Mutex<[any DispatchSourceSignal]>

  init() {
    signal(SIGPIPE, SIG_IGN)
    sources = Mutex([])
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable [weak self] in self?.came(number) }
      source.activate()
      sources.withLock { $0.append(source) }
    }
  }

  /// Carries out `work`; a signal cancels it. Gives the signal that came, or nil.
  func watch(_ work: @escaping @Sendable () async -> Void) async -> Int32? {
    last.withLock { $0 = nil }
    let running = Task { await work() }
    task.withLock { $0 = running }
    await running.value
    task.withLock { $0 = nil }
    return last.withLock { $0 }
  }

  private func came(_ number: Int32) {
    let before = last.withLock { last in
      defer { last = number }
      return last
    }
    guard let running = task.withLock({ $0 }) else {
      // Nothing runs: at the prompt the editor has the keyboard, so this came from outside.
      if number == SIGTERM { exit(75) }
      return
    }
    if before == SIGINT, number == SIGINT { exit(130) }
    running.cancel()
  }
}
