import Attempts
import Content
import Foundation
import Instances
import Models
import Script
import Sessions
import Terminal
import TestWorld
import Testing

@testable import Commands

/// Lines of the language in a random order; what does not make sense where it stands is refused, as at the prompt.
private struct RandomSitting {
  private var random: Seeded
  let folder: String

  init(seed: UInt64, folder: String) {
    random = Seeded(seed)
    self.folder = folder
  }

  private static let spans = [
    django: ["django/forms/formsets.py:258-288", "django/forms/utils.py", "django/forms/forms.py:1-40"],
    flask: ["src/flask/helpers.py", "src/flask/cli.py:1-30", "src/flask/routing.py:10-20"],
    "o__n-1": ["pkg/good.py", "pkg/other.py:2"],
  ]

  /// A run, so that most of the others make sense, and more.
  mutating func lines() -> [String] {
    ["run \(pick([django, flask]))"] + (0..<13).map { _ in line() }
  }

  private mutating func line() -> String {
    let id = pick([django, flask, "o__n-1"])
    let span = pick(RandomSitting.spans[id] ?? [])
    let other = pick(RandomSitting.spans[id] ?? [])
    let named = Bool.random(using: &random) ? " --instance \(id)" : ""
    return pick([
      "run \(id)", "run \(id)", "run", "run \(id) --through \(pick(["prompt", "edits", "patch", "feedback"]))",
      "run \(id) --attempts \(pick(["2", "3"]))", "rerun", "rerun", "rerun \(pick(["reply", "edits", "context"]))",
      "rerun --through \(pick(["context", "reply", "patch"]))", "context add \(span)\(named)",
      "context drop \(span)\(named)", "context add \(span) \(other)\(named)", "context drop \(span) \(other)\(named)",
      "set feedback \(pick(["none", "visible", "hidden"]))", "set format \(pick(["search", "lines", "whole"]))",
      "set budget \(pick(["2000", "6000", "9000"]))", "set temperature \(pick(["0", "0.4"]))",
      "set context.strategy \(pick(["bm25", "first-5kb"]))", "set num_ctx \(pick(["9000", "16384"]))",
      "template use \(pick(["baseline", "default", "mine"]))", "model use \(pick(["gold", "practice"]))",
      "model use scripted:\(pick(["none.md", "twice.ramp"]))", "tweak reply --file reply.md",
      "tweak prompt --file prompt.md", "tweak patch --file \(pick(["fix.patch", "none.md"]))",
      "tweak feedback --file none.md", "tweak patch --file fix.patch --through patch", "note 'a; b' \"c\\nd\" -- $x",
      "expect verdict \(pick(["resolved", "unresolved"]))", "expect attempts 1", "expect edits contains pkg",
      "load rows.jsonl", "unload rows", "load practice", "sample 1", "unload sample", "template edit",
      "source steps.ramp", "source own.ramp", "show prompt",
      "attempts > out.txt", "param x 5000", "save middle.ramp",
    ])
  }

  private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

  /// The files that the lines name.
  func prepare() async throws {
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    let row = try await `a random sitting`.row()
    try write(String(decoding: Canonical.bytes(row), as: UTF8.self) + "\n", "rows.jsonl")
    try write("nothing to change\r\nat all", "none.md")
    let edit = "pkg/good.py\n```python\n<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE\n```\n"
    try write(edit, "reply.md")
    try write("[[system]]\nMend it.\r\n[[user]]\nNow.", "prompt.md")
    try write(row.patch, "fix.patch")
    try write("-- scripted/any/1 --\nnone\n-- scripted/any/2 --\n\(edit)-- scripted/any/3 --\n-- x --\n", "twice.ramp")
    try write("set feedback none\nrerun\ncontext add pkg/good.py --instance o__n-1\n", "steps.ramp")
    try write(
      """
      template use mine
      rerun
      tweak reply --section mine
      template use default
      -- template/mine --
      [[user]]
      {% for file in files %}{{ file.text }}{% endfor %}{{ issue }}{{ feedback }}{{ format }}
      -- tweak/mine no-eol --
      none
      """, "own.ramp")
  }
}

@Suite struct `a random sitting` {
  static func row() async throws -> Instance {
    try await TestWorld.shared.row(
      id: "o__n-1", issue: "value() of pkg/good.py is 1\r\nand should be 2",
      files: ["pkg/__init__.py": "", "pkg/good.py": "def value():\n    return 1\n", "pkg/other.py": "x = 1\ny = 2\n"],
      tests: [
        "tests/__init__.py": "",
        "tests/test_value.py": """
        import unittest
        from pkg.good import value

        class T(unittest.TestCase):
            def test_value(self):
                self.assertEqual(value(), 2)
        """,
      ], gold: ["pkg/good.py": "def value():\n    return 2\n"], failToPass: ["test_value (tests.test_value.T)"])
  }

  private func states(_ session: Session) async -> [String: [TakeState]] {
    await session.takes.mapValues { $0.map(TakeState.init) }
  }

  /// A session file replayed where nothing else is, ready to be saved again.
  private func replayed(_ text: String) async throws -> Sitting {
    let script = try ScriptFile.parse(Array(text.utf8), name: "saved.ramp")
    let sitting = try await Sitting(script: script, isScript: true)
    try await sitting.interpreter().run(script.lines, name: "saved.ramp", showing: .nothing)
    #expect(await sitting.session.unusedSections().map(\.title) == [])
    return sitting
  }

  @Test(arguments: 1...16 as ClosedRange<UInt64>)
  func `that was saved replays to the same state, and is saved again as it was`(seed: UInt64) async throws {
    let sitting = try await Sitting()
    var lines = RandomSitting(seed: seed, folder: sitting.folder)
    try await lines.prepare()
    var typed: [String] = []
    for line in lines.lines() {
      typed.append(line)
      _ = await sitting.fault(of: line)
    }
    let trace = Comment(rawValue: typed.joined(separator: "\n"))
    guard await !sitting.session.takes.isEmpty else { return }
    try await sitting.type("save saved.ramp")
    let saved = try sitting.read("saved.ramp")
    do {
      let again = try await replayed(saved)
      #expect(await states(again.session) == states(sitting.session), trace)
      try await again.type("save again.ramp")
      // Comments say what the first sitting did in vain; the second did not do it.
      let plain = saved.split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("# superseded: ") && !$0.hasPrefix("# no take was made of it: ") }
      #expect(try again.read("again.ramp") == plain.joined(separator: "\n"), trace)
      let third = try await replayed(again.read("again.ramp"))
      try await third.type("save again.ramp")
      #expect(try third.read("again.ramp") == again.read("again.ramp"), trace)
    } catch {
      Issue.record(error, "\(trace)\n\(Explained.text(error))")
    }
  }

  @Test func `makes takes often enough to be worth replaying`() async throws {
    var takes = 0
    var refused = 0
    for seed in 1...5 as ClosedRange<UInt64> {
      let sitting = try await Sitting()
      var lines = RandomSitting(seed: seed, folder: sitting.folder)
      try await lines.prepare()
      for line in lines.lines() where await sitting.fault(of: line) != "nothing is wrong" { refused += 1 }
      takes += await sitting.session.takes.values.reduce(0) { $0 + $1.count }
    }
    #expect(takes > 15)
    #expect(refused < 40)
  }
}
