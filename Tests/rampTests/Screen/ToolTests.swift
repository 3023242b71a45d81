import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt and other programs` {
  private static let run = "run django__django-11000"

  @Test func `an editor that is missing, fails or changes nothing leaves everything as it was`() async throws {
    for (editor, said) in [
      ("/nowhere/ed", "`/nowhere/ed` ended with status 127"), ("false", "`false` ended with status 1"),
      ("true", "came back as it was, so nothing was changed"),
    ] {
      try await Pane.with(environment: ["EDITOR": editor]) { pane in
        try await pane.line(Self.run + " --through patch")
        for line in ["tweak reply", "template edit"] {
          let answer = try await pane.line(line)
          #expect(answer.contains(said), "\(line)")
        }
        let takes = try await pane.line("attempts")
        #expect(takes.contains("1.1") && !takes.contains(" 1.2 "))
        #expect(try await pane.line("settings template").contains("default"))
      }
    }
  }

  @Test func `an editor changes a reply and a template`() async throws {
    try await Pane.with(environment: ["EDITOR": "sed -i -e 's/nonform/other/' -e 's/You /You there, /'"]) { pane in
      try await pane.line(Self.run + " --through patch")
      #expect(try await pane.line("tweak reply --through patch").contains("take 1.2, tweaked"))
      let difference = try await pane.line("diff reply 1.1 1.2")
      #expect(difference.contains("nonform") && difference.contains("other"))
      #expect(try await pane.line("template edit").contains("template repair -> repair-2"))
      #expect(try await pane.line("template show repair-2 | grep -c 'You there, '") != "0")
    }
  }

  @Test func `templates and skills are read from the user's folder`() async throws {
    try await PromptHome.with { home in
      try home.write("[[user]]\nMend it: {{ issue }}\n", to: ".config/ramp/templates/mine.jinja")
      try home.write("---\nname: twice\n---\nLook twice.\n", to: ".config/ramp/skills/twice.md")
      try home.write("no skill, by its ending", to: ".config/ramp/skills/notes.txt")
      try await Pane.with(home) { pane in
        #expect(try await pane.line("template show mine").contains("Mend it: {{ issue }}"))
        #expect(try await pane.line("skill show twice").contains("Look twice."))
        let skills = try await pane.line("skill list")
        #expect(skills.contains("your folder") && !skills.contains("notes"))
      }
    }
  }

  @Test func `an editor that fails behind its work leaves the text in a file`() async throws {
    try await PromptHome.with { home in
      try home.write("#!/bin/sh\necho more >> \"$1\"\nexit 3\n", to: "bin/editor", isProgram: true)
      try await Pane.with(home, environment: ["EDITOR": "\(home.path)/bin/editor"]) { pane in
        try await pane.line(Self.run + " --through patch")
        let answer = try await pane.line("tweak reply").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(answer.contains("ended with status 3") && answer.contains("what was written is in /"))
        #expect(answer.contains("-reply.md: `--file` takes it up again"))
      }
    }
  }

  @Test func `an editor has the terminal, and gives it back`() async throws {
    try await PromptHome.with { home in
      try home.write(
        "#!/bin/sh\necho \"editing ${1##*/}\"\nstty -a | grep -ow icanon\nread answer\necho \"$answer\" >> \"$1\"\n",
        to: "bin/editor", isProgram: true)
      try await Pane.with(home, environment: ["EDITOR": "\(home.path)/bin/editor"]) { pane in
        try await pane.line(Self.run + " --through patch")
        try await pane.type("tweak reply --through reply")
        try await pane.press("Enter")
        try await pane.wait(for: "editing reply.md\nicanon")
        #expect(try await pane.line("one more line").contains("take 1.2, tweaked"))
        #expect(try await pane.line("show reply | tail -n 1") == "one more line")
      }
    }
  }

  @Test func `a pager shows what is longer than the screen, and only that`() async throws {
    try await Pane.with(environment: ["PAGER": "sed 's/^/paged /'"]) { pane in
      try await pane.line(Self.run + " --through prompt")
      #expect(try await pane.line("show prompt").split(separator: "\n").allSatisfy { $0.hasPrefix("paged") })
      #expect(!(try await pane.line("attempts").contains("paged")))
    }
  }

  @Test(.enabled(if: Pane.has("less"), "less is not here: `apt install less`"))
  func `less shows a screen at a time and hands the terminal back`() async throws {
    try await Pane.with(environment: ["PAGER": "less"]) { pane in
      try await pane.line(Self.run + " --through prompt")
      let before = try await pane.prompts()
      try await pane.type("show prompt")
      try await pane.press("Enter")
      try await pane.wait { _ in try await pane.screen().hasSuffix("q goes back to ramp") }
      // Control-C is for the pager then, and no reason to leave it or the prompt.
      try await pane.press("C-c")
      try await pane.wait { $0.ranges(of: "[[system]]").count > 1 }
      try await pane.press("q")
      try await pane.waitForPrompt(after: before)
      #expect(try await pane.line("settings format").contains("format   search"))
    }
  }

  @Test func `a line goes into a pipe, a file or to the shell`() async throws {
    try await Pane.with { pane in
      try await pane.line(Self.run + " --through prompt")
      let head = try await pane.line("show prompt | head -n 3").split(separator: "\n", omittingEmptySubsequences: false)
      #expect(head.count == 3)
      #expect(try await pane.line("show prompt > prompt.txt") == "")
      let kept = try pane.home.read("prompt.txt").split(separator: "\n", omittingEmptySubsequences: false)
      #expect(kept.prefix(3) == head[...])
      #expect(kept.count > 40)
      #expect(try await pane.line("! echo x; echo y >&2; exit 3").hasPrefix("x\ny\n"))
      #expect(try await pane.line("! printf 'p%s' q") == "pq")
    }
  }
}
