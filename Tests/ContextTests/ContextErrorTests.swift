import Testing

@testable import Context

private let tree = MemoryTree([
  "django/forms/forms.py": "a\nb\nc\n", "django/forms/formsets.py": "x\n", "django/http/data.bin": "a\0b",
  "empty.py": "", "forms.py": "one\n",
])

@Suite struct `spans that are added` {
  @Test(arguments: [
    ["forms.py"], ["forms.py:1"], ["django/forms/forms.py:2-3", "forms.py", "forms.py:1-1"], [],
  ])
  func `are good where their files and lines are there`(spans: [String]) async throws {
    try await ContextSelector.check(try spans.map { try Span(parsing: $0) }, in: tree)
  }

  @Test(arguments: [
    (
      "django/forms/form.py",
      ContextError.noSuchFile(
        path: "django/forms/form.py", nearest: ["django/forms/forms.py", "django/forms/formsets.py"])
    ),
    (
      "formset.py",
      .noSuchFile(path: "formset.py", nearest: ["forms.py"])
    ),
    (
      "forms/forms.py",
      .noSuchFile(path: "forms/forms.py", nearest: ["django/forms/forms.py", "forms.py"])
    ),
    ("quite/other.py", .noSuchFile(path: "quite/other.py", nearest: [])),
    (
      "django/forms", .noSuchFile(path: "django/forms", nearest: ["django/forms/forms.py", "django/forms/formsets.py"])
    ),
    ("Forms.py", .noSuchFile(path: "Forms.py", nearest: ["forms.py"])),
    ("forms.py:2", .linesOutOfRange(path: "forms.py", first: 2, last: 2, count: 1)),
    ("django/forms/forms.py:3-4", .linesOutOfRange(path: "django/forms/forms.py", first: 3, last: 4, count: 3)),
    ("empty.py", .linesOutOfRange(path: "empty.py", first: 1, last: .max, count: 0)),
    ("django/http/data.bin", .notText(path: "django/http/data.bin")),
  ])
  func `are refused for what is wrong with the first that is not`(text: String, error: ContextError) async throws {
    let spans = [Span(path: "forms.py"), try Span(parsing: text), Span(path: "nowhere.py", first: 9, last: 9)]
    if case .noSuchFile = error {
      await #expect(throws: error) { try await ContextSelector.check(spans, in: tree) }
    }
    await #expect(throws: error) { try await ContextSelector.check(Array(spans.prefix(2)), in: tree) }
    await #expect(throws: error) { try await select("forms", tree, added: Array(spans.prefix(2))) }
  }

  @Test func `are refused where they take more than the budget`() async throws {
    let spans = [Span(path: "forms.py"), Span(path: "django/forms/forms.py")]
    let needed = try await select("", tree, added: spans).tokens
    #expect(try await select("", tree, budget: needed, added: spans).tokens == needed)
    await #expect(throws: ContextError.tooLarge(budget: needed - 1, needed: needed, largest: spans[1])) {
      try await select("", tree, budget: needed - 1, added: spans)
    }
  }

  @Test func `need no budget where they are dropped, too`() async throws {
    let spans = [Span(path: "forms.py")]
    #expect(try await select("", tree, budget: 0, added: spans, dropped: spans).parts.isEmpty)
  }

  @Test func `may be dropped though they are not there any more`() async throws {
    let selection = try await select(
      "formsets", tree, dropped: [Span(path: "nowhere.py"), Span(path: "django/forms/forms.py", first: 90, last: 99)])
    #expect(selection.paths.first == "django/forms/formsets.py")
  }
}

@Suite struct `a context error` {
  @Test(arguments: [
    (
      ContextError.notASpan("a.py:0"), "`a.py:0` is no file and no lines of one",
      "name a file, or lines of it: `context add forms/formsets.py:40-80`"
    ),
    (
      .noSuchFile(path: "a.py", nearest: []), "no file a.py at this commit",
      "`context list` shows what is in the context and what is next"
    ),
    (
      .noSuchFile(path: "a.py", nearest: ["b.py", "c.py"]), "no file a.py at this commit; nearest: b.py, c.py",
      "`context add b.py`"
    ),
    (
      .linesOutOfRange(path: "a.py", first: 5, last: 9, count: 7),
      "a.py has 7 lines, so a.py:5-9 reaches beyond its end",
      "`context add a.py:1-7`"
    ),
    (
      .linesOutOfRange(path: "a.py", first: 2, last: 2, count: 1), "a.py has 1 line, so a.py:2 reaches beyond its end",
      "`context add a.py:1`"
    ),
    (
      .linesOutOfRange(path: "a.py", first: 1, last: .max, count: 0), "a.py is empty",
      "leave it out: `context drop a.py`"
    ),
    (.notText(path: "a.bin"), "a.bin is not text: it holds NUL bytes", "leave it out: `context drop a.bin`"),
    (
      .tooLarge(budget: 90, needed: 120, largest: Span(path: "a.py", first: 3, last: 4)),
      "what was added takes 120 tokens or more, and the context may take 90; the largest is a.py:3-4",
      "add fewer lines of a.py, or `set context.budget 120`"
    ),
  ])
  func `says what is wrong, then what to type`(error: ContextError, text: String, next: String) {
    #expect(error.errorDescription == text)
    #expect(error.recoverySuggestion == next)
  }
}
