import Content
import Instances
import Repositories

/// What to run tests on, and which.
package struct TestRun: Hashable, Sendable {
  /// The model's changes to the commit; of each only its path and what is there afterwards matter. Those to files of
  /// the test patch are undone before that is applied.
  package var changes: [FileChange]
  /// The test patch, a unified diff; empty for none.
  package var testPatch: [UInt8]
  /// The files whose tests run: every file of the test patch. Data files among them, by their ending, and files that
  /// the patch deletes are left out.
  package var testFiles: [String]
  /// The program that runs them.
  package var runner: TestRunner
  /// A shell command in place of the runner's own, with `{files}` and `{modules}` for the tests and `{python}` for the
  /// Python that runs them; nil, or the bare name of a runner, for the runner's own.
  package var command: String?
  /// True where files of the test patch that are neither Python nor known data are given to the command too, as the
  /// SWE-bench harness does for its repositories.
  package var givesOtherFiles: Bool
  /// What the command is told in place of the files, to run some tests of theirs alone; nil runs all.
  package var targets: [String]?
  /// The row's id and its container image, for tests that run in one.
  package var instanceID: String?
  package var image: String?
  /// The canaries that are added to the tests; nil for none.
  package var canaries: CanaryRequest?

  /// A run of the given tests.
  package init(
    changes: [FileChange], testPatch: [UInt8], testFiles: [String], runner: TestRunner, command: String? = nil,
    givesOtherFiles: Bool = false, targets: [String]? = nil, instanceID: String? = nil, image: String? = nil,
    canaries: CanaryRequest? = nil
  ) {
    self.changes = changes
    self.testPatch = testPatch
    self.testFiles = testFiles
    self.runner = runner
    self.command = command
    self.givesOtherFiles = givesOtherFiles
    self.targets = targets
    self.instanceID = instanceID
    self.image = image
    self.canaries = canaries
  }

  /// A run of the instance's tests on `changes`.
  package init(_ instance: Instance, changes: [FileChange]) {
    self.init(
      changes: changes, testPatch: Array(instance.testPatch.utf8), testFiles: instance.testFiles,
      runner: instance.runner, command: instance.testCommand, instanceID: instance.id, image: instance.image)
  }
}
