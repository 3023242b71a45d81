import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt and its end` {
  @Test func `come together with Control-D on an empty line, and only there`() async throws {
    try await Pane.with { pane in
      try await pane.type("settings")
      try await pane.press("C-d")
      #expect(try await pane.line(" format").contains("format   search"))
      try await pane.press("C-d")
      #expect(try await pane.waitForEnd() == "0")
    }
  }

  @Test func `come together with quit`() async throws {
    try await Pane.with { pane in
      try await pane.type("settings format; quit; settings format")
      try await pane.press("Enter")
      #expect(try await pane.waitForEnd() == "0")
      #expect(try await pane.everything().ranges(of: "format   search").count == 1)
    }
  }

  @Test func `let Control-Z stop it until the shell goes on with it`() async throws {
    try await Pane.with(environment: ["PS1": "shell$ "], command: "exec /bin/sh -i") { pane in
      try await pane.wait { $0.hasSuffix("shell$") }
      try await pane.type("$RAMP")
      try await pane.press("Enter")
      try await pane.waitForPrompt(after: 0)
      try await pane.type("settings fo")
      try await pane.press("C-z")
      try await pane.wait { $0.hasSuffix("shell$") }
      // The terminal is the shell's again: Control-C is a signal, a line is read as a line.
      try await pane.type("stty -a | grep -ow -e isig -e icanon; echo e\"nd\"")
      try await pane.press("Enter")
      try await pane.wait { $0.contains("\nend\nshell$") }
      #expect(try await pane.everything().contains("isig\nicanon\nend"))
      try await pane.type("fg")
      try await pane.press("Enter")
      try await pane.wait { $0.hasSuffix("\nramp> settings fo") }
      #expect(try await pane.line("rmat").contains("format   search"))
    }
  }

  @Test func `let Control-Z stop a running line as well`() async throws {
    try await PromptHome.with { home in
      try await home.makeRow(
        test: PromptHome.honestTest, reply: "-- scripted/any/1 pace=100 --\n" + PromptHome.fix)
      try await Pane.with(home, environment: ["PS1": "shell$ "], command: "exec /bin/sh -i") { pane in
        try await pane.wait { $0.hasSuffix("shell$") }
        try await pane.type("$RAMP")
        try await pane.press("Enter")
        try await pane.waitForPrompt(after: 0)
        for line in home.linesForRow { try await pane.line(line) }
        try await pane.type("run own__own-1")
        try await pane.press("Enter")
        try await pane.wait(for: "The value is wrong.")
        let before = try await pane.prompts()
        try await pane.press("C-z")
        try await pane.wait { $0.hasSuffix("shell$") }
        try await pane.type("fg")
        try await pane.press("Enter")
        #expect(try await pane.waitForPrompt(after: before).contains("verdict    resolved"))
      }
    }
  }
}
