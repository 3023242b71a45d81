/// What a path says about a file before it is read.
enum PathKind: Sendable {
  /// A file that a fix could plausibly change.
  case source
  /// Tests, documentation, examples, benchmarks, migrations, locale data, vendored and generated code: ranked after
  /// every plausible source.
  case aside

  init(_ path: String) {
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self).lowercased() }
    let file = parts.last ?? ""
    let folders = parts.dropLast()
    let isAside =
      PathKind.asideFiles.contains(file) || file.hasPrefix("test_") || file.hasSuffix("_test.py")
      || file.hasSuffix("_tests.py") || file.hasSuffix("_pb2.py")
      || folders.contains { PathKind.asideFolders.contains($0) }
      || folders.first.map { PathKind.asideTopFolders.contains($0) } ?? false
      || folders.last == "migrations" && file.utf8.first.map { (48...57).contains($0) } ?? false
      || parts.count == 1 && PathKind.asideTopFiles.contains(file)
    self = isAside ? .aside : .source
  }

  private static let asideFiles: Set<String> = ["tests.py", "conftest.py"]
  private static let asideTopFiles: Set<String> = ["setup.py", "noxfile.py", "tasks.py", "versioneer.py"]
  private static let asideFolders: Set<String> = [
    "tests", "docs", "examples", "example", "benchmarks", "benchmark", "asv_bench", "locale", "vendor",
    "_vendor", "vendored", "extern", "externals", "_externals", "third_party", "thirdparty", "node_modules",
    "site-packages", "testdata", "test_data", "fixtures",
  ]
  /// Folders that are no source at the root but may be further down (`django/test`, `sympy/testing`).
  private static let asideTopFolders: Set<String> = [
    "test", "testing", "doc", "bench", "tools", "scripts", "tutorials", "galleries", "ci", "build", "dist", "release",
    "bin", "js_tests", "build_tools", "tutorial", "sandbox", "gallery", "demo", "demos", ".github", ".circleci",
    "extras",
  ]
}
