import Foundation
import Instances
import Testing

@testable import Grading

/// An environment with one release of the harness, made by `scripts/grading/setup`.
private struct Release: CustomTestStringConvertible {
  let version: String
  let harness: Harness

  static let all = [Release(version: "4.1.0", harness: .v4), Release(version: "5.0.2", harness: .v5)]

  var python: URL { Official.project.appending(path: ".build/swebench/\(version)/bin/python") }
  var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python.path) }
  var testDescription: String { "swebench \(version)" }

  /// Runs `scripts/grading/compare.py` and returns its status with all it printed.
  func compare(_ mode: String, _ path: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = python
    process.arguments = [Official.project.appending(path: "scripts/grading/compare.py").path, mode, path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

/// One log with ramp's reading of it, as `compare.py` takes it.
private struct Case: Encodable {
  var label: String
  var instance_id: String
  var repo: String
  var parser: String
  var eval_type: String
  var FAIL_TO_PASS: [String]
  var PASS_TO_PASS: [String]
  var log: String
  var outcomes: [[String]]
  var report: String

  init(_ label: String, _ instance: Instance, form: LogParser.Form, log: [UInt8], harness: Harness) throws {
    var instance = instance
    if harness == .v5 { instance.logParser = form.rawValue }
    let grade = try Grade(instance, log: log)
    self.label = label
    instance_id = instance.id
    repo = instance.repo
    parser = form.rawValue
    eval_type = instance.evalType ?? "pass_and_fail"
    FAIL_TO_PASS = instance.failToPass
    PASS_TO_PASS = instance.passToPass
    self.log = Data(log).base64EncodedString()
    outcomes = grade.outcomes.entries.map { [$0.name, $0.word] }
    report = String(decoding: InstanceReport(id: instance.id, grade: grade, log: log).json, as: UTF8.self)
  }
}

/// A folder that is gone when the test is.
private func temporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "ramp-grading-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

@Suite(.enabled(if: Release.all.allSatisfy(\.isInstalled), "swebench is not installed: scripts/grading/setup"))
struct `the official harness` {
  /// How many times as many logs as usual are made up.
  private let share = ProcessInfo.processInfo.environment["RAMP_SHARE"].flatMap { Int($0) } ?? 1

  private func agrees(_ release: Release, _ cases: [Case]) throws {
    try temporaryFolder { folder in
      var lines = Data()
      for one in cases { lines += try JSONEncoder().encode(one) + [0x0A] }
      let path = folder.appending(path: "cases.jsonl")
      try lines.write(to: path)
      let (status, output) = try release.compare("logs", path.path)
      print("\(release.version): \(output.split(separator: "\n").last ?? "")")
      #expect(status == 0, "\(output)")
    }
  }

  @Test(.enabled(if: Official.logs != nil, "../shared is absent"), arguments: Release.all)
  private func `agrees on every log`(release: Release) throws {
    try agrees(
      release,
      try Official.entries().map { entry in
        let form = try LogParser(entry.instance).form
        return try Case(entry.dir, entry.instance, form: form, log: entry.log, harness: release.harness)
      })
  }

  @Test(.enabled(if: Official.logs != nil, "../shared is absent"), arguments: Release.all)
  private func `agrees on logs that were damaged`(release: Release) throws {
    var generator = SeededGenerator(state: UInt64(7 + share))
    let entries = try Official.entries()
    var cases: [Case] = []
    for entry in entries {
      let form = try LogParser(entry.instance).form
      for damage in Damage.allCases.shuffled(using: &generator).prefix(4 * share) {
        let other = entries.randomElement(using: &generator) ?? entry
        let log = damage.done(to: entry.log, other: other.log, using: &generator)
        // The harness's search for SymPy's titles takes the square of a line's length.
        if form == .sympy, log.split(separator: 0x0A).contains(where: { $0.count > 3_000 }) { continue }
        cases.append(
          try Case("\(entry.dir) \(damage)", entry.instance, form: form, log: log, harness: release.harness))
      }
    }
    try agrees(release, cases)
  }

  @Test(arguments: Release.all) private func `agrees on invented logs`(release: Release) throws {
    var generator = SeededGenerator(state: UInt64(11 + share))
    var cases: [Case] = []
    for (form, repo) in Invented.repositories {
      for number in 0..<(100 * share) {
        let log = Invented.log(form, using: &generator)
        let parser = LogParser(form: form, harness: release.harness)
        var instance = Instance(
          id: "a__a-\(number)", repo: repo, baseCommit: "", problemStatement: "", patch: "", testPatch: "",
          failToPass: [], passToPass: [])
        let read = Grade(parser: parser, log: log).outcomes.entries
        instance.failToPass = Invented.names(read, using: &generator)
        instance.passToPass = Invented.names(read, using: &generator)
        if release.harness == .v5, number % 10 == 0 { instance.evalType = "fail_only" }
        cases.append(try Case("\(form) \(number)", instance, form: form, log: log, harness: release.harness))
      }
    }
    try agrees(release, cases)
  }

  @Test(arguments: Release.all) private func `takes predictions and writes the same run report`(
    release: Release
  ) throws {
    try temporaryFolder { folder in
      let ids = (1...9).map { "o__r-\($0)" }
      let model = "me/llama3.1:8b"
      let predictions =
        ids.dropFirst().map {
          Prediction(instanceID: $0, model: model, patch: $0.hasSuffix("3") ? "" : "diff \u{E9}\n")
        }
        + [Prediction(instanceID: "x__y-1", model: model, patch: "p")]
      try Data(Prediction.jsonl(predictions)).write(to: folder.appending(path: "predictions.jsonl"))
      try Data(Prediction.encoded(predictions, as: .list)).write(to: folder.appending(path: "list.json"))
      try Data(Prediction.encoded(predictions, as: .byID)).write(to: folder.appending(path: "by_id.json"))
      try JSONEncoder().encode(predictions).write(to: folder.appending(path: "expected.json"))
      try JSONEncoder().encode(ids.map { ["instance_id": $0] }).write(to: folder.appending(path: "dataset.json"))

      var results: [String: RunReport.Result] = [:]
      var infra: [String: InfraFailure] = [:]
      let logs: [String: (log: String, result: RunReport.Result)] = [
        "o__r-2": (">>>>> Start Test Output\nPASSED t.py::a\n>>>>> End Test Output", .resolved),
        "o__r-4": (">>>>> Start Test Output\nFAILED t.py::a\n>>>>> End Test Output", .unresolved),
        "o__r-5": ("x\nKilled\n", .unresolved), "o__r-6": ("ModuleNotFoundError: é", .unresolved),
        "o__r-7": ("", .unreadable), "o__r-8": ("Could not resolve host", .missing),
      ]
      for (id, told) in logs {
        results[id] = told.result
        let path = folder.appending(path: RunReport.instanceReport(model: model, run: "run", id: id))
        let place = path.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data(told.log.utf8).write(to: place.appending(path: "test_output.txt"))
        infra[id] = InfraFailure.found(in: Array(told.log.utf8))
        guard told.result != .missing else { continue }
        var instance = Instance(
          id: id, repo: "pallets/flask", baseCommit: "", problemStatement: "", patch: "", testPatch: "",
          failToPass: ["t.py::a"], passToPass: [])
        if release.harness == .v5 { instance.logParser = "parse_log_flask" }
        let report = try InstanceReport(instance, log: Array(told.log.utf8))
        #expect(report.resolved == (told.result == .resolved))
        try Data(told.result == .unreadable ? [0x7B] : report.json).write(to: path)
      }
      let ours = folder.appending(path: "ours")
      try FileManager.default.createDirectory(at: ours, withIntermediateDirectories: true)
      let run = RunReport(
        dataset: ids, predictions: predictions, results: results, infra: infra, harness: release.harness)
      try Data(run.json).write(to: ours.appending(path: RunReport.fileName(model: model, run: "run")))
      let (status, output) = try release.compare("run", folder.path)
      #expect(status == 0, "\(output)")
    }
  }
}
