/// Which lines of which files a unified diff changes.
package struct ChangedLines: Hashable, Sendable {
  /// The lines that are new, by path; 1-based, in the files as they become.
  package private(set) var new: [String: Set<Int>] = [:]
  /// The lines that go, and those between which lines come, by path; 1-based, in the files as they were.
  package private(set) var old: [String: Set<Int>] = [:]
  /// The first lines that go and that come, as they are written, and how many there are of both.
  package private(set) var removed: [Substring] = []
  package private(set) var added: [Substring] = []

  package init(_ diff: String) {
    var (before, after) = ("", "")
    var (oldLine, newLine) = (0, 0)
    var isInHunk = false
    for line in diff.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("diff --git ") {
        isInHunk = false
      } else if !isInHunk, line.hasPrefix("--- ") {
        before = ChangedLines.path(line)
      } else if !isInHunk, line.hasPrefix("+++ ") {
        after = ChangedLines.path(line)
        if after.isEmpty { after = before }
        if before.isEmpty { before = after }
        old[before] = old[before] ?? []
        new[after] = new[after] ?? []
      } else if line.hasPrefix("@@ -"), !after.isEmpty {
        isInHunk = true
        let numbers = line.dropFirst(4).split(separator: " ")
        oldLine = ChangedLines.first(numbers.first)
        newLine = ChangedLines.first(numbers.dropFirst().first?.dropFirst())
      } else if isInHunk {
        switch line.first {
        case "+":
          new[after, default: []].insert(newLine)
          // What is put in stands between two lines.
          old[before, default: []].formUnion([max(1, oldLine - 1), max(1, oldLine)])
          added.append(line.dropFirst())
          newLine += 1
        case "-":
          old[before, default: []].insert(oldLine)
          removed.append(line.dropFirst())
          oldLine += 1
        case " ":
          oldLine += 1
          newLine += 1
        default: break
        }
      }
    }
  }

  /// The files that it changes, sorted.
  package var paths: [String] { old.keys.sorted() }

  /// What goes and what comes, in a line.
  var told: String {
    func short(_ lines: [Substring]) -> String {
      let first = lines.lazy.map { $0.drop { $0 == " " || $0 == "\t" } }.first { !$0.isEmpty } ?? ""
      return "`\(first.prefix(80))\(first.count > 80 ? "..." : "")`"
        + (lines.count > 1 ? " and \(lines.count - 1) more" : "")
    }
    let what =
      removed.isEmpty
      ? "added \(short(added))"
      : added.isEmpty ? "took out \(short(removed))" : "\(short(removed)) became \(short(added))"
    return "\(paths.joined(separator: ", ")): \(what)"
  }

  private static func path(_ line: Substring) -> String {
    let name = line.dropFirst(4).prefix { $0 != "\t" }
    return name == "/dev/null" ? "" : String(name.dropFirst(2))
  }

  private static func first(_ numbers: Substring?) -> Int {
    numbers.flatMap { Int($0.prefix { $0.isASCII && $0.isNumber }) }.map { min($0, 1 << 40) } ?? 0
  }
}
