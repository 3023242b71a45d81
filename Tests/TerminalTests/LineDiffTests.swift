import Testing

@testable import Terminal

@Suite struct `a diff by lines` {
  private func shown(_ old: String, _ new: String, context: Int = 3) -> String {
    LineDiff.unified(old: old, new: new, context: context, oldName: "1.1", newName: "1.2")
      .map { $0.rendered(style: Style(color: false)) }.joined()
  }

  @Test func `shows each change with its context`() {
    #expect(
      shown("a\nb\nc\nd\ne\nf\n", "a\nb\nX\nd\ne\nf\n", context: 1) == """
        --- 1.1
        +++ 1.2
        @@ -2,3 +2,3 @@
         b
        -c
        +X
         d

        """)
  }

  @Test func `numbers the lines of both texts`() {
    let lines = LineDiff.unified(old: "a\nb\n", new: "x\na\nc\n", context: 0).filter { $0.kind != .file }
    #expect(lines.map(\.kind) == [.hunk, .added, .hunk, .removed, .added])
    #expect(lines.map(\.text) == ["@@ -0,0 +1,1 @@", "x", "@@ -2,1 +3,1 @@", "b", "c"])
    #expect(lines.map(\.oldLine) == [nil, nil, nil, 2, nil])
    #expect(lines.map(\.newLine) == [nil, 1, nil, nil, 3])
  }

  @Test func `is empty for equal texts`() {
    #expect(LineDiff.unified(old: "a\r\nb", new: "a\r\nb").isEmpty)
    #expect(LineDiff.unified(old: "", new: "").isEmpty)
  }

  @Test func `tells apart line ends and last newlines`() {
    #expect(shown("a\r\n", "a\n") == "--- 1.1\n+++ 1.2\n@@ -1,1 +1,1 @@\n-a␍\n+a\n")
    #expect(shown("a", "a\n") == "--- 1.1\n+++ 1.2\n@@ -1,1 +1,1 @@\n-a\n\\ no newline at the end\n+a\n")
    #expect(shown("", "a\n") == "--- 1.1\n+++ 1.2\n@@ -0,0 +1,1 @@\n+a\n")
  }

  @Test func `gives the new text when it is applied, and the old one backwards`() {
    var generator = Generator(seed: 3)
    for _ in 0..<1_500 {
      let old = text(&generator)
      let new = Bool.random(using: &generator) ? text(&generator) : changed(old, &generator)
      let context = Int.random(in: 0..<4, using: &generator)
      let lines = LineDiff.unified(old: old, new: new, context: context)
      #expect(applied(lines, to: old, kept: .added, from: \.oldLine) == new, "\(old.debugDescription)")
      #expect(applied(lines, to: new, kept: .removed, from: \.newLine) == old, "\(new.debugDescription)")
    }
  }

  @Test func `has as few changes as can be`() {
    var generator = Generator(seed: 4)
    for _ in 0..<500 {
      let old = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in Int.random(in: 0..<4, using: &generator) }
      let new = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in Int.random(in: 0..<4, using: &generator) }
      let match = LineMatch(old: old, new: new)
      #expect(match.removed.count { !$0 } == longestCommon(old, new))
      #expect(kept(old, match.removed) == kept(new, match.added))
    }
  }

  @Test func `stays right where the search is cut short`() {
    var generator = Generator(seed: 5)
    for furthest in 1..<40 {
      let old = (0..<60).map { _ in Int.random(in: 0..<9, using: &generator) }
      let new = (0..<50).map { _ in Int.random(in: 0..<9, using: &generator) }
      let match = LineMatch(old: old, new: new, furthest: furthest)
      #expect(kept(old, match.removed) == kept(new, match.added))
    }
  }

  private func kept(_ lines: [Int], _ isGone: [Bool]) -> [Int] {
    zip(lines, isGone).filter { !$0.1 }.map(\.0)
  }

  /// Length of the longest common subsequence, by the table of all prefixes.
  private func longestCommon(_ old: [Int], _ new: [Int]) -> Int {
    var row = Array(repeating: 0, count: new.count + 1)
    for line in old {
      var next = row
      for (index, other) in new.enumerated() {
        next[index + 1] = line == other ? row[index] + 1 : max(row[index + 1], next[index])
      }
      row = next
    }
    return row[new.count]
  }

  private func text(_ generator: inout Generator) -> String {
    let lines = ["a", "b", "", "def f():", "\r", "é", "e\u{301}"]
    let count = Int.random(in: 0..<14, using: &generator)
    let text = (0..<count).map { _ in lines.randomElement(using: &generator) ?? "" }.joined(separator: "\n")
    return Bool.random(using: &generator) ? text : text + "\n"
  }

  private func changed(_ text: String, _ generator: inout Generator) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    lines[Int.random(in: lines.indices, using: &generator)] = "changed"
    return lines.joined(separator: "\n")
  }

  /// The text of the other side: what is between the hunks from `text`, the hunks from the diff.
  private func applied(
    _ lines: [DiffLine], to text: String, kept: DiffLine.Kind, from number: KeyPath<DiffLine, Int?>
  ) -> String {
    var source: [String] = []
    for part in text.utf8.split(separator: 10, omittingEmptySubsequences: false) {
      source.append(String(decoding: part, as: UTF8.self) + "\n")
    }
    // After the last newline there is no line.
    let last = source.removeLast().utf8.dropLast()
    if !last.isEmpty { source.append(String(decoding: last, as: UTF8.self)) }
    var result = ""
    var next = 0
    var isFirstOfHunk = false
    for line in lines where line.kind != .file {
      if line.kind == .hunk {
        isFirstOfHunk = true
        // "-" numbers stand first, "+" numbers second; a side without lines names the line before.
        let side = line.text.split(separator: " ")[kept == .added ? 1 : 2].dropFirst().split(separator: ",")
        let start = (Int(side[0]) ?? 0) - (side[1] == "0" ? 0 : 1)
        while next < start {
          result += source[next]
          next += 1
        }
        continue
      }
      if line.kind == .same || line.kind == kept { result += line.text + (line.endsInNewline ? "\n" : "") }
      if line[keyPath: number] != nil { next += 1 }
    }
    #expect(isFirstOfHunk || lines.isEmpty)
    return result + source[next...].joined()
  }
}

