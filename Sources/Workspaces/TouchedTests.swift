import Foundation

/// Finds the files of tests that a program wrote while it ran, where nothing kept it from writing them: those below the
/// folders of the row's tests that decide what a test run does. The kernel's change time tells, which no program sets.
struct TouchedTests {
  /// The most that are told.
  private static let most = 20
  /// The most files looked at.
  private static let mostSeen = 50_000

  private let folders: [String]
  private let own: Set<String>
  private let begun: [Int]

  /// What is written from now on, by the clock of the file system of the folder `scratch`, below the folders of `files`.
  init(_ files: [String], in scratch: String) {
    own = Set(files)
    folders = TouchedTests.outermost(files)
    let stamp = "\(scratch)/stamp"
    close(open(stamp, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600))
    var status = stat()
    begun = lstat(stamp, &status) == 0 ? [status.st_ctim.tv_sec, status.st_ctim.tv_nsec] : [.max, .max]
    unlink(stamp)
  }

  /// The paths that were written since below `root`, sorted.
  func paths(under root: String) -> [String] {
    var found: [String] = []
    var seen = 0
    for folder in folders {
      guard let names = FileManager.default.enumerator(atPath: "\(root)/\(folder)") else { continue }
      for case let name as String in names {
        seen += 1
        if seen > TouchedTests.mostSeen || found.count >= TouchedTests.most { return found.sorted() }
        let path = "\(folder)/\(name)"
        guard TouchedTests.decides(name), !own.contains(path) else { continue }
        var status = stat()
        guard lstat("\(root)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
        let changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        if begun.lexicographicallyPrecedes(changed) { found.append(path) }
      }
    }
    return found.sorted()
  }

  /// True for code, and for what a test runner reads.
  private static func decides(_ name: String) -> Bool {
    [".py", ".pth", ".ini", ".cfg", ".toml"].contains { name.hasSuffix($0) } && !name.contains("__pycache__/")
  }

  /// The first folders of `files` that are folders of tests, or else those that the files are in; none inside another,
  /// and never the whole tree.
  private static func outermost(_ files: [String]) -> [String] {
    let folders = files.compactMap { file -> String? in
      let parts = file.split(separator: "/").dropLast()
      if parts.isEmpty { return nil }
      let end = parts.firstIndex { ["test", "tests", "testing"].contains($0) } ?? parts.count - 1
      return parts[...end].joined(separator: "/")
    }
    return Set(folders).filter { one in !folders.contains { one.hasPrefix("\($0)/") } }.sorted()
  }
}
