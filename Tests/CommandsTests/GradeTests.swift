import Attempts
import Foundation
import Grading
import Instances
import Sessions
import Testing

@testable import Commands

/// A log of the harness in which every test of the practice row ended with `status`.
private func log(_ row: Instance, status: String) -> String {
  let lines = (row.failToPass + row.passToPass).map { "\($0) ... \(status)\n" }
  return "set-up\n>>>>> Start Test Output\n\(lines.joined())>>>>> End Test Output\n"
}

private func practiceRow() throws -> Instance {
  try #require(try PracticeSet.dataset().row(django)).instance()
}

@Suite struct `grading a log` {
  @Test func `judges it by its row`() async throws {
    let sitting = try await Sitting()
    try sitting.write(log(try practiceRow(), status: "ok"), to: "a.log")
    let text = try await sitting.type("grade \(django) --log a.log --report report.json")
    #expect(text.hasPrefix("\(django)   RESOLVED_FULL   unittest, rules of 4.1\n"))
    #expect(try sitting.read("report.json").contains("\"resolved\": true"))
    try sitting.write(log(try practiceRow(), status: "FAIL"), to: "b.log")
    let json = try await sitting.type("grade \(django) --log b.log", json: true)
    #expect(json.hasPrefix("{\"outcomes\": {\""))
    #expect(
      json.contains("\"resolved\": false, \"tests_status\": {\"FAIL_TO_PASS\": {\"success\": [], \"failure\": [\""))
  }

  @Test func `says why one does not count`() async throws {
    let sitting = try await Sitting()
    try sitting.write("test_a (m.C) ... ok\n", to: "a.log")
    let text = try await sitting.type("grade \(django) --log a.log")
    #expect(text.contains("RESOLVED_NO"))
    #expect(text.contains("does not count: the log has no >>>>> Start Test Output"))
    #expect(text.contains("environment_error"))
    let json = try await sitting.type("grade \(django) --log a.log", json: true)
    #expect(json.contains("\"tests_status\": null, \"problem\": \"the log has no >>>>> Start Test Output\""))
  }

  @Test func `reads one alone, marks or none`() async throws {
    let sitting = try await Sitting()
    try sitting.write("PASSED t.py::a\nFAILED t.py::b - \u{1B}[31mno\n", to: "a.log")
    #expect(
      try await sitting.type("grade --repo pallets/flask --version 2.0 --log a.log", json: true)
        == "{\"outcomes\": {\"t.py::a\": \"PASSED\", \"t.py::b\": \"FAILED\"}, \"resolved\": null, \"tests_status\": null}\n"
    )
    #expect(try await sitting.type("grade --parser parse_log_pytest --log a.log").contains("rules of 5.0"))
    #expect(controls(in: try await sitting.type("grade --repo pallets/flask --log a.log --all")).isEmpty)
  }

  @Test func `names what is wrong with the question`() async throws {
    let sitting = try await Sitting()
    try sitting.write("", to: "a.log")
    #expect(
      await sitting.fault(of: "grade --log a.log").contains("name one of ID, --repo OWNER/NAME and --predictions"))
    #expect(await sitting.fault(of: "grade \(django)").contains("--log FILE is missing"))
    #expect(await sitting.fault(of: "grade --repo x --log a.log").contains("owner/name"))
    #expect(await sitting.fault(of: "grade --repo o/n --log a.log").contains("no log parser for the repository o/n"))
    #expect(
      await sitting.fault(of: "grade --parser x --log a.log").contains(
        "no log parser x\nparsers: unittest, parse_log_pytest, parse_log_pytest_options"))
    #expect(await sitting.fault(of: "grade \(django) --log none.log").contains("no file "))
    #expect(await sitting.fault(of: "grade django__django-1100 --log a.log").contains("nearest: \(django)"))
    #expect(
      await sitting.fault(of: "grade o__n-1 --rows none.jsonl --log a.log").contains("there is no file"))
  }

  @Test func `judges a whole run and writes the official reports`() async throws {
    let sitting = try await Sitting()
    let row = try practiceRow()
    try FileManager.default.createDirectory(
      atPath: "\(sitting.folder)/logs/\(django)", withIntermediateDirectories: true)
    try sitting.write(log(row, status: "ok"), to: "logs/\(django)/test_output.txt")
    let predictions = [django, flask, "sympy__sympy-14308", "o__n-1"].map { id in
      Prediction(instanceID: id, model: "o/m", patch: id.hasPrefix("sympy") ? "" : "p")
    }
    for shape in Prediction.Shape.allCases {
      try sitting.write(String(decoding: try Prediction.encoded(predictions, as: shape), as: UTF8.self), to: "p.json")
      let text = try await sitting.type("grade --predictions p.json --logs logs --out reports --run r1")
      let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      #expect(rows[1] == [django, "resolved"])
      #expect(rows[2] == [flask, "no_log"])
      #expect(rows[3] == ["sympy__sympy-14308", "empty_patch", "no_edits_generated"])
      #expect(rows[4] == ["o__n-1", "unknown_id"])
      #expect(text.contains("submitted 4, completed 1, resolved 1, unresolved 0, empty 1, without a log 1, of 5 rows"))
      #expect(
        sitting.err.take().contains("o__n-1: no row in what is loaded, and not graded; `load FILE` with their rows"))
      let counts = try await sitting.type("grade --predictions p.json --logs logs", json: true).split(separator: "\n")
      #expect(
        counts.last?.hasPrefix(
          #"{"completed":1,"empty_patch":1,"failures":{"#) == true)
      #expect(
        counts.last?.hasSuffix(
          #""no_log":1,"repeated_ids":[],"resolved":1,"submitted":4,"total":5,"unknown_id":1,"unresolved":0}"#) == true)
      #expect(
        text.contains("failures: syntax_error 0, logic_error 0, test_failure 0, no_edits_generated 1, apply_failed 0"))
    }
    let report = try sitting.read("reports/o__m.r1.json")
    #expect(report.contains("\"total_instances\": 5"))
    #expect(report.contains("\"schema_version\": 2"))
    #expect(
      try sitting.read("reports/logs/run_evaluation/r1/o__m/\(django)/report.json").contains("\"resolved\": true"))
  }
}

