import Foundation
import TestPrograms
import Testing

@testable import Context

/// The rows of SWE-bench Lite whose repositories are among the bare mirrors in the folder `RAMP_MIRRORS`.
private enum RealRows {
  struct Row: Decodable {
    var repo: String
    var base_commit: String
    var problem_statement: String
    var patch: String

    /// The Python files that the gold patch changes.
    var goldFiles: [String] {
      patch.split(separator: "\n").filter { $0.hasPrefix("--- a/") && $0.hasSuffix(".py") }.map {
        String($0.dropFirst(6))
      }
    }
  }

  static let file: URL = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["RAMP_SHARED"].map { URL(filePath: $0) }
    let shared = named ?? package.deletingLastPathComponent().appending(path: "shared")
    return shared.appending(path: "swebench/lite.jsonl")
  }()

  static let mirrors = ProcessInfo.processInfo.environment["RAMP_MIRRORS"]

  static var isThere: Bool { mirrors != nil && FileManager.default.fileExists(atPath: file.path()) }

  /// The rows with their mirrors, at most 20 a repository.
  static func rows() throws -> [(row: Row, tree: GitTree)] {
    let lines = Array(try Data(contentsOf: file)).split(separator: newline)
    var taken: [String: Int] = [:]
    return try lines.compactMap { line in
      let row = try JSONDecoder().decode(Row.self, from: Data(line))
      guard let mirror = mirror(of: row.repo), taken[row.repo, default: 0] < 20 else { return nil }
      taken[row.repo, default: 0] += 1
      return (row, GitTree(mirror: mirror, commit: row.base_commit))
    }
  }

  private static func mirror(of repo: String) -> String? {
    let flat = repo.replacing("/", with: "__")
    return ["\(repo).git", "\(flat).git", flat, repo].map { "\(mirrors ?? "")/\($0)" }
      .first { FileManager.default.fileExists(atPath: $0 + "/HEAD") }
  }
}

/// The files of a commit, as git gives them.
private struct GitTree: SourceTree {
  var mirror: String
  var commit: String

  func paths() async throws -> [String] {
    let listing = try git(["ls-tree", "-r", "-z", "--name-only", commit])
    return listing.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    let output = try git(["cat-file", "--batch"], input: paths.map { "\(commit):\($0)\n" }.joined())
    var files: [String: [UInt8]] = [:]
    var start = 0
    for path in paths {
      // ID SP TYPE SP SIZE LF CONTENT LF, or a line that says that it is missing.
      let end = output[start...].firstIndex(of: newline) ?? output.count
      let fields = output[start..<end].split(separator: UInt8(ascii: " "))
      start = end + 1
      guard fields.count == 3, let size = Int(String(decoding: fields[2], as: UTF8.self)) else { continue }
      files[path] = Array(output[start..<start + size])
      start += size + 1
    }
    return files
  }

  private func git(_ arguments: [String], input: String = "") throws -> [UInt8] {
    let child = try Child("git", ["-c", "safe.directory=*", "-C", mirror] + arguments)
    // What comes back is more than a pipe holds.
    Thread {
      child.write(Array(input.utf8))
      child.closeInput()
    }.start()
    let bytes = child.rest()
    try #require(child.wait() == 0, "git \(arguments) in \(mirror)")
    return bytes
  }
}

@Suite(.enabled(if: RealRows.isThere, "RAMP_MIRRORS names no folder of bare mirrors, or ../shared is absent"))
struct `the context of real rows` {
  @Test func `has the file that the fix changes for most, and for more than the first files in path order`()
    async throws
  {
    var hits: [Strategy: Int] = [:]
    let rows = try RealRows.rows()
    try #require(!rows.isEmpty, "no row of a repository in RAMP_MIRRORS")
    for (row, tree) in rows {
      for strategy in Strategy.allCases {
        let selection = try await ContextSelector.select(
          issue: row.problem_statement, tree: tree, options: ContextOptions(strategy: strategy))
        if Set(selection.paths).isSuperset(of: row.goldFiles) { hits[strategy, default: 0] += 1 }
      }
    }
    let shares = Strategy.allCases.map { "\($0.rawValue) \(hits[$0, default: 0]) of \(rows.count)" }
    print("the file that the fix changes is in the context:", shares.joined(separator: ", "))
    #expect(Double(hits[.bm25, default: 0]) >= Double(rows.count) * 0.6, "\(shares)")
    #expect(hits[.bm25, default: 0] > hits[.first5KB, default: 0])
  }
}
