import Attempts
import Edits
import Foundation
import Script
import Sessions
import Terminal
import Testing

@testable import Commands

@Suite struct `a stage's artifact` {
  @Test(arguments: Stage.allCases)
  func `is shown in words, as text and in JSON`(stage: Stage) async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django)")
    for line in ["show \(stage.rawValue)", "show \(stage.rawValue) 1.1", "show \(stage.rawValue) --raw"] {
      let text = try await sitting.type(line)
      #expect(!text.isEmpty)
      // What is raw may hold anything; this row's issue has line ends of another system.
      if !line.hasSuffix("raw") { #expect(controls(in: text.replacing("\r\n", with: "\n")).isEmpty, "\(line)") }
    }
    let json = try await sitting.type("show \(stage.rawValue)", json: true)
    #expect(faults(ofJSON: json).isEmpty)
    #expect(json.contains("\"stage\":\"\(stage.rawValue)\""))
  }

  @Test func `that a person writes by hand is shown raw in the form that tweak takes`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django)")
    for stage in Stage.allCases where stage.isTweakable {
      try sitting.write(try await sitting.type("show \(stage.rawValue) 1.1 --raw"), to: "text")
      try await sitting.type("tweak \(stage.rawValue) --file text")
      let take = try await sitting.session.take(nil)
      #expect(take.isTweaked)
      #expect(
        take.chain[stage]?.artifact.tweakText
          == (try await sitting.session.take("1.1")).chain[stage]?.artifact.tweakText)
      #expect(take.verdict == (try await sitting.session.take("1.1")).verdict)
    }
  }

  @Test func `called tests is the outcomes`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django)")
    #expect(try await sitting.type("show tests") == sitting.type("show outcomes"))
    #expect(try await sitting.type("show 1.1") == sitting.type("show"))
  }
}

@Suite struct `a take` {
  @Test func `is shown stage by stage, and what to try next`() async throws {
    let sitting = try await Sitting()
    let text = try await sitting.type("run \(django)")
    let names = text.split(separator: "\n").compactMap { line in
      line.hasPrefix("  ") ? line.dropFirst(2).split(separator: " ").first.map(String.init) : nil
    }
    #expect(
      names.starts(with: ["workspace", "baseline", "context", "prompt", "reply", "edits", "patch", "tests", "verdict"]))
    #expect(text.contains("\n  verdict    unresolved, logic_error: 2 target tests fail as before\n"))
    #expect(text.contains("\n  try: context add \(secondPlace), then rerun"))
    let next = try await sitting.type("context add \(secondPlace); rerun")
    #expect(next.hasPrefix("context + \(secondPlace)\n  context "))
    #expect(next.contains("\n  verdict    resolved\ntake 1.2, assisted, "))
    #expect(next.hasSuffix("kept: workspace, baseline\n"))
  }

  @Test func `is listed with what was changed for it`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django); context add \(secondPlace); rerun")
    try sitting.write("", to: "empty")
    try await sitting.type("tweak reply --file empty")
    let table = try await sitting.type("attempts")
    let rows = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows[0] == ["TAKE", "VERDICT", "FAILURE", "TOKENS", "TIME", "CHANGED"])
    #expect(rows[1].starts(with: ["1.1", "unresolved", "logic_error"]))
    #expect(table.contains("context + \(secondPlace)"))
    #expect(table.contains("  reply tweaked\n"))
    #expect(
      table.hasSuffix(
        "  failures: syntax_error 0, logic_error 1, test_failure 0, no_edits_generated 0, apply_failed 0, "
          + "environment 0\n"))
    let json = try await sitting.type("attempts", json: true).split(separator: "\n")
    #expect(json.count == 3)
    #expect(json[2].contains("\"tweaked\":true"))
    #expect(json[2].contains("\"changes\":[\"reply tweaked\"]"))
  }

  @Test func `that is listed in a script takes one line`() async throws {
    let sitting = try await Sitting()
    let commands = try LineParser.commands("run \(django) --through patch\nexpect verdict resolved")
    await #expect(throws: LineError.self) {
      try await sitting.interpreter().run(commands, name: "s.ramp", showing: .list)
    }
    let lines = sitting.out.take().split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines[0].hasPrefix("  1  run \(django) --through patch"))
    #expect(lines[0].contains("through patch"))
  }
}

@Suite struct `a difference of two takes` {
  @Test func `is a unified diff, of the last two where none are named`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django); context add \(secondPlace); rerun")
    let text = try await sitting.type("diff patch")
    #expect(text.hasPrefix("--- patch 1.1\n+++ patch 1.2\n"))
    #expect(try await sitting.type("diff patch 1.1 1.2") == text)
    #expect(try await sitting.type("diff patch 1.1") == text)
    #expect(try await sitting.type("diff workspace") == "workspace 1.1 and 1.2 are the same\n")
    #expect(faults(ofJSON: try await sitting.type("diff prompt", json: true)).isEmpty)
    #expect(await sitting.fault(of: "diff prompt 1.1 1.3").hasPrefix("\(django) has no take 1.3; there are 1.1, 1.2"))
  }
}