@Suite struct `a file of predictions` {
  private func graded(_ predictions: String) async throws -> (fault: String, warning: String) {
    let sitting = try await Sitting()
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/logs", withIntermediateDirectories: true)
    try sitting.write(predictions, to: "p.json")
    let fault = await sitting.fault(of: "grade --predictions p.json --logs logs")
    return (fault, sitting.err.take())
  }

  @Test(arguments: [
    ("", "p.json holds no predictions\nname a file with one prediction a line"), ("[]", "p.json holds no predictions"),
    (#"{"model_patch": "x"}"#, "p.json, line 1: the field instance_id is missing\na prediction is {\"instance_id\""),
    (#"{"model_name_or_path": "x"}"#, "p.json, line 1: the field instance_id is missing"),
    (
      #"{"instance_id": "a-1", "model": "x", "prediction": "diff"}"#, "p.json, line 1: the field model_patch is missing"
    ),
    (#"{"a": "x"}"#, "p.json, element 1: the row should be an object"),
    ("[{\"instance_id\": \"a\"}", "cut off, the text ends in the middle of a row\nget the file again"),
    ("{\"instance_id\": \"a\", \"model_patch\": null}\n{\"instance_id\": a}\n", "p.json, line 2: not JSON at byte"),
    (#"{"instance_id": "../a"}"#, "is not safe as a file name\nuse letters"),
  ])
  func `that is none says what one is, and nothing of loading`(text: String, said: String) async throws {
    let fault = try await graded(text).fault
    #expect(fault.contains(said), "\(fault)")
    #expect(!fault.contains("`load"))
  }

  @Test func `that names one instance more than once is told, and the last counts`() async throws {
    let rows = ["a", ""].map { #"{"instance_id": "\#(django)", "model_patch": "\#($0)"}"# }.joined(separator: "\n")
    let (fault, warning) = try await graded(rows)
    #expect(fault == "nothing is wrong")
    #expect(warning.contains("\(django) stands more than once in p.json: the last counts"))
  }

  @Test func `of rows that are not loaded says what to load`() async throws {
    let ids = ["django__django-11001", "sympy__sympy-1", "psf__requests-2", "pallets__flask-3"]
    let rows = ids.map { #"{"instance_id": "\#($0)", "model_patch": "x"}"# }.joined(separator: "\n")
    let (fault, warning) = try await graded(rows)
    #expect(fault == "nothing is wrong")
    #expect(
      warning.contains(
        "django__django-11001, sympy__sympy-1, psf__requests-2 and 1 more: no row in what is loaded, and not graded; `load lite` first"
      ))
  }
}

@Suite struct `grading stored logs again` {
  @Test func `comes to the same, and runs nothing`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django); context add \(secondPlace); rerun")
    let before = sitting.session.host.effects.counts
    let text = try await sitting.type("regrade")
    #expect(text.split(separator: "\n").count == 3)
    #expect(text.contains("1.1   unresolved, logic_error  the same"))
    #expect(text.contains("1.2   resolved                 the same"))
    #expect(try await sitting.type("regrade 1.2", json: true).contains("\"changed\":false"))
    #expect(sitting.session.host.effects.counts == before)
  }

  @Test func `has nothing to read where nothing ran`() async throws {
    let sitting = try await Sitting()
    #expect(await sitting.fault(of: "regrade").contains("no instance has been run yet"))
    try await sitting.type("run \(django) --through patch")
    #expect(await sitting.fault(of: "regrade").contains("there is no baseline in this take"))
  }
}

@Suite struct `public solve rates` {
  @Test func `are shown, and warn of a set that hardly anybody solves`() async throws {
    let sitting = try await Sitting()
    try sitting.write(
      """
      {"\(django)": {"resolved_submissions": ["a", "b"], "no_of_submissions": 77}, "\(flask)": [0, 77]}
      """, to: "rates.json")
    try await sitting.type("load practice --rates rates.json")
    let said = sitting.err.take()
    #expect(said.contains("hardly any public system solves these: 1 % on average over 2 rows whose rate is known"))
    #expect(said.contains("and 1 solved by none"))
    #expect(try await sitting.type("info \(django)").contains("  solved by     2 of 77 public systems\n"))
    #expect(try await sitting.type("info \(flask)", json: true).contains("\"solve_rate\":{\"of\":77,\"solved\":0}"))
    #expect(!(try await sitting.type("info sympy__sympy-14308").contains("solved by")))
  }

  @Test(arguments: [
    ("[]", "the whole is of another type"), ("{\"a\": [3]}", "a.2 is of another type"),
    ("{\"a\": [3, 2]}", "3 of 2 is no share"),
    ("{\"a\": {\"no_of_submissions\": 1}}", "lacks resolved_submissions"), ("{", "it is no JSON"),
    ("{\"a\": null}", "a is of another type"),
  ]) func `are refused where they are none`(text: String, why: String) async throws {
    let sitting = try await Sitting()
    try sitting.write(text, to: "rates.json")
    let fault = await sitting.fault(of: "load practice --rates rates.json")
    #expect(fault.contains("holds no solve rates: "))
    #expect(fault.contains(why), "\(fault)")
  }
}
