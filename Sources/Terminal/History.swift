import CEdit
import Content
import Foundation
import Glibc

/// Why the history of the prompt is not kept. The prompt works without it.
package enum HistoryError: Error, Hashable, Sendable {
  /// The file is not a history that the line editor wrote; it is left as it is.
  case notHistory(path: String)
  /// The file cannot be written.
  case cannotWrite(path: String)
}

extension HistoryError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notHistory(let path): "\(path) is not a history of the prompt, so lines are not kept"
    case .cannotWrite(let path): "\(path) cannot be written, so lines are not kept"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notHistory(let path): "move it away: `! mv \(path) \(path).old`"
    case .cannotWrite(let path): "look at its folder: `! ls -ld \(PathText.folder(of: path))`"
    }
  }
}

/// The file that keeps the lines typed at a prompt.
package enum HistoryFile {
  /// Its lines, oldest first; none where it is not there.
  ///
  /// - Throws: `HistoryError.notHistory`.
  package static func lines(_ path: String, limit: Int = 2_000) throws(HistoryError) -> [String] {
    guard let history = History(limit: limit) else { return [] }
    try history.load(path)
    return history.entries
  }
}

/// The lines that were typed, oldest first, each once: a line typed again moves to the end.
///
/// The file is libedit's own (`_HiStOrY_V2_`, then one line per entry, blanks and newlines encoded as vis(3) does).
final class History {
  /// libedit's list; the editor reads it.
  let handle: OpaquePointer
  private let limit: Int

  /// An empty history of at most `limit` lines; nil where memory is out.
  init?(limit: Int) {
    guard let handle = history_init() else { return nil }
    self.handle = handle
    self.limit = limit
    var event = HistEvent()
    _ = cedit_history_number(handle, &event, H_SETSIZE, Int32(clamping: limit))
  }

  deinit {
    history_end(handle)
  }

  /// The lines, oldest first.
  var entries: [String] {
    var event = HistEvent()
    var result: [String] = []
    var code = cedit_history(handle, &event, H_LAST)
    while code >= 0 {
      if let text = event.str { result.append(String(cString: text)) }
      code = cedit_history(handle, &event, H_PREV)
    }
    return result
  }

  /// Adds a line and takes every earlier copy away; returns false for a blank line, which is not kept.
  @discardableResult
  func add(_ line: String) -> Bool {
    guard line.utf8.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else { return false }
    var event = HistEvent()
    var copies: [Int32] = []
    var code = cedit_history(handle, &event, H_FIRST)
    while code >= 0 {
      if let text = event.str, line.withCString({ strcmp($0, text) }) == 0 { copies.append(event.num) }
      code = cedit_history(handle, &event, H_NEXT)
    }
    for number in copies { _ = cedit_history_number(handle, &event, H_DEL, number) }
    return cedit_history_text(handle, &event, H_ENTER, line) >= 0
  }

  /// Takes the place of what is here by the lines of a file, without copies. A file that is not there is an empty one.
  ///
  /// A file that has grown to more than twice the limit is written anew.
  func load(_ path: String) throws(HistoryError) {
    if try read(path) > 2 * limit {
      // What another prompt has added since is read too, and none adds a line until the file is replaced.
      let lock = FileLock(beside: path)
      defer { withExtendedLifetime(lock) {} }
      try read(path)
      try save(path)
    }
  }

  /// Reads the file; returns how many lines it has, copies counted.
  @discardableResult
  private func read(_ path: String) throws(HistoryError) -> Int {
    var event = HistEvent()
    _ = cedit_history(handle, &event, H_CLEAR)
    guard access(path, F_OK) == 0 else { return 0 }
    let count = cedit_history_text(handle, &event, H_LOAD, path)
    guard count >= 0 else {
      // An empty file has no header, and holds nothing that could be lost.
      var status = stat()
      if stat(path, &status) == 0, status.st_size == 0, status.st_mode & S_IFMT == S_IFREG { return 0 }
      throw .notHistory(path: path)
    }
    let lines = entries
    var seen: Set<String> = []
    let kept = lines.reversed().filter { seen.insert($0).inserted }
    if kept.count < lines.count {
      _ = cedit_history(handle, &event, H_CLEAR)
      for line in kept.reversed() { _ = cedit_history_text(handle, &event, H_ENTER, line) }
    }
    return Int(count)
  }

  /// Adds a line to the end of a file, as other prompts do with theirs. Copies in the file stay until `load`. A file
  /// that is made is readable by its owner alone.
  static func append(_ line: String, to path: String) throws(HistoryError) {
    let lock = FileLock(beside: path)
    defer { withExtendedLifetime(lock) {} }
    guard cedit_history_append(line, path) == 0 else { throw .cannotWrite(path: path) }
  }

  /// Writes all lines; the file is replaced at once, and after an error it is as it was. Lines that are only in the file
  /// are lost.
  private func save(_ path: String) throws(HistoryError) {
    // A link is kept, and what it names is replaced.
    let target = realpath(path, nil).map { resolved in
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let final = target ?? path
    let temporary = "\(final).\(getpid())"
    var event = HistEvent()
    guard cedit_history_text(handle, &event, H_SAVE, temporary) >= 0, rename(temporary, final) == 0 else {
      unlink(temporary)
      throw .cannotWrite(path: path)
    }
  }
}
