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
  /// Address space of each process of the tests, and memory of them all, in MiB.
  package var memoryMB: Int
  /// How much the tests may write to the disk, their tree included, in MiB.
  package var diskMB: Int
  /// How many processes and threads the tests may have at once.
  package var processes: Int
  /// How much of the tests' output is kept, in MiB. Tests that go on to 16 times as much are killed.
  package var outputMB: Int

  /// Options; what is left out is the default.
  package init(
    sandbox: SandboxChoice = .on, timeoutSeconds: Int = 300, python: String = "python3",
    environments: SpecSource = .builtin, memoryMB: Int = 4096,
    processes: Int = 256, outputMB: Int = 16, container: String? = nil, order: TestOrder = .all,
    diskMB: Int = WorkspaceOptions.usualDiskMB
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
    self.diskMB = diskMB
  }

  /// What tests may write where nothing is said.
  package static let usualDiskMB = 4096

  private enum CodingKeys: String, CodingKey {
    case sandbox, container, timeoutSeconds, python, order, environments, memoryMB, processes, outputMB, diskMB
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      sandbox: try values.decode(SandboxChoice.self, forKey: .sandbox),
      timeoutSeconds: try values.decode(Int.self, forKey: .timeoutSeconds),
      python: try values.decode(String.self, forKey: .python),
      environments: try values.decode(SpecSource.self, forKey: .environments),
      memoryMB: try values.decode(Int.self, forKey: .memoryMB),
      processes: try values.decode(Int.self, forKey: .processes),
      outputMB: try values.decode(Int.self, forKey: .outputMB),
      container: try values.decodeIfPresent(String.self, forKey: .container),
      order: try values.decode(TestOrder.self, forKey: .order),
      diskMB: try values.decodeIfPresent(Int.self, forKey: .diskMB) ?? WorkspaceOptions.usualDiskMB)
  }

  /// The usual bound of the disk is left out, so that what was run before there was one keeps its keys.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(sandbox, forKey: .sandbox)
    try values.encodeIfPresent(container, forKey: .container)
    try values.encode(timeoutSeconds, forKey: .timeoutSeconds)
    try values.encode(python, forKey: .python)
    try values.encode(order, forKey: .order)
    try values.encode(environments, forKey: .environments)
    try values.encode(memoryMB, forKey: .memoryMB)
    try values.encode(processes, forKey: .processes)
    try values.encode(outputMB, forKey: .outputMB)
    if diskMB != WorkspaceOptions.usualDiskMB { try values.encode(diskMB, forKey: .diskMB) }
  }
}
