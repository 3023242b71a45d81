import Content
import Testing

@testable import Edits

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

/// An old file and a new one whose lines keep their ends, so that a reply, which knows only LF, can say the new one.
private struct Rewrite {
  /// Lines with their ends; the last end is empty where the file has no final newline.
  typealias Lines = [(content: String, end: String)]

  var before: Lines = []
  var after: Lines = []

  init(seed: UInt64) {
    var random = Seeded(state: seed)
    let style = Int.random(in: 0..<3, using: &random)
    let end = { (random: inout Seeded) in
      style == 2 ? ["\n", "\r\n"].randomElement(using: &random) ?? "\n" : ["\n", "\r\n"][style]
    }
    let content = { (random: inout Seeded) -> String in
      let words = [
        "", "", "x = 1", "return naïve", "日本語 = '🧪'", "  \t", "=======", "<<<<<<< SEARCH", ">>>>>>> REPLACE", "```",
        "```python", "    ~~~", "FILE: m.cfg", "LINES: 3-4", "# path: m.cfg", "m.cfg", "trailing  ", "-- a --",
        "REASONING: x",
      ]
      let indentation = String(repeating: " ", count: Int.random(in: 0...2, using: &random) * 4)
      return indentation + (words.randomElement(using: &random) ?? "")
        + (Bool.random(using: &random) ? "" : "\(Int.random(in: 0..<999, using: &random))")
    }
    for _ in 0..<Int.random(in: 1...30, using: &random) { before.append((content(&random), end(&random))) }
    after = before
    for _ in 0..<Int.random(in: 1...4, using: &random) where !after.isEmpty {
      let index = Int.random(in: 0..<after.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0 where after.count > 1: after.remove(at: index)
      case 1: after.insert((content(&random), after[index].end), at: index + 1)
      default: after[index].content = content(&random)
      }
    }
    if Bool.random(using: &random), before.last?.content != "", after.last?.content != "" {
      before[before.count - 1].end = ""
      after[after.count - 1].end = ""
    }
  }

  var oldText: String { before.map { $0.content + $0.end }.joined() }
  var newText: String { after.map { $0.content + $0.end }.joined() }
  /// All lines have one line end, but for a missing last one, and the old file shows which.
  var isUniform: Bool {
    Set((before + after).map(\.end)).subtracting([""]).count < 2 && before.contains { $0.end != "" }
  }

  /// The smallest range of old lines that differ, and the lines in their place.
  var difference: (range: Range<Int>, lines: [String]) {
    var head = 0
    while head < min(before.count, after.count), before[head].content == after[head].content { head += 1 }
    var tail = 0
    while tail < min(before.count, after.count) - head,
      before[before.count - 1 - tail].content == after[after.count - 1 - tail].content
    {
      tail += 1
    }
    return (head..<before.count - tail, after[head..<after.count - tail].map(\.content))
  }

  /// An edit in `format` that says the new file; nil where the old one cannot be told apart by a SEARCH text.
  func edit(_ format: EditFormat) -> Edit? {
    let old = before.map(\.content)
    let text = { (lines: [String]) in lines.map { $0 + "\n" }.joined() }
    var (range, lines) = difference
    switch format {
    case .whole: return Edit(path: "m.cfg", change: .whole(content: text(after.map(\.content))))
    case .lines:
      // An insertion replaces a line by itself and more.
      if range.isEmpty {
        range = range.lowerBound > 0 ? range.lowerBound - 1..<range.upperBound : range.lowerBound..<range.upperBound + 1
        lines =
          range.upperBound == difference.range.upperBound
          ? [old[range.lowerBound]] + lines : lines + [old[range.lowerBound]]
      }
      return Edit(
        path: "m.cfg",
        change: .lines(first: range.lowerBound + 1, last: range.upperBound, replacement: text(lines)), reasoning: "why")
    case .function: return nil
    case .diff:
      let first = max(0, range.lowerBound - 3)
      let last = min(old.count, range.upperBound + 3)
      let rows =
        old[first..<range.lowerBound].map { " " + $0 } + old[range].map { "-" + $0 } + lines.map { "+" + $0 }
        + old[range.upperBound..<last].map { " " + $0 }
      if old[first..<last].contains(where: { Ellipsis.isMark(ArraySlice(Array($0.utf8))) }) { return nil }
      return Edit(path: "m.cfg", change: .hunk(lines: text(rows), firstLine: first + 1))
    case .search:
      while range.isEmpty
        || (0...old.count - range.count).count(where: { Array(old[$0..<$0 + range.count]) == Array(old[range]) }) > 1
      {
        if range.upperBound < old.count {
          lines.append(old[range.upperBound])
          range = range.lowerBound..<range.upperBound + 1
        } else if range.lowerBound > 0 {
          lines.insert(old[range.lowerBound - 1], at: 0)
          range = range.lowerBound - 1..<range.upperBound
        } else {
          return nil
        }
      }
      return Edit(path: "m.cfg", change: .replace(search: text(Array(old[range])), replacement: text(lines)))
    }
  }
}

/// A module of functions and classes, of which one definition can be written anew.
private struct PythonModule {
  private var parts: [(name: String, lines: [String], indentation: Int)] = []

