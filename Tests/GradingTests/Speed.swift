import Foundation
import Glibc
import Grading
import Instances
import Testing

/// Not a test of anything: `scripts/grading/bench` runs it, and reads what it prints.
@Suite(.enabled(if: Official.logs != nil && Speed.folder != nil, "only for scripts/grading/bench"), .serialized)
struct `the speed` {
  @Test func `of reading logs`() throws {
    let folder = try #require(Speed.folder)
    var samples: [(form: LogParser.Form, log: [UInt8])] = []
    for entry in try Official.entries() { samples.append((try LogParser(entry.instance).form, entry.log)) }
    let unittest = Array(String(decoding: samples.first { $0.form == .django }?.log ?? [], as: UTF8.self).utf8)
    for form in LogParser.Form.allCases {
      let found = samples.filter { $0.form == form }.map(\.log)
      let own =
        form == .unittest ? [unittest] : found.isEmpty ? samples.filter { $0.form == .pytest }.map(\.log) : found
      let log = Speed.repeated(own, to: 8 << 20)
      try Data(log).write(to: URL(filePath: "\(folder)/\(form.rawValue).log"))
      for harness in form == .unittest ? [Harness.v4] : Harness.allCases {
        let parser = LogParser(form: form, harness: harness)
        let rate = Speed.rate(log) { _ = parser.outcomes(in: log) }
        print("bench\tparse \(harness.rawValue)\t\(form.rawValue)\t\(rate)")
      }
      let parser = LogParser(form: form, harness: .v4)
      let rate = Speed.rate(log) { _ = FailureReader.read(log, parser: parser) }
      print("bench\tfailures\t\(form.rawValue)\t\(rate)")
    }
  }

  @Test func `of hostile logs, and the memory they take`() {
    let names: [(String, (Int) -> [UInt8])] = [
      ("one line of dots", { Array(repeating: 0x2E, count: $0) }),
      ("one line of PASSED", { Speed.repeated([Array("PASSED ".utf8)], to: $0) }),
      ("one line of .py: ", { Speed.repeated([Array("_ x.py:y _".utf8)], to: $0) }),
      ("one line of ... ok", { Speed.repeated([Array(" ... ok".utf8)], to: $0) }),
      ("requests that fail", { Speed.repeated([Array(" ... Internal Server Error: /".utf8)], to: $0) }),
      (
        "checks that never end",
        { Speed.repeated([Array("a ... Testing against Django installed in \n".utf8)], to: $0) }
      ),
      ("colours", { Speed.repeated([Array("\u{1B}[1".utf8)], to: $0) }),
      ("carriage returns", { Array(repeating: 0x0D, count: $0) }),
      ("marks", { Speed.repeated([Array(">>>>> ".utf8)], to: $0) }),
      ("sessions", { Speed.repeated([Array("== test session starts ==\n".utf8)], to: $0) }),
      ("titles", { Speed.repeated([Array("= FAILURES =\n_ a _\n".utf8)], to: $0) }),
      ("frames", { Speed.repeated([Array("  File \"/testbed/a.py\", line 3, in f\n    x\n".utf8)], to: $0) }),
      ("quotes", { Array("= FAILURES =\n_ a _\nE   assert ".utf8) + Speed.repeated([Array("(' == ".utf8)], to: $0) }),
      ("names", { Speed.names($0) }),
    ]
    for (name, make) in names {
      var rates: [Double] = []
      for size in [1 << 20, 4 << 20] {
        let log = make(size)
        var worst = Double.infinity
        for form in LogParser.Form.allCases {
          let parser = LogParser(form: form, harness: .v5)
          worst = min(worst, Speed.rate(log, rounds: 1) { _ = Grade(parser: parser, log: log) })
          worst = min(worst, Speed.rate(log, rounds: 1) { _ = FailureReader.read(log, parser: parser) })
        }
        rates.append(worst)
      }
      print("bench\thostile\t\(name)\t\(rates[0])\t\(rates[1])")
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["RAMP_BENCH_HUGE"] != nil, "only with RAMP_BENCH_HUGE"))
  func `of a log of a gigabyte`() throws {
    for (name, line) in [
      ("lines", "PASSED t.py::test_a[1] \u{1B}[0m and more\n"), ("one line", "PASSED t.py::a[x y] "),
    ] {
      let log = Speed.repeated([Array(line.utf8)], to: 1 << 30)
      let before = Speed.peak()
      for form in [LogParser.Form.pytest, .pytestV2, .django, .sympy] {
        let parser = LogParser(form: form, harness: .v5)
        let rate = Speed.rate(log, rounds: 1) { _ = Grade(parser: parser, log: log) }
        let read = Speed.rate(log, rounds: 1) { _ = FailureReader.read(log, parser: parser) }
        print("bench\tgigabyte\t\(name), \(form.rawValue)\t\(rate)\t\(read)\t\(Speed.peak() - before) MB above the log")
      }
    }
  }

  @Test func `of reports`() throws {
    let names = (0..<60).map { "tests/test_some_module.py::TestClass::test_method_\($0)[param-\($0)]" }
    let log = Array(
      (">>>>> Start Test Output\n" + names.map { "PASSED \($0)\n" }.joined() + ">>>>> End Test Output\n").utf8)
    var sizes = 0
    let seconds = Speed.seconds {
      var ids: [String] = []
      for number in 0..<300 {
        let instance = Instance(
          id: "o__r-\(number)", repo: "pallets/flask", baseCommit: "", problemStatement: "", patch: "", testPatch: "",
          failToPass: Array(names.prefix(5)), passToPass: Array(names.dropFirst(5)))
        sizes += (try? InstanceReport(instance, log: log).json.count) ?? 0
        ids.append(instance.id)
      }
      let predictions = ids.map { Prediction(instanceID: $0, model: "m", patch: "p") }
      let report = RunReport(
        dataset: ids, predictions: predictions,
        results: Dictionary(uniqueKeysWithValues: ids.map { ($0, RunReport.Result.resolved) }))
      sizes += report.json.count
    }
    print("bench\treports\t300 rows judged and reported, \(sizes >> 10) KiB\t\(seconds * 1000) ms")
  }
}

enum Speed {
  static let folder = ProcessInfo.processInfo.environment["RAMP_BENCH"]

  static func repeated(_ parts: [[UInt8]], to size: Int) -> [UInt8] {
    var log: [UInt8] = []
    log.reserveCapacity(size)
    var next = 0
    while log.count < size {
      log += parts[next % parts.count].prefix(size - log.count)
      next += 1
    }
    return log
  }

  /// Lines with a new name each.
  static func names(_ size: Int) -> [UInt8] {
    var log: [UInt8] = []
    var number = 0
    while log.count < size {
      log += Array("PASSED t.py::test_\(number) ... ok\ntest_\(number) ok\n".utf8)
      number += 1
    }
    return log
  }

  /// Processor seconds of this thread.
  static func seconds(_ body: () -> Void) -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    body()
    return now() - start
  }

  /// Megabytes a processor second, the best of several rounds.
  static func rate(_ log: [UInt8], rounds: Int = 5, _ body: () -> Void) -> Double {
    let best = (0..<rounds).map { _ in seconds(body) }.min() ?? 1
    return (Double(log.count) / 1e6 / max(best, 1e-9)).rounded()
  }

  /// The most memory of the process so far, in MB.
  static func peak() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) >> 10
  }
}
