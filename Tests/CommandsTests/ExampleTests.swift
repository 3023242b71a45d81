import ArgumentParser
import Attempts
import Campaigns
import Content
import Foundation
import Instances
import Script
import TestWorld
import Testing

@testable import Commands

/// One line of a word's help.
struct Example: CustomStringConvertible, Sendable {
  let word: String
  let line: String
  var description: String { line }

  /// Every word and every word behind a word. Written out: key paths over metatypes crash the compiler.
  static let types: [any ParsableCommand.Type] = WordTable.words.flatMap { word -> [any ParsableCommand.Type] in
    word.configuration.subcommands.isEmpty ? [word] : word.configuration.subcommands
  }

  static let all: [Example] = types.flatMap { type -> [Example] in
    guard let command = type as? any SessionCommand.Type else { return [] }
    return command.examples.map { line in Example(word: command.fullWord, line: line) }
  }

  /// A sitting in which every example makes sense: `django__django-11000` has two takes, and the files that examples
  /// name are there.
  static func sitting(for word: String = "") async throws -> Sitting {
    let sitting = try await Sitting()
    try sitting.write("set feedback none\nrerun --through prompt\n", to: "steps.ramp")
    try sitting.write("There is nothing to change.\n", to: "reply.md")
    var row = try #require(try PracticeSet.dataset().row(django)).instance()
    try sitting.write(row.patch, to: "fix.patch")
    row.id = "o__n-1"
    try sitting.write(String(decoding: Canonical.bytes(row), as: UTF8.self) + "\n", to: "rows.jsonl")
    let log = ">>>>> Start Test Output\ntest_a (m.C) ... ok\n>>>>> End Test Output\n"
    try sitting.write(log, to: "test_output.txt")
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/logs", withIntermediateDirectories: true)
    try sitting.write(log, to: "logs/\(django).log")
    try sitting.write(
      String(decoding: Prediction.jsonl([Prediction(instanceID: django, model: "m", patch: "p")]), as: UTF8.self),
      to: "predictions.jsonl")
    try await TestWorld.shared.repository(
      at: "\(sitting.folder)/mine", before: ["m.py": "x = 1\n"],
      after: [
        "m.py": "x = 2\n", "tests/__init__.py": "",
        "tests/test_m.py":
          "import unittest\nimport m\nclass T(unittest.TestCase):\n  def test_x(self): self.assertEqual(m.x, 2)\n",
      ])
    try await sitting.type("run \(django); rerun")
    if word == "open" { try await sitting.type("batch \(django) \(flask) --model practice --attempts 1") }
    if ["resume", "follow", "why"].contains(word) {
      try await sitting.type("batch \(flask) --model gold --attempts 1")
    }
    let runs = "\(sitting.folder)/run"
    try FileManager.default.createDirectory(atPath: runs, withIntermediateDirectories: true)
    // `phase 1` begins a campaign of its own.
    for look in word == "phase" ? [] : [1, 2] {
      let results = PhaseResults(
        label: .phase(.micro), timestamp: "2026-01-0\(look)T00:00:00Z", config: PhaseConfig(model: "m"),
        results: [django, flask].map { id in
          InstanceRecord(instanceID: id, repository: "o/\(id)", dataset: "lite", verified: look == 2, attempts: 1)
        }, look: look)
      let name = PhaseResults.fileName(.phase(.micro), run: look == 1 ? 1 : nil)
      try Data(results.json).write(to: URL(fileURLWithPath: "\(runs)/\(name)"))
    }
    return sitting
  }
}

@Suite struct `an example in the help` {
  @Test func `stands with every word`() {
    for type in Example.types {
      #expect((type as? any SessionCommand.Type)?.examples.isEmpty == false, "\(type.fullWord) has no example")
    }
  }

  @Test func `begins with its word`() {
    for example in Example.all {
      // The shell's word stands first, behind `|`, or in the place of a file behind `>`.
      if example.word == "!", example.line.contains(/[|>]/) { continue }
      let isFirst = example.line.hasPrefix(example.word) || "\(example.line) ".contains("; \(example.word) ")
      // `context` alone is `context list`.
      let outer = String(example.word.prefix { $0 != " " })
      #expect(isFirst || (example.line == outer && example.word.hasSuffix(" list")), "\(example)")
    }
  }

  @Test(arguments: Example.all)
  func `works, and says what it did in words and in JSON`(example: Example) async throws {
    let sitting = try await Example.sitting(for: example.word)
    _ = sitting.err.take()
    // A line that is for scripts is typed as one.
    func type(json: Bool) async throws -> String {
      guard example.word == AlwaysCommand.word else { return try await sitting.type(example.line, json: json) }
      _ = sitting.out.take()
      try await sitting.interpreter(json: json).run(
        try LineParser.commands(example.line), name: "s.ramp", showing: .full)
      return sitting.out.take() + (example.line.contains(">") ? try sitting.read("report.txt") : "")
    }
    let text = try await type(json: false)
    #expect(controls(in: text + sitting.err.take()).isEmpty)
    #expect(text.isEmpty || text.hasSuffix("\n"))
    let json = try await type(json: true)
    #expect(faults(ofJSON: json).isEmpty)
    #expect(json.isEmpty == ["quit", "!"].contains(example.word))
  }
}