@Suite struct `a call that the model was not shown` {
  @Test func `is found by the lines that a patch changes, whatever their ends`() {
    #expect(UnseenCall.calls("    return self.error_class(exc.error_list)") == ["error_class"])
    #expect(UnseenCall.calls("f(x); long_name (y); other(z(1))") == ["other"])
    #expect("a\r\nb\n".lines.map(String.init) == ["a\r", "b", ""])
    #expect(PatchText(diff: "+a\r\n-b\r\n").text(.init(style: .init(color: false), width: nil)) == "+a␍\n-b␍\n")
  }
}

@Suite struct `an amount` {
  @Test(
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")])
  func `is grouped by thousands`(number: Int, text: String) {
    #expect(Amount.count(number) == text)
  }

  @Test(
    arguments: [
      (0, "0.00 s"), (4, "0.00 s"), (5, "0.01 s"), (999, "1.00 s"), (9994, "9.99 s"), (9996, "10.0 s"),
      (99_999, "100.0 s"), (100_000, "1 m 40 s"), (125_000, "2 m 05 s"), (3_600_000, "60 m 00 s"),
    ])
  func `of time has two or three digits that matter`(milliseconds: Int, text: String) {
    #expect(Amount.milliseconds(milliseconds) == text)
  }

  @Test func `of one thing is singular`() {
    #expect([0, 1, 2].map { Amount.of($0, "file") } == ["0 files", "1 file", "2 files"])
  }
}

@Suite struct `a JSON line` {
  @Test func `has its names in snake_case, a dataset's as they are, and data as it is`() throws {
    struct Line: Encodable {
      let promptTokens = 1, sha256 = "a/b", FAIL_TO_PASS = ["x"]
      let takes = ["aB-C": ["keepCase": 2]]
    }
    #expect(
      try JSONLine.of(Line())
        == #"{"FAIL_TO_PASS":["x"],"prompt_tokens":1,"sha256":"a/b","takes":{"aB-C":{"keepCase":2}}}"#)
  }
}

@Suite struct `completion` {
  @Test(
    arguments: [
      ("sh", ["show"]), ("context ", ["add", "drop", "list"]), ("template s", ["show"]), ("help tem", ["template"]),
      ("set context.b", ["context.budget"]), ("settings tok", ["tokens.ratio"]), ("run x ", []), ("", nil),
    ] as [(String, [String]?)])
  func `offers what can stand there`(line: String, expected: [String]?) {
    let words = Completion.words(line: line, cursor: line.utf8.count, known: Known())
    #expect(words == expected ?? WordTable.words.map { $0.word })
  }

  @Test func `asks for the models of a server only where a model may stand`() {
    var asked = 0
    func words(_ line: String) -> [String] {
      Completion.words(line: line, cursor: line.utf8.count, known: Known()) {
        asked += 1
        return ["ollama:a:8b", "ollama:b:1b"]
      }
    }
    #expect(words("model use ollama:a") == ["ollama:a:8b"])
    #expect(asked == 1)
    _ = [words("set context.b"), words("model "), words("run ")]
    #expect(asked == 1)
  }

  @Test(
    arguments: [
      ("instances --verdict res", ["resolved"]), ("instances --repo dj", ["django/django"]),
      ("instances --set ", ["practice"]), ("instances --since ", []), ("instances --since 2019-01-01 fl", [flask]),
      ("load l", ["lite"]), ("load pr", ["practice"]), ("replay --record n", ["none", "new_episodes"]),
      ("sample 1 --stratify v", ["version"]), ("expect v", ["verdict"]), ("expect verdict res", ["resolved"]),
      ("expect failure lo", ["logic_error"]), ("expect prompt ", ["contains", "lacks"]),
      ("expect attempts ", []), ("grade --repo fl", ["flask/flask"]),
      ("grade --parser parse_log_d", ["parse_log_django"]), ("help context ", ["add", "drop", "list"]),
      ("temp u rep", ["repair"]), ("context a dja", ["django/forms/formsets.py"]),
      ("show pr > /usr/bin/en", nil),
    ] as [(String, [String]?)])
  func `offers what the word before asks for`(line: String, expected: [String]?) {
    var known = Known()
    known.instances = [django, flask]
    known.datasets = ["practice"]
    known.templates = ["repair"]
    known.paths = ["django/forms/formsets.py"]
    let words = Completion.words(line: line, cursor: line.utf8.count, known: known)
    if let expected { #expect(words == expected) } else { #expect(words.contains("/usr/bin/env")) }
  }
}
