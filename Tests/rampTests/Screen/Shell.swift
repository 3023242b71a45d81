import Processes

/// A program that has ended.
struct Ended: Sendable {
  let status: Int32
  let output: String
}

/// Runs a program along the `PATH` of `environment` to its end; its two outputs come together.
func program(_ words: [String], environment: [String: String], folder: String? = nil) async throws -> Ended {
  let done = try await Launcher.run(
    Command(
      words[0], Array(words.dropFirst()), environment: environment, directory: folder, timeout: .seconds(30),
      mergesErrorIntoOutput: true))
  let status: Int32 = if case .exited(let status) = done.ending { status } else { -1 }
  return Ended(status: status, output: String(decoding: done.output, as: UTF8.self))
}

/// At most so many terminals are open at a time: dozens of tests begin together.
actor Turnstile {
  static let terminals = Turnstile(places: 3)
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { free = places }

  func enter() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func leave() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
