import Foundation
import Glibc

/// What came from the keyboard or the pipe.
package enum LineEvent: Hashable, Sendable {
  /// A line without its newline. Where it was continued, the lines stand together as typed: a backslash and a newline
  /// between them.
  case line(String)
  /// Control-C: what was typed is dropped.
  case interrupted
  /// Control-D on an empty line, or the end of a pipe.
  case endOfInput
}

/// Where lines come from: the line editor on a terminal, plain reading elsewhere.
package protocol LineReader: Sendable {
  /// The next line. `continuation` is the prompt of the lines after the first; prompts may carry colour.
  ///
  /// Throws `CancellationError` when the task is cancelled, `LineReaderError` when the input cannot be read.
  func next(prompt: String, continuation: String) async throws -> LineEvent

  /// Makes a waiting `next` return `.interrupted`; without effect where none waits. For a handler of SIGINT.
  nonisolated func interrupt()

  /// Drops lines that are here already and have not been asked for: the rest of a pasted block.
  func forgetAhead() async
}

extension LineReader {
  package func forgetAhead() async {}
}

/// Why no line could be read.
package enum LineReaderError: Error, Hashable, Sendable {
  /// A line has more than `limit` bytes. Nothing after it is read.
  case lineTooLong(limit: Int)
  /// Reading failed; `code` is an `errno`.
  case cannotRead(code: Int32)
  /// The line editor cannot work on this terminal.
  case noEditor
}

extension LineReaderError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .lineTooLong(let limit): "a line has more than \(limit) bytes"
    case .cannotRead(let code): "the input cannot be read: \(String(cString: strerror(code)))"
    case .noEditor: "the line editor cannot be set up on this terminal"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .lineTooLong: "put the text into a file and name the file, or break the line with a backslash at its end"
    case .cannotRead: "start again with `ramp FILE` or `ramp -c 'COMMANDS'`"
    case .noEditor: "start again with `TERM=dumb ramp`"
    }
  }
}

/// When a line goes on in the next one.
package enum Continuation {
  /// Whether the line ends in a backslash that is not itself escaped by one.
  package static func isOpen(_ line: String) -> Bool {
    !line.utf8.reversed().prefix { $0 == UInt8(ascii: "\\") }.count.isMultiple(of: 2)
  }
}
