import Foundation
import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt remembers` {
  @Test func `each line once, after it was started again too`() async throws {
    try await PromptHome.with { home in
      try await Pane.with(home) { pane in
        for line in ["settings format", "instances", "settings format", "note größe", "instances"] {
          try await pane.line(line)
        }
        try await pane.press("C-d")
        #expect(try await pane.waitForEnd() == "0")
      }
      try await Pane.with(home) { pane in
        try await pane.press("Up")
        try await pane.wait { $0.hasSuffix("ramp> instances") }
        try await pane.press("Up")
        try await pane.wait { $0.hasSuffix("ramp> note größe") }
        try await pane.press("Up")
        try await pane.wait { $0.hasSuffix("ramp> settings format") }
        try await pane.line("")
        #expect(try await pane.line("history") == "  note größe\n  instances\n  settings format\n  history")
      }
    }
  }

  @Test func `no password that was typed in a URL`() async throws {
    try await PromptHome.with { home in
      try await Pane.with(home) { pane in
        let said = try await pane.line("set datasets.server https://me:hunter2@h.example")
        #expect(said.contains("`datasets.server` holds no user and no password") && said.contains("HF_TOKEN"))
        try await pane.line("note 'ssh://git:hunter2@f.example/x'")
        #expect(try await pane.line("history").contains("note 'ssh://f.example/x'"))
      }
      #expect(!(try home.read(PromptHome.history).contains("hunter2")))
    }
  }

  @Test func `nothing in a file that is not its own, which it says once and leaves as it is`() async throws {
    try await PromptHome.with { home in
      try home.write("dear diary\n", to: PromptHome.history)
      try await Pane.with(home) { pane in
        let place = "\(home.path)/\(PromptHome.history)"
        let said = try await pane.line("settings format")
        #expect(said.contains("\(place) is not a history of the prompt, so lines are not kept"))
        #expect(said.contains("format   search"))
        #expect(!(try await pane.line("settings feedback").contains("history")))
        try await pane.press("Up", "Up")
        try await pane.wait { $0.hasSuffix("ramp> settings format") }
        try await pane.press("C-c", "C-d")
        #expect(try await pane.waitForEnd() == "0")
      }
      #expect(try home.read(PromptHome.history) == "dear diary\n")
    }
  }

  @Test func `the lines of two that are open at once, and both keep what they made`() async throws {
    try await PromptHome.with { home in
      try await Pane.with(home) { one in
        try await Pane.with(home) { two in
          try await one.line("note one")
          try await two.line("note two")
          try await one.type("run django__django-11000")
          try await one.press("Enter")
          let said = try await two.line("run django__django-11000")
          #expect(said.contains("verdict    unresolved"))
          #expect(!said.contains("locked"))
          #expect(try await one.waitForPrompt(after: 2).contains("verdict    unresolved"))
          try await one.line("note three")
          for pane in [one, two] { try await pane.press("C-d") }
          for pane in [one, two] { #expect(try await pane.waitForEnd() == "0") }
        }
      }
      try await Pane.with(home, arguments: "--continue") { pane in
        let lines = try await pane.line("history")
        for line in ["note one", "note two", "run django__django-11000", "note three"] {
          #expect(lines.split(separator: "\n").count { $0 == "  \(line)" } == 1, "\(line)")
        }
        #expect(try await pane.line("attempts").contains("unresolved"))
      }
    }
  }
}
