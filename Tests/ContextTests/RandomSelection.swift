import Content
import Testing

@testable import Context

/// A tree, an issue and the arguments of a selection, made by a seed: files with LF, CRLF or no final newline, empty
/// ones, long lines, invalid UTF-8, data with NUL; spans that were added and dropped, some of them twice.
struct RandomSelection {
  private(set) var files: [(path: String, bytes: [UInt8])] = []
  private(set) var issue = ""
  private(set) var options = ContextOptions()
  private(set) var added: [Span] = []
  private(set) var dropped: [Span] = []
  private var random: Seeded

  private static let words = [
    "warehouse", "gauge", "formset", "BaseFormSet", "read_value", "capacity", "total", "render", "x", "naïve", "日本",
  ]

  init(seed: UInt64, strategy: Strategy) {
    random = Seeded(state: seed)
    for number in 1...pick(1...12) {
      let path = one(of: ["pkg/", "pkg/sub/", "tests/", ""], "") + "m\(number)" + one(of: [".py", ".py", ".txt"], "")
      files.append((path, content()))
    }
    files.sort { $0.path < $1.path }
    let named = (0..<pick(0...3)).map { _ in one(of: files.map(\.path), "") }
    issue = ([sentence() + "\n", sentence()] + named).joined(separator: "\n")
    options.strategy = strategy
    options.budget = one(of: [0, 40, 200, 600, 3000, 20_000], 0)
    options.files = pick(0...6)
    options.tokensRatio = one(of: [0.1, 0.7, 1, 1.3, 10], 1)
    let texts = files.compactMap { SourceFile(path: $0.path, bytes: $0.bytes) }.filter { $0.lineCount > 0 }
    guard !texts.isEmpty else { return }
    added = (0..<pick(0...3)).map { _ in span(in: texts) }
    dropped = (0..<pick(0...3)).map { _ in span(in: texts) }
  }

  var tree: MemoryTree { MemoryTree(listing: files) }

  /// The same files, listed in another order.
  var shuffledTree: MemoryTree {
    var random = random
    return MemoryTree(listing: files.shuffled(using: &random))
  }

  func selection(from tree: MemoryTree) async throws -> ContextSelection {
    try await ContextSelector.select(issue: issue, tree: tree, options: options, added: added, dropped: dropped)
  }

  /// The lines of `path` with their ends, in bytes, or nil where there is no such text.
  func lines(of path: String) -> [[UInt8]]? {
    guard let bytes = files.first(where: { $0.path == path })?.bytes, !bytes.contains(0) else { return nil }
    var lines = bytes.split(separator: newline, omittingEmptySubsequences: false).map { Array($0) + [newline] }
    lines[lines.count - 1].removeLast()
    return lines.last == [] ? lines.dropLast() : lines
  }

  /// The numbers of the lines of `path` that lie in one of `spans`.
  func numbers(_ spans: [Span], of path: String) -> Set<Int> {
    let count = lines(of: path)?.count ?? 0
    return Set(spans.filter { $0.path == path && $0.first <= count }.flatMap { $0.first...min($0.last, count) })
  }

  // MARK: - Made by chance

  private mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  private mutating func one<Value>(of values: [Value], _ fallback: Value) -> Value {
    values.randomElement(using: &random) ?? fallback
  }

  private mutating func sentence() -> String {
    (0..<4).map { _ in one(of: RandomSelection.words, "") }.joined(separator: " ")
  }

  private mutating func content() -> [UInt8] {
    let kind = pick(0...19)
    if kind == 0 { return [] }
    if kind == 1 { return Array("x = 1\0\n".utf8) }
    let end = kind < 6 ? "\r\n" : "\n"
    var bytes: [UInt8] = []
    for _ in 1...pick(1...60) {
      switch pick(0...8) {
      case 0: bytes += "class \(one(of: RandomSelection.words, "")):".utf8
      case 1: bytes += "    def f(self):  # \(sentence())".utf8
      case 2: bytes += "def read_value(gauge): '''".utf8
      case 3 where kind == 7: bytes += Array("x = '".utf8) + [0xff, 0xc3, 0x28, 0xe6, 0x97] + Array("'".utf8)
      case 4 where kind == 8: bytes += String(repeating: "gauge ", count: 2000).utf8
      case 5: break
      default: bytes += "        \(sentence()) = (1".utf8
      }
      bytes += end.utf8
    }
    if kind > 14 { bytes.removeLast(end.utf8.count) }
    return bytes
  }

  private mutating func span(in texts: [SourceFile]) -> Span {
    let file = texts[pick(0...(texts.count - 1))]
    if pick(0...3) == 0 { return Span(path: file.path) }
    let first = pick(1...file.lineCount)
    return Span(path: file.path, first: first, last: pick(first...file.lineCount))
  }
}
