import Dispatch
import Glibc

/// Tells a waiting reader that the terminal has another size, for as long as the watch is kept.
final class ResizeWatch {
  private let source: any DispatchSourceSignal

  init(wakeup: Wakeup) {
    source = DispatchSource.makeSignalSource(signal: SIGWINCH)
    source.setEventHandler { @Sendable in wakeup.post(.resized) }
    source.activate()
  }

  deinit {
    source.cancel()
  }
}
