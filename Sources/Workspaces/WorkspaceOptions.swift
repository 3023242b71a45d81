/// Which of a row's tests run first.
package enum TestOrder: String, CaseIterable, Codable, Sendable {
  /// All tests of the row's files, in one run.
  case all
  /// The FAIL_TO_PASS tests alone; then all, where none of these fails.
  case targetsFirst = "targets_first"
}

/// How tests are run: the settings that the outcomes depend on.
package struct WorkspaceOptions: Hashable, Codable, Sendable {
  /// What holds the tests.
  package var sandbox: SandboxChoice
  /// The engine of containers, `docker` or `podman`; nil is the first that is there. Counts for containers alone.
  package var container: String?
  /// Wall-clock seconds after which the tests are killed.
  package var timeoutSeconds: Int
  /// The Python: a name on `PATH`, or the path of one, in a virtual environment say.
  package var python: String
  /// Which run first, after a repair.
  package var order: TestOrder
  /// Where the specs of environments come from.
  package var environments: SpecSource
  /// Address space of each process of the tests, in MiB; where a control group can be made, memory of them all too.
  package var memoryMB: Int
  /// How many processes and threads the tests may have at once.
  package var processes: Int
  /// How much of the tests' output is kept, in MiB. Tests that go on to 16 times as much are killed.
  package var outputMB: Int

  /// Options; what is left out is the default.
  package init(
    sandbox: SandboxChoice = .on, timeoutSeconds: Int = 300, python: String = "python3",
    environments: SpecSource = .builtin, memoryMB: Int = 4096,
    processes: Int = 256, outputMB: Int = 16, container: String? = nil, order: TestOrder = .all
  ) {
    self.sandbox = sandbox
    self.timeoutSeconds = timeoutSeconds
    self.python = python
    self.environments = environments
    self.memoryMB = memoryMB
    self.processes = processes
    self.outputMB = outputMB
    self.container = container
    self.order = order
  }
}
