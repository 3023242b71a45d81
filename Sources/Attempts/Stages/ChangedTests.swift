/// Which functions of the test files a test patch leaves as they are at the base commit, so that what they say is there
/// for everyone to see.
struct ChangedTests {
  private var known: Set<String> = []
  private var changed: Set<String> = []

  /// The functions of `files`, the test files at the base commit by their paths, and what `testPatch` does to them.
  init(testPatch: String, files: [String: [UInt8]]) {
    var lines: [Substring] = []
    var old = 0
    var isInHunk = false
    var isInNew = false
    let texts = files.mapValues {
      String(decoding: $0, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }
    for text in texts.values { known.formUnion(text.compactMap(ChangedTests.function)) }
    for line in testPatch.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("diff --git ") {
        isInHunk = false
      } else if line.hasPrefix("@@ -") {
        isInHunk = true
        isInNew = false
        // A number that is none, or far more than a file has lines, is no place in a file.
        old = Int(line.dropFirst(4).prefix { $0.isASCII && $0.isNumber }).map { min($0, 1 << 40) } ?? 0
      } else if !isInHunk {
        if line.hasPrefix("--- a/") { lines = texts[String(line.dropFirst(6))] ?? [] }
      } else if line.hasPrefix("+") {
        let added = line.dropFirst()
        if let name = ChangedTests.function(added) {
          changed.insert(name)
          isInNew = true
        } else if !isInNew, !added.allSatisfy(\.isWhitespace) {
          changed.formUnion(ChangedTests.functions(around: old - 1, in: lines))
        }
      } else {
        isInNew = false
        if line.hasPrefix("-") { changed.formUnion(ChangedTests.functions(around: old, in: lines)) }
        if !line.hasPrefix("\\") { old += 1 }
      }
    }
  }

  /// True where the test called `name` is a function of the base commit that the patch does not touch. A name that is
  /// no function's, a docstring say, is not taken for one.
  func isVisible(_ name: String) -> Bool {
    // `test_x (m.C)`, `m.py::C::test_x[a b]`
    let path = name.prefix { $0 != " " && $0 != "[" }
    let function = String(path.split(separator: ":").last ?? "")
    return known.contains(function) && !changed.contains(function)
  }

  /// The functions that the 1-based line may belong to: those whose bodies it stands in, the one before it, and the one
  /// that it stands right above.
  private static func functions(around line: Int, in lines: [Substring]) -> Set<String> {
    guard lines.indices.contains(line - 1) else { return [] }
    var found: Set<String> = []
    var limit = Int.max
    for text in lines[..<line].reversed() where !text.allSatisfy(\.isWhitespace) {
      let indentation = text.prefix { $0 == " " || $0 == "\t" }.count
      guard let name = function(text) else {
        limit = min(limit, indentation)
        continue
      }
      if found.isEmpty || indentation < limit { found.insert(name) }
      limit = min(limit, indentation)
    }
    for text in lines[line...].prefix(while: { !$0.allSatisfy(\.isWhitespace) }) {
      if let name = function(text) {
        found.insert(name)
        break
      }
    }
    return found
  }

  /// The name of the function that a line begins.
  private static func function(_ line: Substring) -> String? {
    var rest = line.drop { $0 == " " || $0 == "\t" }
    if rest.hasPrefix("async ") { rest = rest.dropFirst(6) }
    guard rest.hasPrefix("def ") else { return nil }
    let name = rest.dropFirst(4).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return name.isEmpty ? nil : String(name)
  }
}
