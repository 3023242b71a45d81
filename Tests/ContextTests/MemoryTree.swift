import Testing

@testable import Context

/// A commit whose files stand in the test.
struct MemoryTree: SourceTree {
  var commit = String(repeating: "a", count: 40)
  private let files: [(path: String, bytes: [UInt8])]

  /// The files in the order in which the tree is to list them.
  init(listing files: [(path: String, bytes: [UInt8])]) {
    self.files = files
  }

  init(_ files: KeyValuePairs<String, String>) {
    self.init(listing: files.map { ($0.key, Array($0.value.utf8)) })
  }

  func paths() async throws -> [String] { files.map(\.path) }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    Dictionary(files.filter { paths.contains($0.path) }.map { ($0.path, $0.bytes) }) { first, _ in first }
  }

  /// The same commit, listed in another order.
  func reordered(_ order: ([(path: String, bytes: [UInt8])]) -> [(path: String, bytes: [UInt8])]) -> MemoryTree {
    MemoryTree(listing: order(files))
  }

  subscript(path: String) -> [UInt8]? { files.first { $0.path == path }?.bytes }
}

/// A generator of numbers that gives the same sequence for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}

/// The selection with budgets and numbers of files that a test names, and the rest as it is set at first.
func select(
  _ issue: String, _ tree: MemoryTree, _ strategy: Strategy = .bm25, budget: Int = 9000, files: Int = 5,
  added: [Span] = [], dropped: [Span] = []
) async throws -> ContextSelection {
  try await ContextSelector.select(
    issue: issue, tree: tree, options: ContextOptions(strategy: strategy, budget: budget, files: files), added: added,
    dropped: dropped)
}

extension ContextSelection {
  /// The paths of the parts, in the order shown, each once.
  var paths: [String] {
    var seen: Set<String> = []
    return parts.map(\.span.path).filter { seen.insert($0).inserted }
  }

  /// The spans of the parts as they are printed.
  var spans: [String] { parts.map(\.span.description) }
}

/// The file of the test, which must be text.
func source(_ text: String, path: String = "m.py") throws -> SourceFile {
  try #require(SourceFile(path: path, bytes: Array(text.utf8)))
}
