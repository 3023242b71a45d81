import Attempts
import Foundation
import Grading
import TestWorld
import Testing

@testable import Campaigns

@Suite struct `a results file` {
  @Test func `has the plan's keys in the plan's order, then ours`() throws {
    let results = phase([record("django__django-11000", seconds: 2.5), record("a__b-1", .applyFailed, attempts: 2)])
    let text = String(decoding: results.json, as: UTF8.self)
    #expect(
      text.hasPrefix(
        """
        {
          "phase": 1,
          "timestamp": "2026-02-15T10:00:00Z",
          "config": {
            "model": "llama3.1:8b",
            "approach": "direct_edits_plus_feedback_loop",
            "attempts_max": 6,
            "files_context": 5
          },
          "results": [
            {
              "instance_id": "django__django-11000",
              "verified": true,
              "attempts": 1,
              "time_seconds": 2.5,
              "error": null,
              "repository": "django/django",
        """))
    #expect(
      text.contains(
        """
          "summary": {
            "total": 2,
            "verified": 1,
            "success_rate": 0.5,
            "avg_attempts": 1.5,
            "avg_time": 1.75,
            "success_interval": [
        """))
    #expect(!text.contains("NaN") && !text.lowercased().contains("inf,"))
  }

  @Test func `comes back as it was written`() throws {
    var results = phase(
      .small,
      [
        record("django__django-1", attempts: 3, patch: "--- a\n+++ b\n"),
        record("x__y-2", .environmentError, attempts: 0),
        record("x__y-3", .regression, assisted: true, error: "regression: \"quoted\"\n\u{1}\u{7F}é"),
      ] + hostile.map { record($0, .testFailure, error: $0) })
    results.config.settings = ["model.temperature": "0,0.4", "model.num_ctx": "8192", "passport.digest": "ab12"]
    results.config.named = ["flask__flask-5063": "pallets__flask-5063"]
    results.hypothesis = "a wider context helps"
    results.notes = ["noted"]
    results.forced = true
    results.look = 3
    results.wallSeconds = 12.25
    let file = try PhaseFile.read(results.json)
    #expect(file.notes == [])
    #expect(file.shape == .plan)
    var back = file.results
    // What is counted is not taken from the file.
    #expect(back.errorAnalysis["test_failure"] == hostile.count)
    back.errorAnalysis = [:]
    let isSame = back == results
    #expect(isSame)
    let isSameFile = back.json == results.json
    #expect(isSameFile)
  }

  @Test func `is read with durations and files told in words`() throws {
    let file = try PhaseFile.read(
      Array(
        #"""
        {"phase": 2, "timestamp": "2026-02-14T09:00:00",
         "config": {"model": "llama3.1:8b", "approach": "direct_edits", "attempts_max": 6, "files_context": "first 5KB"},
         "summary": {"total_instances": 2, "verified": 1, "success_rate": 0.5, "avg_duration_seconds": 15.5,
                     "total_duration_seconds": 31.0},
         "results": [{"instance_id": "django__django-1", "verified": true, "attempts": 2, "error": null,
                      "duration_seconds": 10.5},
                     {"instance_id": "sympy__sympy-2", "verified": false, "attempts": 6, "error": "boom",
                      "duration_seconds": 20.5}],
         "error_analysis": {"apply_failed": 1}}
        """#.utf8))
    #expect(file.shape == .durations)
    #expect(file.notes == [])
    let results = file.results
    #expect(results.config.filesContext == .text("first 5KB"))
    #expect(results.averageTime == 15.5)
    #expect(results.wallSeconds == 31)
    #expect(results.averageAttempts == 4)
    #expect(results.errorCounts.map(\.label) == ["apply_failed"])
    #expect(results.results.map(\.repository) == ["django/django", "sympy/sympy"])
    #expect(results.curve.resolved == [0, 1, 1, 1, 1, 1])
  }

  @Test func `is read where all is flat`() throws {
    let file = try PhaseFile.read(
      Array(
        #"""
        {"phase": 1, "timestamp": "2026-02-13T08:00:00.123456", "total": 2, "verified": 2, "host": "x",
         "results": [{"instance_id": "a__b-1", "verified": true, "error": null, "duration": 3},
                     {"instance_id": "a__b-2", "verified": false, "error": "apply_failed: nowhere", "duration": 1.5}]}
        """#.utf8))
    #expect(file.shape == .flat)
    #expect(
      file.notes == [
        "not known, and passed over: host", "verified says 2, its results say 1: the results count",
      ])
    #expect(file.results.averageAttempts == nil)
    #expect(file.results.averageTime == 2.25)
    #expect(file.results.results[1].failure == .applyFailed)
    #expect(file.results.config == PhaseConfig())
    // Written anew it is in the plan's shape, with null for what is not known.
    let text = String(decoding: file.results.json, as: UTF8.self)
    #expect(text.contains(#""model": null"#) && text.contains(#""avg_attempts": null"#))
  }

  @Test(
    arguments: [
      (#"{"phase": 1, "results": [{"instance_id": "a""#, .cut(line: 1)), ("", .cut(line: 1)),
      ("{\"phase\": 1,\n\"summary\": {\"avg_time\": NaN}, \"results\": []}", .noNumber(line: 2)),
      (#"{"phase": 1, "results": [], "x": -Infinity}"#, .noNumber(line: 1)),
      (#"{"phase": 1}"#, .otherFile), ("[]", .wrongType("the whole", expected: "an object")),
      (#"{"ramp_schema": 2, "phase": 1, "results": []}"#, .version(2)),
      (
        #"{"phase": 6, "timestamp": "", "results": []}"#,
        .wrongValue("phase", value: "6.0", expected: "a number from 1 to 5, or the name of a batch")
      ),
      (#"{"results": [], "timestamp": ""}"#, .missing("phase")),
      (#"{"phase": 1, "results": []}"#, .missing("timestamp")),
      (#"{"phase": 1, "timestamp": "", "results": {}}"#, .wrongType("results", expected: "a list")),
      (#"{"phase": 1, "timestamp": "", "results": [{"verified": true}]}"#, .missing("results[1].instance_id")),
      (
        #"{"phase": 1, "timestamp": "", "results": [{"instance_id": "a", "verified": "yes"}]}"#,
        .wrongType("results[1].verified", expected: "true or false")
      ),
      (
        #"{"phase": 1, "timestamp": "", "results": [{"instance_id": "a", "verified": true, "attempts": -1}]}"#,
        .wrongType("results[1].attempts", expected: "a whole number of 0 or more")
      ),
      (
        #"{"phase": 1, "timestamp": "", "results": [{"instance_id": "a", "verified": false, "stop_reason": "tired"}]}"#,
        .wrongValue(
          "results[1].stop_reason", value: "tired",
          expected: "one of \(StopReason.allCases.map(\.rawValue).joined(separator: ", "))")
      ),
      (
        #"{"phase": 1, "timestamp": "", "results": [{"instance_id": "a", "verified": true}, {"instance_id": "a", "verified": true}]}"#,
        .twice("a")
      ),
    ] as [(String, PhaseFileError)])
  func `is refused with the place of what is wrong`(text: String, error: PhaseFileError) {
    #expect(throws: error) { try PhaseFile.read(Array(text.utf8)) }
    #expect(error.errorDescription?.isEmpty == false && error.recoverySuggestion?.isEmpty == false)
  }

  @Test func `is refused wherever it is cut`() throws {
    let bytes = phase([record("a__b-1", .applyFailed, error: "apply_failed: \"x\" {[")]).json
    for length in stride(from: 0, to: bytes.count - 2, by: 7) {
      guard case .failure(let error) = Result(catching: { try PhaseFile.read(Array(bytes.prefix(length))) }) else {
        Issue.record("\(length) bytes were read")
        return
      }
      guard case .cut = error as? PhaseFileError else {
        Issue.record("\(length) bytes: \(error)")
        return
      }
    }
  }

  @Test func `holds no number that is none`() {
    let results = phase(.full, [])
    let text = String(decoding: results.json, as: UTF8.self)
    #expect(text.contains(#""success_rate": 0.0"#) && text.contains(#""avg_attempts": null"#))
    #expect(text.contains(#""sound_rate": null"#))
    #expect((try? PhaseFile.read(results.json))?.results.total == 0)
    #expect(OrderedJSON.number(.nan).line == Array("null".utf8))
  }

  @Test func `has a name that is safe`() {
    #expect(PhaseResults.fileName(.phase(.large)) == "phase_4_results.json")
    #expect(PhaseResults.fileName(.phase(.micro), run: 2) == "phase_1_results.2.json")
    #expect(PhaseResults.fileName(.batch("../a b")) == "phase____a_b_results.json")
  }
}

@Suite struct `the summary of a phase` {
  @Test func `is the plan's line, the improvement in points`() {
    let first = phase([record("a__b-1"), record("a__b-2", .logicError, attempts: 6)])
    let second = phase(
      .small, [record("a__b-1"), record("a__b-2", attempts: 3), record("c__d-1", .syntaxError), record("c__d-2")])
    #expect(
      String(decoding: PhaseSummary.jsonl([first, second]), as: UTF8.self) == """
        {"phase": 1, "total_instances": 2, "verified_count": 1, "success_rate": 0.5, "avg_attempts": 3.5, \
        "most_common_error": "logic", "improvement_from_previous": null}
        {"phase": 2, "total_instances": 4, "verified_count": 3, "success_rate": 0.75, "avg_attempts": 1.5, \
        "most_common_error": "syntax", "improvement_from_previous": "+25%"}

        """)
    #expect(PhaseSummary.points(from: 0.5, to: 0.3) == "-20%")
    #expect(PhaseSummary.points(from: 0.5, to: 0.5) == "+0%")
  }

  @Test func `has a line for each attempt of each instance`() {
    let results = phase([record("a__b-1", attempts: 2, seconds: 3), record("a__b-2", .environmentError, attempts: 0)])
    #expect(
      String(decoding: results.instanceLines, as: UTF8.self) == """
        {"instance_id": "a__b-1", "attempt": 1, "verified": false, "attempts_needed": 2, \
        "error_type": "test_failure", "final_error": "test_failure", "time_seconds": 1.5}
        {"instance_id": "a__b-1", "attempt": 2, "verified": true, "attempts_needed": 2, \
        "error_type": null, "final_error": null, "time_seconds": 1.5}
        {"instance_id": "a__b-2", "attempt": 0, "verified": false, "attempts_needed": null, \
        "error_type": "other", "final_error": "environment_error", "time_seconds": 1.0}

        """)
  }

  @Test func `leaves out of the sound rate what says nothing of the model, and keeps assisted ones apart`() {
    let results = phase(
      .small,
      [record("a__b-1"), record("a__b-2", .environmentError), record("a__b-3", .testFailure, assisted: true)])
    #expect(results.successRate == 1.0 / 3)
    #expect(results.soundRate == 0.5)
    #expect(results.rates.map(\.assisted) == [false, false, true, true])
    #expect(results.rates.map(\.total) == [2, 1, 1, 1])
    #expect(phase([record("a__b-1", dataset: "practice")]).rates.isEmpty)
  }
}
