import Dispatch
import Glibc
import Synchronization

/// SIGINT, and SIGTERM, SIGHUP and SIGQUIT, which are alike: the first cancels the work, so that it can clean up; a second SIGINT ends the program at once.
///
/// Work may be done within work: a line of the prompt within the prompt. SIGINT cancels the innermost alone, SIGTERM all
/// of it.
final class Signals: Sendable {
  private struct State {
    /// The work that is being done, the innermost last.
    var running: [Task<Void, Never>] = []
    /// The signal that the innermost work has had.
    var last: Int32?
    var terminated = false
    /// The outermost work is a prompt: SIGINT never ends it.
    var isPrompt = false
    /// What SIGINT does while a reader waits for a person; nil where none waits.
    var interruptReader: (@Sendable () -> Void)?
    /// What a second SIGINT does where the work has a say in it.
    var second: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Does `work`; a signal cancels it. Gives the signal that came, or nil.
  func watch(_ work: @escaping @Sendable () async -> Void) async -> Int32? {
    let task = Task { await work() }
    let isOutermost = state.withLock { state in
      state.running.append(task)
      state.last = nil
      return state.running.count == 1
    }
    let sources = isOutermost ? SignalSources { [self] in came($0) } : nil
    await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    withExtendedLifetime(sources) {}
    return state.withLock { state in
      state.running.removeLast()
      defer { state.last = nil }
      return state.terminated ? SIGTERM : state.last
    }
  }

  /// Says that the outermost work is a prompt, which SIGINT leaves alone, between two of its lines too.
  func keepPrompt() { state.withLock { $0.isPrompt = true } }

  /// Has a second SIGINT do this, and not what it does otherwise; nil takes it back.
  func onSecond(_ action: (@Sendable () -> Void)?) { state.withLock { $0.second = action } }

  /// Waits for a person in `body`; SIGINT then interrupts the reader and nothing else.
  func waiting<Value: Sendable>(
    interrupt: @escaping @Sendable () -> Void, _ body: () async throws -> Value
  ) async rethrows -> Value {
    state.withLock { $0.interruptReader = interrupt }
    defer { state.withLock { $0.interruptReader = nil } }
    return try await body()
  }

  private func came(_ number: Int32) {
    let action: @Sendable () -> Void = state.withLock { state in
      if number == SIGINT, let interrupt = state.interruptReader { return interrupt }
      if number == SIGINT, state.isPrompt, state.running.count == 1 { return {} }
      let isSecond = state.last == SIGINT && number == SIGINT
      state.last = number
      let ends = number != SIGINT
      if ends { state.terminated = true }
      // The line of a prompt has been cancelled already.
      if isSecond, let second = state.second { return second }
      if isSecond { return { [isPrompt = state.isPrompt] in if !isPrompt { exit(130) } } }
      let tasks = ends ? state.running : Array(state.running.suffix(1))
      return { for task in tasks { task.cancel() } }
    }
    action()
  }
}

/// Tells of signals for as long as it is kept.
private final class SignalSources {
  private var sources: [any DispatchSourceSignal] = []

  /// False under nohup: then a terminal that is closed ends nothing.
  private static let takesHangup: Bool = {
    var before = sigaction()
    guard sigaction(SIGHUP, nil, &before) == 0 else { return true }
    return unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) != 1
  }()

  init(_ came: @escaping @Sendable (Int32) -> Void) {
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] where number != SIGHUP || SignalSources.takesHangup {
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
