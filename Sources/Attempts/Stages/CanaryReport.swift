import Grading
import Instances
import Workspaces

/// What became of the canaries of one run of a row's tests. Their names are drawn anew for every run and stand nowhere.
package struct CanaryReport: Hashable, Codable, Sendable {
  /// One canary.
  package struct Seen: Hashable, Codable, Sendable {
    package let file: String
    package let kind: Canary.Kind
    /// Nil where the log does not tell of it.
    package let status: TestStatus?
    /// True where the log tells of another test of its file.
    package var hasRun: Bool

    package var isFailure: Bool { status?.isFailure ?? false }
  }

  /// By file and kind.
  package var seen: [Seen]
  /// Why there is none; nil where there is one.
  package let none: String?

  /// True where at least one failed, as all must.
  package var hasFailed: Bool { seen.contains(where: \.isFailure) }
}

extension CanaryReport {
  /// Where canaries go in the tests of `instance`; nil where it brings a command of its own, whose output may be any.
  static func request(_ instance: Instance) -> CanaryRequest? {
    guard instance.testCommand.map({ TestRunner(rawValue: $0) != nil }) ?? true else { return nil }
    return CanaryRequest(files: RowTests(instance).files, seed: .random(in: .min ... .max))
  }

  /// Nil where the tests were not asked to hold any and the row could have had some.
  init?(_ read: CanaryLog, _ planted: PlantedCanaries, of instance: Instance) {
    if planted.planted.isEmpty {
      let isOwn = CanaryReport.request(instance) == nil
      guard let why = planted.none ?? (isOwn ? "the row has a test command of its own" : nil) else { return nil }
      self.init(seen: [], none: why)
      return
    }
    let seen = zip(planted.planted, read.statuses).map { canary, status in
      let hasRun = CanaryLog.ran(
        canary.file, module: canary.module, in: read.log, [:])
      return Seen(file: canary.file, kind: canary.kind, status: status, hasRun: hasRun)
    }
    self.init(seen: seen.sorted { ($0.file, $0.kind.rawValue) < ($1.file, $1.kind.rawValue) }, none: nil)
  }

  /// Takes note of the files that outcomes tell of.
  mutating func note(_ outcomes: [String: TestStatus]) {
    for index in seen.indices where !seen[index].hasRun {
      let start = "\(seen[index].file)::"
      seen[index].hasRun = outcomes.keys.contains { $0.hasPrefix(start) }
    }
  }

  /// What is wrong with the canaries of a run after the change, beside the run before it. A file whose canaries did not
  /// fail before the change either, though its tests ran, has none that say anything.
  func reasons(before: CanaryReport?) -> [String] {
    watching(before).filter { !$0.isFailure }.compactMap { canary in
      let what =
        switch canary.status {
        case nil where canary.hasRun: "is missing"
        case nil: nil as String?
        case .skipped: "is skipped"
        case .xfail: "is expected to fail"
        default: "passes"
        }
      return what.map {
        "canary: a test of ramp's own that must fail \($0) in \(canary.file) (\(canary.kind.rawValue))"
      }
    }
  }

  /// Why no canary watched over a run; nil where one did.
  func whyNone(before: CanaryReport?) -> String? {
    if let none { return none }
    return watching(before).isEmpty ? "the tests do not run canaries before the change either" : nil
  }

  /// The canaries that say something.
  private func watching(_ before: CanaryReport?) -> [Seen] {
    seen.filter { canary in
      guard let old = before?.seen.first(where: { $0.file == canary.file && $0.kind == canary.kind }) else {
        return true
      }
      return old.isFailure || !old.hasRun
    }
  }
}

/// The tests that are a row's: those that it names, and those in its files of tests.
struct RowTests {
  private let instance: Instance
  private let named: Set<String>
  private let hasPaths: Bool

  init(_ instance: Instance) {
    self.instance = instance
    named = Set(instance.failToPass + instance.passToPass)
    let form = LogParser(runner: instance.runner, repo: instance.repo).form
    hasPaths = ![.unittest, .django, .sympy].contains(form)
  }

  /// True for a name of a log that is one of the row's tests. The tests of a program that runs tests print names of
  /// tests within them, which are not.
  func counts(_ name: String) -> Bool {
    if !hasPaths || named.contains(name) { return true }
    guard let end = name.firstRange(of: "::") else {
      return instance.testFiles.contains(name)
    }
    return instance.testFiles.contains(String(name[..<end.lowerBound]))
  }

  /// The files of tests that the row's names are in; all of them where its names tell no file.
  var files: [String] {
    let files = instance.testFiles.filter { $0.hasSuffix(".py") }
    let found = files.filter { file in
      let module = TestTargets.module(file, runner: instance.runner)
      return named.contains { name in
        hasPaths ? name.hasPrefix("\(file)::") : name.contains("(\(module).")
      }
    }
    return found.isEmpty && !hasPaths ? files : found
  }
}
