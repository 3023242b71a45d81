import Attempts
import Content
import Foundation
import Instances
import Sessions
import TestWorld
import Testing

@testable import Commands

private let test = """
  import unittest
  import m


  class T(unittest.TestCase):
      def test_x(self):
          self.assertEqual(m.x, 2)

      def test_y(self):
          self.assertEqual(m.y, 1)

  """

/// A sitting beside a repository whose second commit mends `m.x`.
private func sitting(_ after: [String: String]? = nil) async throws -> Sitting {
  let sitting = try await Sitting()
  try await TestWorld.shared.repository(
    at: "\(sitting.folder)/mine",
    before: ["m.py": "x = 1\ny = 1\n", "tests/__init__.py": "", "tests/test_m.py": "import unittest\n"],
    after: after ?? ["m.py": "x = 2\ny = 1\n", "tests/test_m.py": test])
  return sitting
}

@Suite struct `a row of one's own` {
  @Test func `has its tests found by running them, and resolves by its own commit`() async throws {
    let sitting = try await sitting()
    let said = try await sitting.type("instance new --repo mine --commit main --tests unittest --out rows.jsonl")
    #expect(said.contains("   1 FAIL_TO_PASS test, 1 PASS_TO_PASS test, in "))
    let row = try #require(try DatasetReader.read(path: "\(sitting.folder)/rows.jsonl").rows.first?.instance())
    #expect(row.repo == "local/mine")
    #expect(row.id == "local__mine-" + row.id.suffix(7))
    #expect(row.failToPass == ["test_x (tests.test_m.T)"])
    #expect(row.passToPass == ["test_y (tests.test_m.T)"])
    #expect(row.problemStatement == "Mends it\n\nIt was wrong.\n\n")
    #expect(row.createdAt == "2001-09-09T01:46:40Z")
    #expect(row.testFiles == ["tests/test_m.py"])
    #expect(row.patch.contains("+x = 2") && !row.patch.contains("tests/"))
    // The lines that it proposes work.
    let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("  try: ") }).dropFirst(7)
    try await sitting.type("model use gold; " + line)
    #expect(await sitting.session.takes[row.id]?.last?.verdict?.word == .resolved)
    let preflight = try await sitting.type("preflight \(row.id) --runs 2")
    #expect(preflight.contains("sound"))
    #expect(preflight.contains("RESOLVED_FULL, 2 runs"))
    #expect(try await sitting.type("info \(row.id)").contains("  preflight     sound: red: 1 FAIL_TO_PASS fails"))
  }

  @Test func `is added to the rows that are there, and takes the place of one of its id`() async throws {
    let sitting = try await sitting()
    try sitting.write("It is wrong.\r\n", to: "issue.md")
    let new = "instance new --repo mine --commit main --tests unittest --out rows.jsonl"
    try await sitting.type("\(new) --id a__b-1; \(new) --id a__b-2; \(new) --id a__b-1 --issue issue.md --name a/b")
    let rows = try DatasetReader.read(path: "\(sitting.folder)/rows.jsonl").rows
    #expect(rows.map(\.id) == ["a__b-2", "a__b-1"])
    #expect(try rows[1].instance().problemStatement == "It is wrong.\r\n")
    #expect(rows[1].repo == "a/b")
  }

  @Test func `is refused where the commit makes none, and says why`() async throws {
    let new = "instance new --repo mine --tests unittest --commit"
    let good = try await sitting()
    #expect(await good.fault(of: "\(new) main~1").contains("has no commit before it"))
    #expect(await good.fault(of: "\(new) nope").contains("nope"))
    #expect(await good.fault(of: "instance new --repo nowhere --commit main").contains("nowhere"))
    let code = try await sitting(["m.py": "x = 2\n"])
    #expect(await code.fault(of: "\(new) main").contains("changes no test"))
    let tests = try await sitting(["tests/test_m.py": test])
    #expect(await tests.fault(of: "\(new) main").contains("nothing but tests"))
    let wrong = try await sitting(["m.py": "x = 3\ny = 0\n", "tests/test_m.py": test])
    let fault = await wrong.fault(of: "\(new) main")
    #expect(fault.contains("no test fails before"))
    #expect(fault.contains("AssertionError: 3 != 2"))
  }
}

@Suite struct `a preflight` {
  @Test func `of a practice row finds it sound`() async throws {
    let text = try await Sitting().type("preflight flask")
    let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows[0].starts(with: [flask, "sound", "red:"]))
    #expect(text.hasSuffix("  1 of 1 row usable\n"))
  }

  @Test func `of several rows says what each is, once, and how many can be used`() async throws {
    let text = try await Sitting().type("preflight 5")
    let rows = text.split(separator: "\n")
    let begins = ["  1/3  flask__", "  2/3  matplotlib__", "  3/3  requests__", "  3 of 3 rows usable"]
    #expect(rows.count == 4 && zip(rows, begins).allSatisfy { $0.hasPrefix($1) }, "\(text)")
    let lines = try await Sitting().type("preflight 5", json: true).split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains(#""result":"sound""#) })
  }

  @Test func `tells a row that cannot judge from one that can`() async throws {
    let sitting = try await Sitting()
    func result(_ change: (inout Instance) throws -> Void) async throws -> String {
      var row = try #require(try PracticeSet.dataset().row(django)).instance()
      try change(&row)
      try sitting.write(String(decoding: Canonical.bytes(row), as: UTF8.self) + "\n", to: "rows.jsonl")
      try await sitting.type("load rows.jsonl")
      let line = try await sitting.type("preflight \(django)", json: true)
      return String(try #require(line.firstMatch(of: /"result":"([a-z_]+)"/)?.1))
    }
    // Targets that all pass before any repair; one of two is enough to judge by.
    #expect(try await result { $0.failToPass = Array($0.passToPass.prefix(1)) } == "not_red")
    #expect(try await result { $0.failToPass += $0.passToPass.prefix(1) } == "sound")
    // A name that no log tells, before and after.
    #expect(try await result { $0.passToPass += ["test_none (m.C)"] } == "partial")
    // A target that the gold patch does not mend.
    #expect(try await result { $0.failToPass += ["test_none (m.C)"] } == "gold_fails")
    #expect(try await result { _ in } == "sound")
  }
}
