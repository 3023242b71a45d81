import Grading
import Instances
import TestWorld
import Testing

@testable import Attempts
@testable import Campaigns

@Suite struct `the analysis of a phase` {
  private let ten = [
    record("a__b-1"), record("a__b-2"), record("a__b-3"),
    record("a__b-4", .applyFailed, error: "apply_failed: nowhere"),
    record("a__b-5", .applyFailed, error: "apply_failed: nowhere"), record("c__d-6", .noEditsGenerated),
    record("c__d-7", .contextTruncated), record("c__d-8", .environmentError), record("c__d-9", .logicError),
    record("c__d-10", .testFailure, attempts: 3),
  ]

  @Test func `groups failures by code, cause and root, most first, with what to try`() {
    let analysis = Analysis(phase(.small, ten))
    #expect(analysis.failures.map(\.label).prefix(2) == ["apply_failed", "context_truncated"])
    #expect(analysis.failures[0].ids == ["a__b-4", "a__b-5"])
    #expect(analysis.failures[0].example == "apply_failed: nowhere")
    #expect(analysis.causes.rows.map(\.kind) == [.notApplied, .logic, .environment, .window, .noEdits])
    #expect(analysis.causes.rows.map(\.stage) == [.edits, .verdict, .baseline, .prompt, .edits])
    #expect(analysis.causes.roots.map(\.root) == [.prompt, .model, .context, .environment])
    #expect(analysis.causes.roots.map(\.ids.count) == [3, 2, 1, 1])
    #expect(analysis.causes.rows.allSatisfy { $0.change?.contains("`") == true })
  }

  @Test func `takes the cause that the records keep`() throws {
    var records = ten
    let cause = FailureCause(
      stage: .context, kind: .contextFile, sentence: "m.py was not shown", next: "context add m.py", attempt: 1)
    for index in [3, 8] { records[index].cause = cause }
    let results = phase(.small, records)
    let row = CauseTable(results.results).rows.first { $0.kind == .contextFile }
    #expect(row?.ids == ["a__b-4", "c__d-9"])
    #expect(row?.example == "m.py was not shown")
    let lines = Analysis(results).sections.first { $0.title == "why" }?.lines ?? []
    #expect(lines.contains("2 context, a file of the gold patch was not shown: a__b-4, c__d-9"))
    #expect(lines.contains { $0.hasPrefix("roots: context 3, ") })
    // The file has the table, and reads its records with their causes again.
    let text = String(decoding: results.json, as: UTF8.self)
    #expect(text.contains("\"code\": \"context_file\""))
    #expect(try PhaseFile.read(results.json).results.results.map(\.cause) == records.map(\.cause))
  }

  @Test func `tells causes apart that nobody told`() {
    var unknown = record("a__b-1", .testFailure)
    (unknown.failure, unknown.errorType) = (nil, .other)
    let table = CauseTable([unknown])
    #expect(table.rows.map(\.title) == ["not told"] && table.rows[0].change == nil && table.roots.isEmpty)
  }

  @Test func `holds a phase against the one before`() {
    let first = phase([record("a__b-1", .logicError), record("a__b-2")])
    var second = phase(.small, [record("a__b-1"), record("a__b-2", .syntaxError), record("a__b-3")])
    second.config.settings["template"] = "other"
    var old = first
    old.config.settings["template"] = "repair"
    let analysis = Analysis(second, earlier: [old])
    #expect(analysis.flips.gained == ["a__b-1"])
    #expect(analysis.flips.lost == ["a__b-2"])
    let lines = analysis.sections.first { $0.title == "against the phase before" }?.lines ?? []
    #expect(lines.contains("changed: template, repair to other"))
    #expect(lines.contains("errors not seen before: syntax_error"))
    #expect(lines[0].hasSuffix("+17%"))
  }

