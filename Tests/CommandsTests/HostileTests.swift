import Content
import Foundation
import Instances
import Models
import Sessions
import Terminal
import TestWorld
import Testing

@testable import Commands

/// A row, a reply and tests that try to take over the terminal, and everything that is ever shown of them.
@Suite struct `text from outside` {
  /// A sequence that clears the screen, a carriage return, a title, text turned round, a C1 introducer, a separator.
  private static let evil = "\u{1B}[2J\rgone\u{1B}]0;title\u{7}\u{202E}txt.\u{9B}31m\u{2028}\u{7F}\u{2066}end"

  private func sitting(withTest name: String? = nil) async throws -> Sitting {
    let evil = `text from outside`.evil
    let path = "pkg/\u{9B}31m\u{202E}yp.py"
    let module = "def value():\n    # \(evil)\n    return 1\n".replacing("\r", with: "")
    let test = """
      import sys, unittest
      from pkg.good import value

      def setUpModule():
          sys.stdout.write("\\x1b[2J\\r\\x9b1m\\u202e printed\\n")

      class T(unittest.TestCase):
          def test_value(self):
              self.assertEqual(value(), 2, "\\x1b]0;x\\x07 \\u202e \\x9b")

          def test_kept(self):
              pass
      """
    var row = try await TestWorld.shared.row(
      id: "o__n-1", issue: "The value is wrong: \(evil)\nvalue() in pkg/good.py\n",
      files: ["pkg/__init__.py": "", "pkg/good.py": module, path: module, "tests/__init__.py": ""],
      tests: ["tests/test_value.py": test], gold: ["pkg/good.py": module.replacing("return 1", with: "return 2")],
      failToPass: ["test_value (tests.test_value.T)"], passToPass: ["test_kept (tests.test_value.T)"])
    row.version = "1\(evil)"
    row.createdAt = evil
    row.difficulty = evil
    if let name { row.failToPass.append(name) }
    let sitting = try await Sitting()
    try sitting.write(String(decoding: Canonical.bytes(row), as: UTF8.self) + "\n", to: "rows.jsonl")
    try sitting.write(
      """
      -- scripted/any/1 base64 --
      \(Data("\(evil)\n\npkg/good.py\n```python\n<<<<<<< SEARCH\n    return 1\n=======\n    return 3 # \(evil.replacing("\r", with: ""))\n>>>>>>> REPLACE\n```\n".utf8).base64EncodedString())
      -- scripted/any/2 base64 --
      \(Data("\(evil)\n\n\(path)\n```python\n<<<<<<< SEARCH\n    \(evil)\n=======\n    return 2\n>>>>>>> REPLACE\n```\n".utf8).base64EncodedString())
      -- scripted/any/3 repeat --
      nothing
      """, to: "replies.ramp")
    try await sitting.type("load rows.jsonl; model use scripted:replies.ramp; set context.strategy first-5kb")
    return sitting
  }

  @Test func `never reaches the terminal with what a terminal obeys`() async throws {
    let sitting = try await sitting()
    var seen = ""
    func look(_ line: String) async throws {
      let text = try await sitting.type(line)
      #expect(controls(in: text).isEmpty, "\(line)")
      seen += text
    }
    for line in ["instances", "info o__n-1", "run o__n-1", "run o__n-1", "rerun reply", "run o__n-1 --attempts 5"] {
      try await look(line)
    }
    for take in ["1.1", "2.1"] {
      for stage in ["workspace", "baseline", "context", "prompt", "reply", "edits", "verdict", "feedback"] {
        try await look("show \(stage) \(take)")
      }
    }
    for line in [
      "show 1.1", "show 2.1", "show patch 1.1", "show tests 1.1", "show prompt 1.1 --parts", "diff prompt 1.1 2.1",
      "diff reply 1.1 2.1", "attempts", "context list", "model list", "settings", "instances", "save s.ramp",
      "check s.ramp", "replay s.ramp", "export predictions p.jsonl", "template list",
    ] { try await look(line) }
    let named = try await self.sitting(withTest: "test_\(`text from outside`.evil) (tests.test_value.T)")
    for line in ["info o__n-1", "run o__n-1", "show baseline", "show verdict"] {
      #expect(controls(in: try await named.type(line)).isEmpty, "\(line)")
    }
    #expect(seen.contains("␛[2J"))
    #expect(seen.contains("<U+202E>"))
    #expect(seen.contains("<U+9B>") || seen.contains("<U+009B>"))
    #expect(controls(in: sitting.err.take()).isEmpty)
  }

  @Test func `stays what it is in JSON, one line for each object`() async throws {
    let sitting = try await sitting()
    var text = try await sitting.type("info o__n-1", json: true)
    #expect(text.contains("\\u001b[2J\\rgone"))
    try await sitting.type("run o__n-1; run o__n-1")
    for stage in ["baseline", "context", "prompt", "reply", "edits", "feedback", "verdict"] {
      text += try await sitting.type("show \(stage)", json: true)
    }
    text += try await sitting.type(
      "show 1.1; show tests 1.1; show patch 1.1; attempts; diff prompt 1.1 2.1", json: true)
    #expect(text.split(separator: "\n").count == 14)
    #expect(faults(ofJSON: text).isEmpty)
  }

  @Test func `is clean in what is said of a wrong line`() async throws {
    let sitting = try await sitting()
    try await sitting.type("run o__n-1 --through edits")
    let evil = "\u{1B}[31m\u{202E}\u{9B}x"
    for line in [
      "run '\(evil)'", "\(evil)", "show '\(evil)'", "set '\(evil)' x", "set format '\(evil)'", "load '\(evil)'",
      "context add '\(evil)'", "template use '\(evil)'", "model use '\(evil)'", "expect reply contains '\(evil)'",
      "expect '\(evil)' y", "source '\(evil)'", "replay '\(evil)'", "check '\(evil)'", "unload '\(evil)'",
      "save '/no/such/\(evil)'", "tweak reply --file '\(evil)'", "param '\(evil)' x", "run x --\(evil)",
      "help '\(evil)'", "diff prompt '\(evil)'", "attempts '\(evil)'",
    ] {
      do {
        try await sitting.type(line)
        Issue.record("\(line.debugDescription) works")
      } catch {
        await Printer(
          look: Look(style: .init(color: false), width: nil), json: false, out: { _ in }, err: { sitting.err.add($0) }
        ).fail(LineError(name: evil, line: 1, cause: error))
        let text = sitting.err.take()
        #expect(controls(in: text).isEmpty, "\(line.debugDescription)")
        #expect(!text.isEmpty)
      }
    }
  }

  @Test func `is clean in a script's list of lines, and in its remarks`() async throws {
    let sitting = try await Sitting()
    let evil = "\u{1B}[31m\u{202E}\u{9B}x"
    try sitting.write("note '\(evil)'\nparam x '\(evil)'\nload practice\n-- odd/x --\n", to: "s.ramp")
    let printer = Printer(
      look: Look(style: .init(color: false), width: nil), json: false, out: { sitting.out.add($0) },
      err: { sitting.err.add($0) })
    let player = Player(host: try testHost(), permissions: .init(isScript: true), printer: printer)
    _ = try await player.play(path: "\(sitting.folder)/s.ramp", mode: RecordMode.none, live: false, name: "s\(evil)")
    let text = sitting.out.take() + sitting.err.take()
    #expect(text.contains("␛[31m"))
    #expect(text.contains("section odd/x was never used"))
    #expect(controls(in: text).isEmpty)
  }
}
