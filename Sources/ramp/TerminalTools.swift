import Foundation
import Glibc
import Processes
import Sessions
import Terminal

/// What a person at a terminal has beside the prompt: a shell, a pager, an editor.
enum TerminalTools {
  /// Runs a shell command on the terminal; gives its exit status.
  @Sendable static func shell(_ command: String, _ input: [UInt8]?) async throws -> Int32 {
    let status = try await Foreground.shell(command, input: input)
    beginRow()
    return status
  }

  /// Brings the cursor to the beginning of a row: of the next one, where a program has left it in the middle of one. A
  /// row of blanks goes exactly into an empty row, and over the end of any other.
  private static func beginRow() {
    guard Screen.isTerminal(STDOUT_FILENO), let width = Screen.width(of: STDERR_FILENO),
      !Screen.isDumb(environment: ProcessInfo.processInfo.environment)
    else { return }
    Streams.err(String(repeating: " ", count: width) + "\r\u{1B}[K")
  }

  /// Shows `text` with `$PAGER`, or less, where it has more rows than the screen; false where it was not shown.
  @Sendable static func page(_ text: String) async -> Bool {
    guard let rows = Screen.height(of: STDOUT_FILENO), let width = Screen.width(of: STDOUT_FILENO) else { return false }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let needed = lines.reduce(0) { $0 + max(1, ($1.count + width - 1) / width) }
    guard needed >= rows, !Screen.isDumb(environment: ProcessInfo.processInfo.environment) else { return false }
    // less stops at once where all fits after all, keeps colours, and leaves the text on the screen.
    let known = ProcessInfo.processInfo.environment["PAGER"].flatMap { $0.isEmpty ? nil : $0 }
    let command =
      "export LESS=\"${LESS-FRX -P?e(end) .q goes back to ramp$}\"; \(known ?? "$(command -v less || echo cat)")"
    return (try? await Foreground.shell(command, input: Array(text.utf8))) == 0
  }

  /// Opens `text` in `$VISUAL`, `$EDITOR` or what Debian calls `editor`, in a file of its own called `name`; gives the
  /// text as it was saved.
  ///
  /// - Throws: `SessionError.editorFailed`; nothing was changed then.
  @Sendable static func edit(_ text: String, named name: String) async throws -> String {
    let environment = ProcessInfo.processInfo.environment
    let known = [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }.first { !$0.isEmpty }
    let editor = known ?? "editor"
    let folder = NSTemporaryDirectory() + "ramp-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let status = try await Foreground.shell("\(editor) \"$1\"", arguments: [path])
    let bytes = try? Data(contentsOf: URL(fileURLWithPath: path))
    let new = bytes.map { String(decoding: $0, as: UTF8.self) } ?? text
    guard status == 0 else {
      let kept = new == text ? nil : Places.keep(new, named: name, environment)
      throw SessionError.editorFailed(editor, status: status, kept: kept)
    }
    return new
  }
}
