import Attempts
import Foundation
import Grading
import Instances
import TestWorld
import Testing

@testable import Campaigns

/// Instances whose names and errors mean harm, and one of each end.
private let bad =
  hostile.map { record($0, .testFailure, error: $0) } + [
    record("good__row-1", patch: "diff\n"), record("broken__row-2", .environmentError, error: "no pip"),
  ]

@Suite struct `an export of records` {
  @Test func `has predictions, assisted ones labelled, and none where no model answered`() throws {
    var silent = record("c__c-3", .modelError)
    silent.model = nil
    let export = RecordExport([
      record("a__a-1", patch: "diff a"), record("b__b-2", .testFailure, assisted: true), silent,
    ])
    #expect(
      String(decoding: try Prediction.jsonl(export.predictions), as: UTF8.self) == #"""
        {"instance_id":"a__a-1","model_name_or_path":"llama3.1:8b","model_patch":"diff a\n"}
        {"instance_id":"b__b-2","model_name_or_path":"llama3.1:8b (assisted)","model_patch":""}

        """#)
    let hostiles = RecordExport(bad)
    let lines = try Prediction.jsonl(hostiles.predictions).split(separator: 0x0A)
    #expect(lines.count == bad.count)
    for (line, one) in zip(lines, bad) {
      #expect(try JSONDecoder().decode(Prediction.self, from: Data(line)).instanceID == one.instanceID)
    }
  }

  @Test func `has the harness's report`() throws {
    let report = RecordExport([
      record("a__a-1", patch: "x"), record("b__b-2", .testFailure, patch: "y"), record("c__c-3", .noEditsGenerated),
      record("d__d-4", .environmentError, patch: "z"),
    ]).runReport()
    #expect(report.resolved == ["a__a-1"])
    #expect(report.unresolved == ["b__b-2"])
    #expect(report.emptyPatch == ["c__c-3"])
    #expect(report.errors == ["d__d-4"])
    #expect(report.total == 4)
  }

  @Test func `is a table without formulas`() throws {
    let rows = try table(RecordExport(bad).csv)
    #expect(rows.count == bad.count + 1)
    #expect(rows.allSatisfy { $0.count == 17 })
    #expect(rows[0].prefix(5).joined(separator: ",") == "instance_id,repository,dataset,verified,attempts")
    for (row, one) in zip(rows.dropFirst(), bad) {
      // What a terminal would obey is replaced.
      let isPlain = one.instanceID.unicodeScalars.allSatisfy {
        $0.properties.generalCategory != .format && $0.value >= 0x20 || "\t\r\n".unicodeScalars.contains($0)
      }
      #expect(!isPlain || row[0] == one.instanceID || row[0] == "'" + one.instanceID)
      #expect(!row[0].unicodeScalars.contains { $0.value < 0x20 && !"\t\r\n".unicodeScalars.contains($0) })
      #expect(row.allSatisfy { cell in cell.first.map { !"=+-@\t\r".contains($0) } ?? true })
    }
    #expect(rows[1][0].hasPrefix("'="))
    #expect(String(decoding: RecordExport([]).csv, as: UTF8.self).hasSuffix("error\r\n"))
  }

  /// RFC 4180, read as strictly as it is written.
  private func table(_ bytes: [UInt8]) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if cell.isEmpty, bytes[at] == 0x22 {
        at += 1
        while bytes[at] != 0x22 || (at + 1 < bytes.count && bytes[at + 1] == 0x22) {
          cell.append(bytes[at])
          at += bytes[at] == 0x22 ? 2 : 1
        }
        at += 1
        try #require(bytes[at] == 0x2C || bytes[at] == 0x0D)
      } else if bytes[at] == 0x2C || bytes[at] == 0x0D {
        row.append(String(decoding: cell, as: UTF8.self))
        cell = []
        if bytes[at] == 0x0D {
          try #require(bytes[at + 1] == 0x0A)
          rows.append(row)
          row = []
          at += 1
        }
        at += 1
      } else {
        try #require(bytes[at] != 0x0A && bytes[at] != 0x22)
        cell.append(bytes[at])
        at += 1
      }
    }
    #expect(row.isEmpty && cell.isEmpty)
    return rows
  }

  @Test func `is JUnit's XML, the model's failures and broken environments apart`() throws {
    let text = String(decoding: JUnitReport(phase(.small, bad)).xml, as: UTF8.self)
    #expect(text.contains("tests=\"\(bad.count)\" failures=\"\(hostile.count)\" errors=\"1\""))
    #expect(
      text.contains(
        #"""
            <testcase classname="broken/row" name="broken__row-2" time="1.000">
              <error type="environment_error" message="no pip">no pip</error>
            </testcase>
        """#))
    #expect(text.contains(#"<testcase classname="good/row" name="good__row-1" time="1.000"/>"#))
    #expect(!text.contains("<script") && !text.contains("\u{1B}") && !text.contains("\0"))
  }

  @Test(.enabled("no junitparser here, and none to be had from PyPI") { await Python.has("junitparser") })
  func `is read by junitparser, every name and count`() async throws {
    let script = """
      import json, sys
      from junitparser import JUnitXml
      suites = JUnitXml.fromstring(sys.stdin.buffer.read())
      suite, = suites
      print(json.dumps([suite.tests, suite.failures, suite.errors, suite.skipped]))
      print(json.dumps([case.name for case in suite]))
      print(json.dumps([type(result).__name__ for case in suite for result in case.result]))
      """
    let xml = String(decoding: JUnitReport(phase(.small, bad)).xml, as: UTF8.self)
    let lines = try #require(try await Python.lines(script, xml))
    #expect(lines[0] == "[\(bad.count), \(hostile.count), 1, 0]")
    let names = try JSONDecoder().decode([String].self, from: Data(lines[1].utf8))
    let expected = bad.map { one in
      one.instanceID.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        .map { SafeText.line(String($0)) }.joined(separator: "\n")
    }
    #expect(names.count == expected.count)
    for (name, other) in zip(names, expected) { #expect(Array(name.unicodeScalars) == Array(other.unicodeScalars)) }
    #expect(lines[2].components(separatedBy: "Failure").count - 1 == hostile.count)
  }

  @Test func `is GitHub's annotations, and no other command`() {
    let lines = String(decoding: GitHubReport(phase(.small, bad)).annotations, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines.first == "::warning title=broken__row-2::no pip")
    #expect(
      lines.allSatisfy {
        $0.hasPrefix("::warning title=") || $0.hasPrefix("::error title=") || $0.hasPrefix("::notice::")
      })
    #expect(lines.contains { $0 == "::error title=%3A%3Aerror%3A%3Ataken::::error::taken" })
    #expect(GitHubReport(phase([record("a__b-1")])).annotations.isEmpty)
  }

  @Test func `is GitHub's summary, and no other markup`() {
    let text = String(decoding: GitHubReport(phase(.small, bad)).summary, as: UTF8.self)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.count == bad.count + 1)
    #expect(rows.allSatisfy { $0.count { $0 == "|" } == 6 })
    #expect(!text.contains("<script") && !text.contains("](") && !text.contains("`"))
    #expect(text.contains("## phase 2 &#40;small&#41;"))
  }

  @Test func `is a trajectory`() throws {
    let solved = record("a__b-1", attempts: 2, patch: "diff\n")
    let file = TrajectoryFile(
      solved,
      messages: [
        .init(.system, "repair", attempt: 1), .init(.user, "it \"fails\"", attempt: 1),
        .init(.assistant, "no", attempt: 1),
        .init(.user, "again", attempt: 2), .init(.assistant, "yes", attempt: 2),
      ], ramp: "0.1")
    let value = try #require(try JSONSerialization.jsonObject(with: Data(file.json)) as? [String: Any])
    #expect(value["trajectory_format"] as? String == "mini-swe-agent-1.1")
    let messages = try #require(value["messages"] as? [[String: Any]])
    #expect(messages.compactMap { $0["role"] as? String } == ["system", "user", "assistant", "user", "assistant"])
    #expect((messages[2]["extra"] as? [String: Any])?["error_type"] as? String == "test_failure")
    #expect((messages[4]["extra"] as? [String: Any])?["verified"] as? Bool == true)
    let info = try #require(value["info"] as? [String: Any])
    #expect(info["submission"] as? String == "diff\n")
    #expect(file.fileName == "a__b-1.traj.json")
  }

  @Test func `is in a file of the folder whatever the id says, and two ids are never in one`() {
    let ids =
      hostile + ["../x/y", "..", ".", "", "/etc/passwd", "a/b", "a_b", "-rf", String(repeating: "x", count: 900)]
    let names = ids.map { TrajectoryFile(record($0), messages: [], ramp: "").fileName }
    #expect(Set(names).count == Set(ids.map { Array($0.unicodeScalars) }).count)
    for name in names {
      #expect(name.hasSuffix(".traj.json") && name.utf8.count < 255)
      #expect(name.first.map { "._-".contains($0) ? $0 == "_" : true } == true)
      #expect(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F } && !name.contains(".."))
    }
    #expect(names[ids.firstIndex(of: "a_b") ?? 0] == "a_b.traj.json")
  }
}