  @Test func `tells the aims that all 300 reach, by whom`() {
    let records = ids(300).enumerated().map { index, id in
      index < 285 ? record(id, assisted: index < 10, escalated: index < 3) : record(id, .logicError)
    }
    let analysis = Analysis(phase(.full, records))
    #expect(analysis.aim == .stretch)
    let lines = analysis.sections.first { $0.title == "aims" }?.lines ?? []
    #expect(
      lines.contains(
        "aim: stretch reached with 282 of 300 by the first model itself, 3 more by the one that `escalate` names; "
          + "hard needs 300"))
    #expect(lines.contains("282 of 297 by llama3.1:8b") && lines.contains("3 of 3 by llama3.1:8b (fallback)"))
    #expect(lines.contains("275 clean, 10 assisted by hidden tests"))
    #expect(lines.contains("realistic: 240, real: 285"))
    #expect(analysis.extrapolation == nil)
  }

  @Test func `warns where hardly any published system solves the rows`() {
    let hard = SolveRates(["a__b-1": SolveRate(solved: 1, of: 50), "a__b-2": SolveRate(solved: 0, of: 50)])
    #expect(Analysis(phase(.small, ten), rates: hard).warning?.contains("1.0 % on average, of 2") == true)
    let easy = SolveRates(["a__b-1": SolveRate(solved: 30, of: 50)])
    #expect(Analysis(phase(.small, ten), rates: easy).warning == nil)
    #expect(Analysis(phase(.small, ten)).warning == nil)
  }

  @Test func `shows no control of a text from outside`() {
    let analysis = Analysis(phase(.small, hostile.map { record($0, .testFailure, error: $0) }))
    let text = analysis.sections.flatMap(\.lines).joined()
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
  }
}

@Suite struct `a forecast` {
  @Test func `of minutes is by the phase before, and tells how far off it was`() {
    var one = phase(.micro, ids(5).map { record($0, seconds: 30) })
    let two = phase(.small, ids(10).map { record($0, seconds: 60) })
    one.wallSeconds = 100
    let forecast = Forecast([one, two])
    #expect(forecast.lines.map(\.planned) == [5, 10, 30, 90, 270])
    #expect(forecast.lines.map(\.actual) == [100.0 / 60, 10, nil, nil, nil])
    #expect(forecast.lines[0].forecast == nil)
    #expect(abs((forecast.lines[1].forecast ?? 0) - 10.0 / 3) < 1e-9)
    #expect(forecast.lines[2].forecast == 30 && forecast.lines[4].forecast == 300)
    #expect(abs((forecast.pastError ?? 0) - 2.0 / 3) < 1e-9)
    #expect(abs((forecast.left ?? 0) - 430) < 1e-9)
    #expect(Forecast([]).pastError == nil && Forecast([]).left == nil)
  }

  @Test func `to 300 is certain of what was seen, and of nothing without a sample`() {
    #expect(Extrapolation(verified: 10, of: 300).low == 10 && Extrapolation(verified: 10, of: 300).high == 10)
    let none = Extrapolation(verified: 0, of: 0)
    #expect(none.low <= 1 && none.high >= 299)
  }

  @Test(.enabled("no scipy here, and none to be had from PyPI") { await Python.has("scipy") })
  func `to 300 is scipy's`() async throws {
    var lines: [String] = []
    var own: [[Double]] = []
    for sample in [5, 10, 30, 100, 299] {
      for verified in stride(from: 0, through: sample, by: max(1, sample / 7)) {
        let one = Extrapolation(verified: verified, of: sample)
        own.append([Double(one.low), Double(one.high)])
        lines.append("\(verified) \(sample)")
      }
    }
    let script = """
      import sys
      from scipy.stats import betabinom
      for line in sys.stdin:
          k, n = map(int, line.split())
          d = betabinom(300 - n, k + .5, n - k + .5)
          print(int(k + d.ppf(.025)), int(k + d.ppf(.975)))
      """
    let theirs = try await Python.numbers(script, lines.joined(separator: "\n") + "\n")
    #expect(theirs == own)
  }
}
