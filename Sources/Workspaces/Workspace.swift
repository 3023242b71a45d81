/// A commit's files to read, and a place to run tests on them. It never hands out a path of the machine's.
package protocol Workspace: Sendable {
  /// The commit's object id.
  var commit: String { get }

  /// The paths of the commit's plain files, sorted by their bytes. Symbolic links and submodules are not among them.
  func paths() async throws -> [String]

  /// The paths of the commit's symbolic links.
  func links() async throws -> [String]

  /// The contents of files of the commit, by path; a path that is not one of `paths()` is not in the answer.
  func read(_ paths: [String]) async throws -> [String: [UInt8]]

  /// Makes what the tests need and is not theirs, the row's environment, when it is not there yet. `told` is called as
  /// the making goes on.
  ///
  /// - Returns: what was made; nil when nothing had to be.
  /// - Throws: `WorkspaceError`, `CancellationError`.
  func prepare(_ told: @escaping @Sendable (EnvironmentNews) async -> Void) async throws -> MadeEnvironment?

  /// Runs tests on a fresh copy of the commit with the changes and the test patch in it. Nothing of the run is left when
  /// it returns or throws.
  func runTests(_ run: TestRun) async throws -> TestLog
}

extension Workspace {
  /// None.
  package func links() async throws -> [String] { [] }

  /// Nothing.
  package func prepare(_ told: @escaping @Sendable (EnvironmentNews) async -> Void) async throws -> MadeEnvironment? {
    nil
  }
}
