import Foundation
import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt and Control-C` {
  @Test func `drop the line that is typed, and the lines it goes on from`() async throws {
    try await Pane.with { pane in
      try await pane.type("instances")
      try await pane.press("C-c")
      try await pane.wait { $0.hasSuffix("ramp> instances^C\nramp>") }
      try await pane.type("settings \\")
      try await pane.press("Enter")
      try await pane.wait { $0.hasSuffix("  ...") }
      try await pane.type("format")
      try await pane.press("C-c")
      try await pane.wait { $0.hasSuffix("  ... format^C\nramp>") }
      // In the middle of a search too.
      try await pane.press("C-r")
      try await pane.type("xyz")
      try await pane.wait(for: "xyz")
      let before = try await pane.prompts()
      try await pane.press("C-c")
      try await pane.waitForPrompt(after: before)
      #expect(try await pane.line("history") == "  history")
    }
  }

  @Test func `never leave it, however often`() async throws {
    try await Pane.with { pane in
      for _ in 0..<5 { try await pane.press("C-c", "C-c") }
      // Signals that come close together are one, so prompts are not counted: the program is there and answers. A prompt
      // may stand behind a `^C` that the terminal has echoed.
      try await pane.wait("a prompt") { $0.hasSuffix("ramp>") }
      try await pane.type("settings format")
      try await pane.press("Enter")
      try await pane.wait(for: "format   search")
      #expect(try await !pane.everything().contains("ramp has ended with"))
    }
  }

  /// Runs a row whose tests hang where `command` does, interrupts it `times` in a row when `sleeper` lives, and looks
  /// that nothing is left of it.
  private func interrupt(_ stage: String, sleeper: String, command: String, times: Int) async throws {
    try await PromptHome.with { home in
      try await home.makeRow(test: command)
      try await Pane.with(home) { pane in
        for line in home.linesForRow { try await pane.line(line) }
        let before = try await pane.prompts()
        try await pane.type("run own__own-1")
        try await pane.press("Enter")
        try await pane.wait("the tests to hang") { _ in try home.workers(sleeper).contains { $0.hasPrefix(sleeper) } }
        for _ in 0..<times { try await pane.press("C-c") }
        let said = try await pane.waitForPrompt(after: before)
        #expect(said.contains("interrupted"))
        #expect(!said.contains("  \(stage)  "))
        try await pane.wait("no process to be left") { _ in try home.workers(sleeper).isEmpty }
        #expect(try await pane.line("settings format").contains("format   search"))
      }
    }
  }

  @Test func `end the cloning of a repository from a place that is silent`() async throws {
    let script = """
      import socket, sys
      listener = socket.socket()
      listener.bind(("127.0.0.1", 0))
      listener.listen(8)
      print(listener.getsockname()[1], flush=True)
      kept = []
      while True:
          kept.append(listener.accept())
          print("asked", flush=True)
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    defer { kill(process.processIdentifier, SIGKILL) }
    let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let place = "http://127.0.0.1:" + said.trimmingCharacters(in: .whitespacesAndNewlines)
    try await PromptHome.with { home in
      try await home.makeRow(test: PromptHome.honestTest)
      try await Pane.with(home) { pane in
        for line in ["set repositories \(place)/{owner}/{name}", "load rows.jsonl", "model use scripted:reply.md"] {
          try await pane.line(line)
        }
        let before = try await pane.prompts()
        try await pane.type("run own__own-1")
        try await pane.press("Enter")
        try await pane.wait("git to ask") { _ in
          try home.workers(place).contains { $0.contains("git") && $0.contains(place) }
        }
        try await pane.press("C-c")
        let said = try await pane.waitForPrompt(after: before)
        #expect(said.contains("interrupted"))
        #expect(!said.contains("  workspace  "))
        try await pane.wait("no git to be left") { _ in try home.workers(place).isEmpty }
        // What was half cloned is in no one's way.
        try await pane.line("set repositories \(home.path)/mirrors")
        #expect(try await pane.line("run own__own-1").contains("verdict    resolved"))
      }
    }
  }

  @Test(arguments: [1, 3]) func `end a baseline`(times: Int) async throws {
    try await interrupt("baseline", sleeper: "sleep 77710\(times)", command: "sleep 77710\(times)", times: times)
  }

  @Test(arguments: [1, 3]) func `end the tests of a patch`(times: Int) async throws {
    let sleeper = "sleep 77720\(times)"
    try await interrupt(
      "tests", sleeper: sleeper, command: "grep -q after ./*.py && \(sleeper); \(PromptHome.honestTest)", times: times)
  }

  @Test func `end a reply, of which the part that came stays to be looked at`() async throws {
    try await PromptHome.with { home in
      let lines = (1...400).map { "line \($0) of a slow reply\n" }.joined()
      try await home.makeRow(test: PromptHome.honestTest, reply: "-- scripted/any/1 pace=50 --\n\(lines)")
      try await Pane.with(home) { pane in
        for line in home.linesForRow { try await pane.line(line) }
        let before = try await pane.prompts()
        try await pane.type("run own__own-1")
        try await pane.press("Enter")
        try await pane.wait(for: "line 5 of a slow reply")
        // It takes 20 s to its end: the waiting line shows what is waited for.
        try await pane.wait("the waiting line") { $0.firstMatch(of: /reply {6}[0-9.]+ s {2}[0-9]+ tokens\/s/) != nil }
        try await pane.press("C-c")
        let said = try await pane.waitForPrompt(after: before)
        #expect(said.hasSuffix("interrupted"))
        #expect(!said.contains("tokens/s"))
        let shown = try await pane.line("show reply").split(separator: "\n").map(String.init)
        #expect(shown.first == "the reply of 1.1 as far as it came; the take was stopped, and `continue` asks again")
        #expect(shown.dropFirst().prefix(5) == (1...5).map { "line \($0) of a slow reply" }[...])
        #expect(shown.count < 400)
        #expect(try await pane.line("attempts").contains("1.1   through prompt"))
      }
    }
  }
}
