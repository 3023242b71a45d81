import Instances

/// A limit that tests came to.
package enum TestLimit: String, CaseIterable, Codable, Sendable {
  case time, output, memory, processes, disk

  /// The setting that gives more of it.
  package var setting: String {
    switch self {
    case .time: "tests.timeout"
    case .output: "tests.output"
    case .memory: "tests.memory"
    case .processes: "tests.processes"
    case .disk: "tests.disk"
    }
  }
}

/// The canaries of a run.
package struct PlantedCanaries: Hashable, Sendable {
  package var planted: [Canary]
  /// Why there are none; nil where there are some, and where none were asked for.
  package var none: String?

  package init(_ planted: [Canary] = [], none: String? = nil) {
    self.planted = planted
    self.none = none
  }
}

/// What a run of tests said, and how it ended. A test that failed is no error here: only grading knows.
package struct TestLog: Hashable, Sendable {
  /// Standard output and standard error of the test command, in order, as they came; without ramp's own markers.
  package let log: [UInt8]
  /// The command's exit status; nil where a signal or the timeout ended it.
  package let exit: Int32?
  /// True where the time was up.
  package let timedOut: Bool
  /// True where there was more output than was kept.
  package let outputCut: Bool
  /// What held the tests: `bwrap (network off, files read-only, 4096 MB, 256 processes, 300 s)`.
  package let sandbox: String
  /// The version of the Python that ran them: `3.11.7`.
  package let python: String
  /// True where the marker before the command was seen: the sandbox was made and the command was about to start.
  package let started: Bool
  /// True where the marker after the command was seen: the command ended by itself and all its output is here.
  package let ended: Bool
  /// The limits that the tests came to. Of memory and processes only a control group can tell.
  package let limits: [TestLimit]
  /// The tests of ramp's own that ran among them; what they printed is in the log.
  package let canaries: PlantedCanaries
  /// Files beside the row's tests that were written while they ran, and that decide what tests do.
  package let touched: [String]

  /// A log with these parts.
  package init(
    log: [UInt8], exit: Int32?, timedOut: Bool, outputCut: Bool, sandbox: String, python: String, started: Bool,
    ended: Bool, limits: Set<TestLimit> = [], canaries: PlantedCanaries = PlantedCanaries(),
    touched: [String] = []
  ) {
    self.log = log
    self.exit = exit
    self.timedOut = timedOut
    self.outputCut = outputCut
    self.sandbox = sandbox
    self.python = python
    self.started = started
    self.ended = ended
    self.canaries = canaries
    self.touched = touched
    let told = limits.union(timedOut ? [.time] : []).union(outputCut ? [.output] : [])
    self.limits = TestLimit.allCases.filter(told.contains)
  }
}
