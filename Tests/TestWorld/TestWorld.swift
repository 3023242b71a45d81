import Content
import Foundation
import Instances
import Processes
import Repositories
import TestPrograms
import Workspaces

/// The outside, for tests that carry out whole attempts: small real repositories, real git, real test runs. Equal runs
/// of tests on equal files are made once per process and remembered, and so are equal patches.
package actor TestWorld {
  package static let shared = TestWorld()

  private struct Asked: Hashable {
    let commit: String
    let run: TestRun
    let options: WorkspaceOptions
  }

  private let git = Git()
  private let pythons = Pythons()
  private var trees: [String: Tree] = [:]
  private var logs: [Asked: Task<TestLog, any Error>] = [:]
  private var patches: [[FileChange]: Task<[UInt8], any Error>] = [:]

  /// True where this machine lets bubblewrap work.
  package static let hasSandbox = Child.hasSandbox

  /// The workspace of a practice row or of one that `row` made. Where the machine allows no sandbox, its tests run
  /// without one: they are the tests' own.
  package func workspace(of instance: Instance, options: WorkspaceOptions) async throws -> any Workspace {
    var options = options
    if !TestWorld.hasSandbox { options.sandbox = .off }
    return RememberingWorkspace(
      inner: RepositoryWorkspace(
        try await tree(of: instance), options: options, git: git, pythons: pythons, scratch: Scratch.folder),
      options: options, world: self)
  }

  /// The unified diff of `changes`, by git.
  package func patch(_ changes: [FileChange]) async throws -> [UInt8] {
    let task = patches[changes] ?? Task { [git] in try await PatchMaker.patch(changes, git: git) }
    patches[changes] = task
    return try await task.value
  }

  /// A repository at `path` with two commits: `before`, and `after` over it. The branch is `main`.
  package func repository(at path: String, before: [String: String], after: [String: String]) async throws {
    let commits = [("before\n", before), ("Mends it\n\nIt was wrong.\n", before.merging(after) { $1 })].map {
      message, files in
      FastImport.Commit(
        message: message, author: "A <a@example.org>", date: 1_000_000_000, files: files.mapValues { Array($0.utf8) })
    }
    _ = try await FastImport(git: git).make(commits, at: path)
  }

  /// What a commit of a repository changes; rows of its parent can be run then.
  package func change(of name: String, repo: String, source: RepositorySource) async throws -> CommitChange {
    let mirror = try await Mirrors(cache: "\(Scratch.folder)/mirrors", source: source, git: git).mirror(of: repo)
    let change = try await mirror.change(of: name)
    trees[change.base] = try await mirror.tree(at: change.base)
    return change
  }

  /// What `patch` makes of a workspace's files, by git.
  package func apply(_ patch: [UInt8], to workspace: any Workspace) async throws -> [FileChange] {
    try await PatchApplier.apply(patch, to: { try await workspace.read([$0])[$0] }, git: git)
  }

  /// A row of a repository made of `files`, whose tests (`tests`, by unittest) are in its test patch and whose gold
  /// patch makes the files of `gold`.
  package func row(
    id: String, repo: String = "o/n", issue: String, files: [String: String], tests: [String: String],
    gold: [String: String], failToPass: [String], passToPass: [String] = []
  ) async throws -> Instance {
    let commit = FastImport.Commit(
      message: "first\n", author: "A <a@example.org>", date: 1_000_000_000,
      files: files.mapValues { Array($0.utf8) })
    let path = "\(Scratch.folder)/made/\(UUID().uuidString).git"
    let base = try await FastImport(git: git).make([commit], at: path)[0]
    trees[base] = try await Mirror(repo: repo, path: path, git: git).tree(at: base)
    func diff(_ new: [String: String]) async throws -> String {
      let changes = new.sorted { $0.key < $1.key }.map { path, text in
        FileChange(path: path, before: files[path].map { Array($0.utf8) }, after: Array(text.utf8))
      }
      return String(decoding: try await patch(changes), as: UTF8.self)
    }
    return Instance(
      id: id, repo: repo, baseCommit: base, problemStatement: issue, patch: try await diff(gold),
      testPatch: try await diff(tests), version: "1.0", failToPass: failToPass, passToPass: passToPass,
      testCommand: "unittest")
  }

  fileprivate func log(of run: TestRun, options: WorkspaceOptions, on inner: RepositoryWorkspace) async throws
    -> TestLog
  {
    let asked = Asked(commit: inner.commit, run: run, options: options)
    let task = logs[asked] ?? Task { try await inner.runTests(run) }
    logs[asked] = task
    return try await task.value
  }

  private func tree(of instance: Instance) async throws -> Tree {
    if let tree = trees[instance.baseCommit] { return tree }
    let folder = "\(Scratch.folder)/practice"
    let mirror = try await PracticeSet.repository(
      of: instance.id, commit: instance.baseCommit, in: folder, git: git)
    guard let mirror else {
      throw GitError.noMirror(repo: instance.repo, tried: [folder])
    }
    let tree = try await mirror.tree(at: instance.baseCommit)
    trees[instance.baseCommit] = tree
    return tree
  }
}

/// A workspace whose test runs are remembered.
private struct RememberingWorkspace: Workspace {
  let inner: RepositoryWorkspace
  let options: WorkspaceOptions
  let world: TestWorld

  var commit: String { inner.commit }

  func paths() async throws -> [String] { try await inner.paths() }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] { try await inner.read(paths) }

  func runTests(_ run: TestRun) async throws -> TestLog { try await world.log(of: run, options: options, on: inner) }
}
