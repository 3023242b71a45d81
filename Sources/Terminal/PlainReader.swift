import Glibc

/// Lines from a pipe, a file or a terminal that cannot move its cursor, without the line editor.
///
/// A last line without a newline counts. A carriage return before the newline is taken away, ill-formed UTF-8 is
/// repaired. Cost: one read per 64 kB, none per line.
package actor PlainReader: LineReader {
  /// The longest line, in bytes: 64 MiB.
  package static let longestLine = 64 << 20

  private let thread = PinnedThread(name: "plain reader")
  private let wakeup = Wakeup()
  private let input: Int32
  private let promptOutput: Int32?
  private let longestLine: Int
  private let continues: @Sendable (String) -> Bool

  private var buffer: [UInt8] = []
  /// Where the next line begins in `buffer`.
  private var start = 0
  private var hasEnded = false

  /// Reads `input`. Prompts are written to `promptOutput`; nil, the default, is right for pipes.
  package init(
    input: Int32 = STDIN_FILENO, promptOutput: Int32? = nil, longestLine: Int = PlainReader.longestLine,
    continues: @escaping @Sendable (String) -> Bool = Continuation.isOpen
  ) {
    self.input = input
    self.promptOutput = promptOutput
    self.longestLine = longestLine
    self.continues = continues
  }

  deinit {
    thread.stop()
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  package nonisolated func interrupt() {
    wakeup.post(.interrupted)
  }

  package func next(prompt: String, continuation: String) async throws -> LineEvent {
    wakeup.clear()
    return try await withTaskCancellationHandler {
      try command(prompt: prompt, continuation: continuation)
    } onCancel: {
      wakeup.post(.cancelled)
    }
  }

  private func command(prompt: String, continuation: String) throws -> LineEvent {
    var text = ""
    var shown = prompt
    while true {
      show(shown)
      switch try line() {
      case .line(let part):
        text += part
        guard continues(text) else { return .line(text) }
        text += "\n"
        shown = continuation
      case .interrupted:
        show("\n")
        return .interrupted
      case .endOfInput:
        show("\n")
        return text.isEmpty ? .endOfInput : .line(String(text.dropLast()))
      }
    }
  }

  private func line() throws -> LineEvent {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        guard end - start <= longestLine else { throw LineReaderError.lineTooLong(limit: longestLine) }
        defer { start = end + 1 }
        return .line(text(start..<end))
      }
      guard buffer.count - start <= longestLine else { throw LineReaderError.lineTooLong(limit: longestLine) }
      searched = buffer.count
      if hasEnded {
        guard start < buffer.count else { return .endOfInput }
        defer { start = buffer.count }
        return .line(text(start..<buffer.count))
      }
      searched -= dropConsumed()
      switch wakeup.wait(for: input) {
      case .readable: try fill()
      case .failed(let code): throw LineReaderError.cannotRead(code: code)
      case .woken(let reasons):
        if reasons.contains(.cancelled) { throw CancellationError() }
        if reasons.contains(.interrupted) { return .interrupted }
      }
    }
  }

  private func text(_ range: Range<Int>) -> String {
    let line = buffer[range]
    return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
  }

  /// Frees what has been handed out; returns by how much the rest has moved.
  private func dropConsumed() -> Int {
    defer { start = 0 }
    buffer.removeSubrange(..<start)
    return start
  }

  private func fill() throws {
    let chunk = 1 << 16
    var (count, code): (Int, Int32) = (0, 0)
    let bytes = [UInt8](unsafeUninitializedCapacity: chunk) { storage, filled in
      count = read(input, storage.baseAddress, chunk)
      code = errno
      filled = max(0, count)
    }
    buffer += bytes
    if count == 0 { hasEnded = true }
    if count < 0, code != EINTR, code != EAGAIN { throw LineReaderError.cannotRead(code: code) }
  }

  private func show(_ text: String) {
    guard let promptOutput else { return }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(promptOutput, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