@Suite struct `the first difference` {
  @Test(arguments: [
    ("a\nb\nc", "a\nx\nc", 2, "b", "x"),
    ("a\nb", "a\nbc\n", 2, "b", "bc"),
    ("a\n", "a\nb\n", 2, "", "b"),
    ("a", "a\n", 2, nil, ""),
    ("", "x", 1, "", "x"),
    ("a\r\nb", "a\nb", 1, "a\r", "a"),
    ("Größe", "Grösse", 1, "Größe", "Grösse"),
  ]) func `is named by its line`(_ old: String, _ new: String, line: Int, oldLine: String?, newLine: String?) {
    #expect(LineDiff.firstDifference(old: old, new: new) == .init(line: line, old: oldLine, new: newLine))
    #expect(LineDiff.firstDifference(old: new, new: old) == .init(line: line, old: newLine, new: oldLine))
  }

  @Test func `is none between equal texts`() {
    #expect(LineDiff.firstDifference(old: "a\n", new: "a\n") == nil)
  }

  @Test func `is where the lines before are equal and these are not, for any texts`() {
    var generator = Generator(seed: 6)
    for _ in 0..<2_000 {
      let old = String(
        (0..<Int.random(in: 0..<9, using: &generator)).map { _ in "ab\n".randomElement(using: &generator) ?? "a" })
      let new = String(
        (0..<Int.random(in: 0..<9, using: &generator)).map { _ in "ab\n".randomElement(using: &generator) ?? "a" })
      let (before, after) = (
        old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
        new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      )
      guard let difference = LineDiff.firstDifference(old: old, new: new) else {
        #expect(old == new)
        continue
      }
      let index = difference.line - 1
      #expect(before.prefix(index) == after.prefix(index))
      #expect(difference.old == (index < before.count ? before[index] : nil))
      #expect(difference.new == (index < after.count ? after[index] : nil))
      #expect(difference.old != difference.new)
    }
  }
}
