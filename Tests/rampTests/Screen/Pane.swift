import Foundation
import Testing

/// A terminal with one program in it. tmux draws it, on a server of its own, and tells what stands there.
struct Pane: Sendable {
  /// What a test waited for and did not see.
  struct NotSeen: Error, CustomStringConvertible {
    let what: String
    let screen: String

    var description: String { "not seen: \(what)\n\(screen)" }
  }

  let home: PromptHome
  private let name: String

  /// The program that is tested: it lies beside the tests.
  static let ramp = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "ramp").path

  /// Whether terminals can be had here.
  static let isHere = has("tmux")

  /// Whether there is a program of this name.
  static func has(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }

  /// Opens a terminal in `home`, and in it ramp's prompt or another shell command, which finds ramp as `$RAMP`. `body` is
  /// called when the first prompt is there, or at once for another command.
  static func with<Result>(
    _ home: PromptHome, columns: Int = 100, rows: Int = 30, environment: [String: String] = [:],
    command: String? = nil, arguments: String = "", _ body: (Pane) async throws -> Result
  ) async throws -> Result {
    await Turnstile.terminals.enter()
    let pane = Pane(home: home, name: "ramp-test-\(getpid())-\(UUID().uuidString.prefix(8))")
    var start = [
      "start-server", ";", "set", "-g", "history-limit", "20000", ";", "set", "-g", "status", "off", ";",
      "set", "-sg", "escape-time", "0", ";", "new-session", "-d",
      "-x", "\(columns)", "-y", "\(rows)", "-c", home.path, "-e", "RAMP=\(ramp)",
    ]
    for (name, value) in environment { start += ["-e", "\(name)=\(value)"] }
    // TERM is tmux's own to set.
    let term = environment["TERM"].map { "TERM=\($0) " } ?? ""
    start.append(
      command ?? "trap : INT; \(term)\"$RAMP\" \(arguments); echo \"ramp has ended with $?\"; exec sleep 600")
    do {
      // The server stays when the command that starts it has ended: it must not carry that command's mark.
      let started = try await pane.tmux(start, by: ["env", "-u", "RAMP_PROCESS"])
      try #require(started.status == 0, "\(started.output)")
      if command == nil { try await pane.waitForPrompt(after: 0) }
      let result = try await body(pane)
      await pane.close()
      return result
    } catch {
      await pane.close()
      throw error
    }
  }

  /// The same in a home of its own.
  static func with<Result>(
    columns: Int = 100, rows: Int = 30, environment: [String: String] = [:], command: String? = nil,
    _ body: (Pane) async throws -> Result
  ) async throws -> Result {
    try await PromptHome.with { home in
      try await with(home, columns: columns, rows: rows, environment: environment, command: command, body)
    }
  }

  private func close() async {
    _ = try? await tmux(["kill-server"])
    await Turnstile.terminals.leave()
  }

  @discardableResult
  func tmux(_ words: [String], by runner: [String] = []) async throws -> Ended {
    try await program(runner + ["tmux", "-u", "-L", name, "-f", "/dev/null"] + words, environment: home.environment)
  }

  // MARK: What is typed

  /// Types a text.
  func type(_ text: String) async throws { try await tmux(["send-keys", "-l", "--", text]) }

  /// Presses keys by tmux's names: `Enter`, `Tab`, `C-c`.
  func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

  /// Puts a text in as the terminal's paste does; `isBracketed` says whether the program is told of it, if it asked to be.
  func paste(_ text: String, isBracketed: Bool) async throws {
    try home.write(text, to: "tmp/pasted")
    try await tmux(["load-buffer", home.path + "/tmp/pasted"])
    try await tmux(["paste-buffer"] + (isBracketed ? ["-p"] : []))
  }

  /// Types a line and Enter, and waits until the prompt is back.
  ///
  /// - Returns: what was written in between, without blanks at the ends of its lines.
  @discardableResult
  func line(_ text: String) async throws -> String {
    let before = Pane.prompts(try await everything())
    if !text.isEmpty { try await type(text) }
    try await press("Enter")
    return try await waitForPrompt(after: before)
  }

  // MARK: What is seen

  /// Keeps every byte that the terminal gets from now on.
  func record() async throws {
    try home.write("", to: "raw")
    try await tmux(["pipe-pane", "cat >> '\(home.path)/raw'"])
  }

  /// The bytes that were kept, as soon as `text` is among them.
  func recorded(through text: String) async throws -> String {
    var raw = ""
    try await wait("`\(text)` among the bytes") { _ in
      raw = try home.read("raw")
      return raw.contains(text)
    }
    return raw
  }

  /// The rows of the screen, without blanks at their ends and without empty rows at its end.
  func screen() async throws -> String { Pane.trimmed(try await tmux(["capture-pane", "-p"]).output) }

  /// The screen and all that has scrolled away above it; rows that a line was wrapped into are one.
  func everything() async throws -> String {
    Pane.trimmed(try await tmux(["capture-pane", "-p", "-J", "-S", "-"]).output)
  }

  /// Waits until the screen holds `text` so many times.
  @discardableResult
  func wait(for text: String, times: Int = 1) async throws -> String {
    try await wait("\(times) x `\(text)`") { $0.ranges(of: text).count >= times }
  }

  /// Waits until a new prompt is the last thing in sight, with nothing behind it.
  ///
  /// - Returns: what was written since prompt number `before`, the line typed there left out.
  @discardableResult
  func waitForPrompt(after before: Int) async throws -> String {
    let seen = try await wait("a prompt after \(before)") { text in
      Pane.prompts(text) > before && text.split(separator: "\n").last == "ramp>"
    }
    var left = before
    let lines = seen.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex { line in
      if line.hasPrefix("ramp>") { left -= 1 }
      return left == 0
    }
    return lines[(start.map { $0 + 1 } ?? 0)...].dropLast().joined(separator: "\n")
  }

  /// How many prompts there are, those of typed lines too.
  func prompts() async throws -> Int { Pane.prompts(try await everything()) }

  /// The rows of the screen from the last prompt on.
  func rowsOfLastPrompt() async throws -> [String] {
    let rows = try await screen().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return Array(rows[(rows.lastIndex { $0.hasPrefix("ramp>") } ?? 0)...])
  }

  /// Looks again and again, for 20 s at most.
  @discardableResult
  func wait(_ what: String = "what was to come", until holds: (String) async throws -> Bool) async throws -> String {
    let end = ContinuousClock.now + .seconds(20)
    var pause = Duration.milliseconds(15)
    while true {
      let text = try await everything()
      if try await holds(text) { return text }
      guard ContinuousClock.now < end else { throw NotSeen(what: what, screen: text) }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(120))
    }
  }

  /// Waits until ramp has ended; gives its exit status.
  func waitForEnd() async throws -> String {
    let seen = try await wait("the end of ramp") { $0.contains("\nramp has ended with ") }
    return String(seen.split(separator: " ").last ?? "")
  }

  private static func prompts(_ text: String) -> Int {
    text.split(separator: "\n").count { $0.hasPrefix("ramp>") }
  }

  private static func trimmed(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    return lines.reversed().drop { $0.isEmpty }.reversed().joined(separator: "\n")
  }
}
