import Attempts
import Content
import Edits
import Prompts
import Testing

/// The example of a prompt: the file that it shows, and the answer to it.
private struct Example: EditTree {
  let answer: String
  let file: String

  init(of template: String, format: EditFormat) throws {
    let source = try #require(BuiltinTemplates.named(template)?.source)
    let ours = Origin.template("settings")
    let prompt = try PromptBuilder.build(
      template: try Template.parse(name: template, source: source, includes: BuiltinTemplates.sources),
      values: [
        "instance": .object(["id": .text("o__n-1", ours), "repo": .text("o/n", ours)]), "issue": .text("It.", ours),
        "format": .text(format.rawValue, ours), "files": .list([]), "feedback": Value.none, "attempt": .number(1),
        "stacked": Value.none, "reproduce": .flag(false), "reproduction": Value.none,
        "skills": .list([]), "skill_position": .text("tail", ours),
      ])
    let parts = try #require(prompt.messages.first).text.split(separator: "A good answer:\n\n")
    answer = String(try #require(parts.count == 2 ? parts.last : nil))
    // Numbered lines, each with a bar.
    file = parts[0].split(separator: "\n").compactMap { line -> String? in
      let halves = line.split(separator: " | ", maxSplits: 1)
      return halves.count == 2 && Int(halves[0].drop { $0 == " " }) != nil ? halves[1] + "\n" : nil
    }.joined()
  }

  func paths() async throws -> [String] { ["shop/cart.py"] }

  func links() async throws -> [String] { [] }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    paths.contains("shop/cart.py") ? ["shop/cart.py": Array(file.utf8)] : [:]
  }
}

private func function(_ range: String) -> String {
  """
  def total(prices):
      \"\"\"The sum of all prices.\"\"\"
      result = 0
      for price in \(range):
          result += price
      return result

  """
}

@Suite struct `the example of a shipped prompt` {
  /// A template, the format that is set, the edit that its example shows, and how it is found.
  static let cases: [(template: String, format: EditFormat, change: Edit.Change, step: MatchingStep)] = {
    let search = Edit.Change.replace(
      search: "    for price in prices[1:]:\n        result += price\n",
      replacement: "    for price in prices:\n        result += price\n")
    let lines = Edit.Change.lines(first: 4, last: 4, replacement: "    for price in prices:\n")
    let whole = Edit.Change.whole(content: function("prices"))
    let definition = Edit.Change.function(name: "total", definition: function("prices"))
    return [
      ("repair", .search, search, .exact), ("repair", .lines, lines, .lines), ("repair", .whole, whole, .wholeFile),
      ("repair", .function, definition, .function), ("direct-edit", .lines, lines, .lines),
      ("whole", .whole, whole, .wholeFile), ("function", .function, definition, .function),
    ]
  }()

  @Test(arguments: cases)
  func `is read as the edit that it shows, and mends its file`(
    template: String, format: EditFormat, change: Edit.Change, step: MatchingStep
  ) async throws {
    let example = try Example(of: template, format: format)
    #expect(example.file == function("prices[1:]"))
    let reading = try await ReplyReading(example.answer, format: format, on: example, isTest: { _ in false })
    #expect(reading.format == format)
    #expect(reading.edits.map(\.path) == ["shop/cart.py"])
    #expect(reading.edits.map(\.change) == [change])
    #expect(reading.edits.first?.reasoning == (format == .lines ? "The loop starts at the second price." : nil))
    let application = try #require(reading.application)
    #expect(application.edits.map(\.step) == [step])
    #expect(application.changes.map { $0.after.map { String(decoding: $0, as: UTF8.self) } } == [function("prices")])
  }

  @Test func `is there for every format that a model may be asked for`() {
    #expect(Set(Self.cases.filter { $0.template == "repair" }.map(\.format)) == Set(EditFormat.asked))
    let asking = BuiltinTemplates.all.filter { !$0.isPart && $0.name != "baseline" }.map(\.name)
    #expect(Set(Self.cases.map(\.template)) == Set(asking))
  }

  @Test func `of the old prompt is read too`() throws {
    let source = try #require(BuiltinTemplates.named("baseline")?.source)
    let form = try #require(source.split(separator: "in this format:\n\n").last).split(separator: "\n{%-")[0]
    let edits = try EditReader.edits(in: String(form), format: .lines)
    #expect(edits.map(\.path) == ["path/to/file.py"] && edits.map(\.reasoning) == ["why"])
    #expect(edits.map(\.change) == [.lines(first: 40, last: 52, replacement: "the new lines\n")])
  }
}