  init(seed: UInt64) {
    var random = Seeded(state: seed)
    for number in 0..<Int.random(in: 1...4, using: &random) {
      let isClass = Bool.random(using: &random)
      let body = { (random: inout Seeded, name: String) in
        (Bool.random(using: &random) ? ["@wraps(f)"] : [])
          + ["def \(name)(self, x=(1,", "        2)):"]
          + (Bool.random(using: &random) ? ["    \"\"\"Doc", "", "  of it.\"\"\""] : [])
          + [
            "    if x:", "        return \(Int.random(in: 0..<99, using: &random))", "", "    # end", "    return '}'",
          ]
      }
      if isClass {
        parts.append(("", ["class C\(number)(Base):", "    y = 1", ""], 0))
        for inner in 0..<Int.random(in: 1...3, using: &random) {
          parts.append(("C\(number).m\(inner)", body(&random, "m\(inner)"), 4))
          parts.append(("", [""], 0))
        }
      } else {
        parts.append(("f\(number)", body(&random, "f\(number)"), 0))
      }
      parts.append(("", ["", ""], 0))
    }
  }

  var names: [String] { parts.map(\.name).filter { !$0.isEmpty } }

  /// The definition as a reply gives it, with one line more.
  func definition(of name: String) -> String {
    (parts.first { $0.name == name }.map { $0.lines + ["    # new"] + ["    return 0"] } ?? []).map { $0 + "\n" }
      .joined()
  }

  func text(changing name: String?) -> String {
    parts.flatMap { part in
      (part.lines + (part.name == name && name != nil ? ["    # new", "    return 0"] : [])).map { line in
        line.isEmpty ? line : String(repeating: " ", count: part.indentation) + line
      }
    }.map { $0 + "\n" }.joined()
  }
}

@Suite struct `a reply that says a file` {
  @Test(arguments: [EditFormat.search, .whole, .lines, .diff])
  func `gives that file, byte for byte`(format: EditFormat) throws {
    var tried = 0
    for seed in 0..<400 as Range<UInt64> {
      let rewrite = Rewrite(seed: seed)
      // A whole file that is a SEARCH/REPLACE block from its first line to its last is taken for one.
      if format == .whole, rewrite.newText.contains("<<<<<<< SEARCH"), rewrite.newText.contains(">>>>>>> REPLACE") {
        continue
      }
      guard rewrite.oldText.utf8.elementsEqual(rewrite.newText.utf8) == false, let edit = rewrite.edit(format) else {
        continue
      }
      let reply = "Here is the fix.\n\n\(EditWriter.reply([edit]))"
      for reply in [reply, reply.replacing("\n", with: "\r\n")] {
        var read = try EditReader.edits(in: reply, format: format)
        try #require(read.count == 1, "seed \(seed)")
        read[0].line = 1
        if format != .diff { try #require(read == [edit], "seed \(seed)") }
        let after = try apply(read, to: ["m.cfg": rewrite.oldText]).changes[0].after ?? []
        let text = String(decoding: after, as: UTF8.self)
        if rewrite.isUniform {
          try #require(
            text.utf8.elementsEqual(rewrite.newText.utf8),
            "seed \(seed): \(text.debugDescription) \(rewrite.oldText.debugDescription) \(read)")
        } else {
          try #require(LineSplit.lines(of: text).map(\.text) == rewrite.after.map(\.content), "seed \(seed)")
          try #require(after.last == Array(rewrite.newText.utf8).last)
        }
        tried += 1
      }
    }
    #expect(tried > 500)
  }

  @Test func `keeps the ends of lines that it does not change, in a file that mixes them`() throws {
    for seed in 0..<400 as Range<UInt64> {
      let rewrite = Rewrite(seed: seed)
      guard !rewrite.isUniform, let edit = rewrite.edit(.lines) else { continue }
      guard let after = try? apply([edit], to: ["m.cfg": rewrite.oldText]).changes[0].after else { continue }
      let range = rewrite.difference.range
      let head = rewrite.before[..<range.lowerBound].map { $0.content + $0.end }.joined()
      #expect(after.starts(with: head.utf8), "seed \(seed)")
    }
  }

  @Test func `gives each definition of a file by its name`() throws {
    var tried = 0
    for seed in 0..<300 as Range<UInt64> {
      let module = PythonModule(seed: seed)
      for target in module.names {
        let reply = "The fix:\n\nm.py\nFUNCTION: \(target)\n```python\n\(module.definition(of: target))```\n"
        let edits = try EditReader.edits(in: reply, format: .function)
        let after = try apply(edits, to: ["m.py": module.text(changing: nil)]).changes[0].after ?? []
        try #require(
          String(decoding: after, as: UTF8.self) == module.text(changing: target), "seed \(seed), \(target)")
        let written = Edit(path: "m.py", change: .function(name: target, definition: module.definition(of: target)))
        var again = try EditReader.edits(in: EditWriter.reply([written]), format: .function)
        again[0].line = 1
        try #require(again == [written])
        tried += 1
      }
    }
    #expect(tried > 500)
  }

  @Test func `may hold several edits`() throws {
    let edits = [
      Edit(path: "a.py", change: .lines(first: 2, last: 3, replacement: "x\n"), reasoning: "one\ntwo"),
      Edit(path: "a.py", change: .lines(first: 9, last: 9, replacement: ""), reasoning: "three"),
      Edit(path: "b.py", change: .lines(first: 1, last: 1, replacement: "\n"), reasoning: "four"),
    ]
    var read = try EditReader.edits(in: EditWriter.reply(edits), format: .lines)
    #expect(read.map(\.line) == [1, 8, 15])
    for index in read.indices { read[index].line = 1 }
    #expect(read == edits)
  }
}
