import Content
import Foundation

/// The repositories at hand: folders of the user's used where they are, and bare clones kept in the cache.
package actor Mirrors {
  /// The folder of the clones: `owner/name.git` each.
  package nonisolated let cache: String
  /// Where repositories come from.
  package nonisolated let source: RepositorySource
  private let git: Git
  private var underway: [String: Task<Mirror, any Error>] = [:]

  /// The mirrors of `source`. `cache` is the folder of the clones, made when first needed; only ramp writes there.
  package init(cache: String, source: RepositorySource, git: Git) {
    self.cache = cache
    self.source = source
    self.git = git
  }

  /// The repository `repo` (`owner/name`), cloned first where it comes from a URL and is not in the cache yet. A clone
  /// appears whole or not at all; two askers share one.
  ///
  /// - Throws: `GitError`; `CancellationError`.
  package func mirror(of repo: String) async throws -> Mirror {
    switch try source.place(of: repo) {
    case .folders(let folders):
      guard let path = folders.lazy.compactMap(Mirrors.gitDirectory).first else {
        throw GitError.noMirror(repo: repo, tried: folders)
      }
      return Mirror(repo: repo, path: path, origin: nil, git: git)
    case .url(let url):
      let path = "\(cache)/\(repo).git"
      if FileManager.default.fileExists(atPath: path) {
        guard let found = Mirrors.gitDirectory(path) else { throw GitError.notARepository(path: path, isOurs: true) }
        return Mirror(repo: repo, path: found, origin: url, git: git)
      }
      return try await cloned(repo, from: url, to: path)
    }
  }

  private func cloned(_ repo: String, from url: String, to path: String) async throws -> Mirror {
    while true {
      try Task.checkCancellation()
      let task: Task<Mirror, any Error>
      if let started = underway[repo] {
        task = started
      } else {
        task = Task { try await self.clone(repo, from: url, to: path) }
        underway[repo] = task
      }
      do {
        let mirror = try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
        if underway[repo] == task { underway[repo] = nil }
        return mirror
      } catch is CancellationError {
        // Another asker may have been the one that was cancelled: then begin again.
        if underway[repo] == task { underway[repo] = nil }
      } catch {
        if underway[repo] == task { underway[repo] = nil }
        throw error
      }
    }
  }

  private func clone(_ repo: String, from url: String, to path: String) async throws -> Mirror {
    let files = FileManager.default
    let folder = PathText.folder(of: path)
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return try await TemporaryFolder.use(in: folder) { @Sendable [git] folder in
      let partial = "\(folder)/clone"
      _ = try await git.run(["clone", "--bare", "--quiet", "--template=", "--", url, partial])
      // The setting alone says where to fetch from.
      _ = try await git.call(["config", "--remove-section", "remote.origin"], repository: partial)
      do { try files.moveItem(atPath: partial, toPath: path) } catch {
        // Another ramp may have put its own there meanwhile.
        guard Mirrors.gitDirectory(path) != nil else { throw error }
      }
      return Mirror(repo: repo, path: path, origin: url, git: git)
    }
  }

  /// The git directory at `path`, itself or the `.git` in it; nil where there is none.
  static func gitDirectory(_ path: String) -> String? {
    [path, "\(path)/.git"].first { candidate in
      ["HEAD", "objects", "refs"].allSatisfy { FileManager.default.fileExists(atPath: "\(candidate)/\($0)") }
    }
  }
}
