import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt begins` {
  private static let configuration = ".config/ramp/init.ramp"

  @Test func `with the lines of init.ramp`() async throws {
    try await PromptHome.with { home in
      try home.write("# mine\nset format lines\nset context.budget 5000\n", to: Self.configuration)
      try await Pane.with(home) { pane in
        let format = try await pane.line("settings format")
        #expect(format.contains("lines"))
        #expect(try await pane.line("settings context.budget").contains("5000"))
      }
    }
  }

  @Test func `after what is wrong with init.ramp was said`() async throws {
    try await PromptHome.with { home in
      try home.write("set format lines\nset formt search\nset context.budget 5000\n", to: Self.configuration)
      try await Pane.with(home) { pane in
        let start = try await pane.everything()
        #expect(start.contains("init.ramp:2: no setting `formt`"))
        #expect(try await pane.line("settings format").contains("lines"))
        #expect(try await pane.line("settings context.budget").contains("9000"))
      }
    }
  }

  @Test func `where the last one ended`() async throws {
    try await PromptHome.with { home in
      try await Pane.with(home) { pane in
        try await pane.line("set context.files 2")
        try await pane.line("run django__django-11000 --through patch")
        try await pane.press("C-d")
        #expect(try await pane.waitForEnd() == "0")
      }
      try await Pane.with(home, arguments: "--continue") { pane in
        let setting = try await pane.line("settings context.files")
        #expect(setting.contains("2"))
        #expect(try await pane.line("attempts").contains("1.1"))
        #expect(try await pane.line("rerun --through patch").contains("take 1.2"))
      }
    }
  }

  @Test func `on a terminal that cannot move its cursor`() async throws {
    try await Pane.with(environment: ["TERM": "dumb"]) { pane in
      try await pane.record()
      #expect(try await pane.line("settings format").contains("format   search"))
      let before = try await pane.prompts()
      try await pane.type("settings")
      try await pane.press("C-c")
      try await pane.waitForPrompt(after: before)
      #expect(try await pane.line("run django__django-11000 --through patch").contains("attempt 1"))
      try await pane.press("C-d")
      #expect(try await pane.waitForEnd() == "0")
      let raw = try await pane.recorded(through: "ramp has ended")
      #expect(raw.contains("attempt 1") && !raw.contains("\u{1B}"))
    }
  }
}
