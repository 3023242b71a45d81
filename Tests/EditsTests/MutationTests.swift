import Content
import Foundation
import Testing

@testable import Edits

/// A valid edit of a generated file of Python, and what is damaged in it.
private struct Case {
  /// Each damage with the code or the step that it must come to.
  enum Damage: String, CaseIterable {
    case none, trailingBlanks, shifted, tabs, doubled, blankLines, lineNumbers, decoration, crlf, typo, leftOutAlike
    case wrongPath, leadsOut, git, testFile, otherText, innerBlanks, ellipsis, cutOff, twice, noChange, applied
    case prose, noEdit, language, syntax, overlap, outOfRange
    case placeholder, bareDots, thought, orphanThought, token, sentence, backslash, sandboxRoot, placed, leftMark
    case halfHead, madeUpContext, unmarked

    var expected: Set<String> {
      switch self {
      case .none, .decoration, .crlf: ["exact"]
      case .trailingBlanks: ["trailing blanks"]
      case .shifted, .tabs, .doubled: ["indentation"]
      case .blankLines: ["blank lines"]
      case .lineNumbers: ["exact", "blank lines", "trailing blanks"]
      case .typo: ["nearest"]
      case .leftOutAlike, .ellipsis: self == .ellipsis ? ["(ellipsis)"] : ["ellipsis"]
      case .wrongPath: ["other file"]
      case .leadsOut, .git: ["(outside_repository)"]
      case .testFile: ["(test_file)"]
      case .otherText: ["(stale_anchor)"]
      case .innerBlanks: ["(whitespace_only)"]
      case .cutOff: ["(cut_off)"]
      case .twice: ["(ambiguous)"]
      case .noChange: ["(no_change)"]
      case .applied: ["(already_applied)"]
      case .prose: ["(prose_only)"]
      case .noEdit: ["(no_edit)"]
      case .language: ["(wrong_language)"]
      case .syntax: ["(syntax_error)"]
      case .overlap: ["(overlap)"]
      case .outOfRange: ["(lines_out_of_range)"]
      case .placeholder, .bareDots: ["(ellipsis)"]
      case .thought, .orphanThought, .token, .sentence, .backslash, .sandboxRoot: ["exact"]
      case .placed: ["indentation"]
      case .leftMark: ["(no_edit)"]
      case .halfHead: ["exact"]
      case .madeUpContext: ["(stale_anchor)"]
      case .unmarked: ["(no_change)"]
      }
    }
  }

  let damage: Damage
  var file: [String]
  var path = "pkg/core.py"
  var reply = ""
  var format = EditFormat.search
  /// The file afterwards, where the edit applies.
  var wanted: [String] = []

  init(_ damage: Damage, seed: UInt64) {
    self.damage = damage
    var random = Seeded(state: seed &* 977 &+ UInt64(damage.rawValue.utf8.reduce(0) { $0 + Int($1) }))
    let count = Int.random(in: 3...7, using: &random)
    file = ["import os", ""]
    for number in 0..<count {
      let name = "step_\(number)_\(Int.random(in: 100...999, using: &random))"
      file += [
        "", "def \(name)(value, limit=\(number)):", "    total_\(number) = value + limit * \(number + 2)",
        "    if total_\(number) > \(number * 7):", "        total_\(number) = shrink(total_\(number), by=\(number))",
        "    for item_\(number) in range(total_\(number)):",
        "        yield_\(number) = check(item_\(number), '\(name)')",
        "    return total_\(number)", "",
      ]
    }
    let target = Int.random(in: 0..<count, using: &random)
    // Four or five lines in the middle of a function, one of which changes.
    let start = 2 + target * 9 + 2
    let search = Array(file[start..<start + Int.random(in: 4...5, using: &random)])
    var replacement = search
    let changed = Int.random(in: 0...1, using: &random) == 0 ? 0 : 2
    replacement[changed] = replacement[changed] + "  # \(Int.random(in: 0..<999, using: &random))"
    replacement.insert("    note_\(target) = \(target)", at: 1)
    wanted = file
    wanted.replaceSubrange(start..<start + search.count, with: replacement)
    write(search, replacement, start, &random)
  }

  private mutating func write(
    _ search: [String], _ replacement: [String], _ start: Int, _ random: inout Seeded
  ) {
    var (search, replacement, path) = (search, replacement, self.path)
    let each = { (lines: [String], body: @escaping (String) -> String) in lines.map { $0.isEmpty ? $0 : body($0) } }
    switch damage {
    case .none, .crlf, .decoration, .cutOff, .prose, .noEdit: break
    case .thought, .orphanThought, .token, .sentence, .leftMark: break
    case .backslash: path = "pkg\\core.py"
    case .sandboxRoot:
      path =
        ["/testbed/pkg/core.py", "/home/me/repo/pkg/core.py", "C:\\repo\\pkg\\core.py"].randomElement(using: &random)
        ?? ""
    case .placeholder:
      let marks = [
        "    # (same as before)", "    # existing code here", "    # etc.", "    # keep the other lines as they are",
        "    # << remaining code >>", "    # other code unchanged", "    [...]",
      ]
      replacement = [replacement[0], marks.randomElement(using: &random) ?? ""]
    case .bareDots: replacement = [replacement[0], "    ..."]
    case .placed:
      // SEARCH alone is indented otherwise; what takes its place stands where the file does.
      let deeper = Bool.random(using: &random)
      search = each(search) { deeper ? "    " + $0 : String($0.dropFirst(4)) }
    case .halfHead, .madeUpContext, .unmarked:
      format = .diff
      diff(search, replacement, start, &random)
      return
    case .trailingBlanks: search[1] += "  "
    case .shifted:
      let deeper = Bool.random(using: &random)
      let shift = { (line: String) in deeper ? "  " + line : String(line.dropFirst(2)) }
      (search, replacement) = (each(search, shift), each(replacement, shift))
    case .tabs:
      let tabbed = { (line: String) in
        let blanks = line.prefix { $0 == " " }.count
        return String(repeating: "\t", count: blanks / 4) + line.dropFirst(blanks)
      }
      (search, replacement) = (each(search, tabbed), each(replacement, tabbed))
    case .doubled:
      let doubled = { (line: String) in String(repeating: " ", count: line.prefix { $0 == " " }.count) + line }
      (search, replacement) = (each(search, doubled), each(replacement, doubled))
    case .blankLines: search.insert("", at: 1)
    case .lineNumbers:
      search = search.enumerated().map { "  \(start + $0 + 1) | \($1)" }
      replacement = replacement.enumerated().map { "  \(start + $0 + 1) | \($1)" }
    case .typo: search[3] = search[3].replacing("range", with: "rnage").replacing("check", with: "chekc")
    case .leftOutAlike:
      search.replaceSubrange(1...2, with: ["    ..."])
      replacement = [replacement[0], "    ...", "    for new in range(3):"] + replacement[5...]
      wanted = file
      wanted.replaceSubrange(start..<start + 1, with: [replacement[0]])
      wanted.replaceSubrange(start + 3..<start + 4, with: ["    for new in range(3):"])
    case .wrongPath: path = "pkg/other/corr.py"
    case .leadsOut: path = ["../core.py", "/etc/core.py", "a/../../core.py"].randomElement(using: &random) ?? ""
    case .git: path = [".git/config", "sub/.git/hooks/x.py", ".gitattributes"].randomElement(using: &random) ?? ""
    case .testFile: path = ["tests/test_core.py", "pkg/tests/x.py", "conftest.py"].randomElement(using: &random) ?? ""
    case .otherText: for index in [0, 2, 3] { search[index] = "    quite_another = thing(\(index), 'of \(index)')" }
    case .innerBlanks: search = search.map { $0.prefix { $0 == " " } + $0.replacing(" ", with: "") }
    case .ellipsis:
      let marks = [
        "    # ... existing code ...", "    # ...", "    # rest of the function unchanged", "    # ... (unchanged)",
      ]
      replacement[replacement.count - 1] = marks.randomElement(using: &random) ?? ""
    case .twice:
      file += [""] + file[(start - 1)...(start + 5)]
    case .noChange: replacement = search
    case .applied: file = wanted
    case .language:
      replacement = ["    function go(a, b) {", "      const c = a + b;", "      return c;", "    }"]
    case .syntax:
      let broken = [
        "    total = (1", "    if total", "        deeper = 1", "    text = 'open", "    x = = 2", "    def f(:",
      ]
      replacement[1] = broken.randomElement(using: &random) ?? ""
    case .overlap, .outOfRange:
      format = .lines
      let last = damage == .overlap ? start + 2 : file.count + 50
      let one = "FILE: \(path)\nLINES: \(start + 1)-\(last)\nREASONING: why\n\n    x = 1\n"
      reply = one + "\nFILE: \(path)\nLINES: \(start + 2)-\(start + 3)\nREASONING: why\n\n    y = 1\n"
      return
    }
    self.path = path
    let text = { (lines: [String]) in lines.map { $0 + "\n" }.joined() }
    let block = "<<<<<<< SEARCH\n\(text(search))=======\n\(text(replacement))>>>>>>> REPLACE\n"
    let heads = [
      "\(path)\n```python\n", "`\(path)`:\n\n```\n", "```python\n# \(path)\n", "### \(path)\n",
      "**\(path)**\n```javascript\n",
    ]
    let head = damage == .decoration ? heads.randomElement(using: &random) ?? "" : "\(path)\n```python\n"
    reply = "The loop is wrong.\n\n\(head)\(block)" + (head.contains("```") ? "```\nDone.\n" : "")
    switch damage {
    case .crlf: reply = reply.replacing("\n", with: "\r\n")
    case .cutOff:
      let divider =
        reply.firstRange(of: "=======").map { reply.distance(from: reply.startIndex, to: $0.upperBound) } ?? 0
      reply = String(reply.prefix(divider + Int.random(in: 1...20, using: &random)))
    case .prose: reply = "The loop in \(path) is wrong, and should stop one earlier.\n"
    case .thought:
      let tag = ["think", "thinking", "thought", "reasoning"].randomElement(using: &random) ?? ""
      let draft = reply.replacing(replacement[0], with: replacement[0] + "  # draft")
      reply = "<\(tag)>\n\(draft)\nNo, otherwise.\n</\(tag)>\n\n\(reply)"
    case .orphanThought:
      reply = "\(reply.replacing(replacement[0], with: replacement[0] + "  # draft"))\nNo.\n</think>\n\n\(reply)"
    case .token:
      let tokens = [
        "<|eot_id|>", "</s>", "<|im_end|>", "<|endoftext|>", "<end_of_turn>", "<|im_end|>\n<|im_start|>assistant",
      ]
      reply =
        reply.trimmingCharacters(in: .newlines).replacing("\nDone.", with: "")
        + (tokens.randomElement(using: &random) ?? "")
    case .sentence:
      let heads = ["Updated `\(path)`:\n", "**\(path)** (updated)\n", "In `\(path)`:\n", "Here is the new \(path):\n"]
      reply = (heads.randomElement(using: &random) ?? "") + "```python\n" + block + "```\n"
    case .leftMark: reply = reply.replacing("<<<<<<< SEARCH\n", with: "")
    case .noEdit: reply = "It should be:\n```python\n\(text(replacement))```\n"
    default: break
    }
  }

  /// A diff of the edit, damaged.
  private mutating func diff(
    _ search: [String], _ replacement: [String], _ start: Int, _ random: inout Seeded
  ) {
    let removed = search.map { "-\($0)\n" }.joined()
    let added = replacement.map { "+\($0)\n" }.joined()
    let hunk = "@@ -\(start + 1),\(search.count) +\(start + 1),\(replacement.count) @@\n"
    switch damage {
    case .halfHead:
      let heads = [
        "```diff\n+++ b/\(path)\n", "\(path)\n```diff\n", "--- a/\(path)\n", "In `\(path)`:\n\n```diff\n", "\(path)\n",
      ]
      reply = (heads.randomElement(using: &random) ?? "") + hunk + removed + added
      if reply.contains("```") { reply += "```\n" }
    case .madeUpContext:
      reply =
        "--- a/\(path)\n+++ b/\(path)\n\(hunk) \(search[0])\n+    added = 1\n     made_up = of_nothing(\(start))\n"
        + " \(search[1])\n"
    default:
      reply = "--- a/\(path)\n+++ b/\(path)\n\(hunk)" + search.map { " \($0)\n" }.joined()
    }
  }

  /// The step of the edit, or the reason code in brackets.
  func outcome() -> String {
    do {
      let edits = try EditReader.edits(in: reply, format: format)
      let bytes = Array(file.map { $0 + "\n" }.joined().utf8)
      let known = ["pkg/core.py": bytes, "pkg/util.py": Array("import os\n".utf8)]
      let application = try EditApplier.apply(
        edits, isTestFile: TestFile.isTest, paths: known.keys.sorted(), others: known, read: { known[$0] })
      let after = LineSplit.lines(of: application.changes[0].after ?? []).map(\.text)
      return after == wanted ? "\(application.edits[0].step)" : "(wrong text)"
    } catch { return "(\((error as? EditError)?.code ?? "\(error)"))" }
  }
}

@Suite struct `a valid edit that is damaged in one known way` {
  /// `RAMP_MUTATIONS` is how many are made; `scripts/mutations` makes 10,000 and shows the table.
  @Test func `comes to the step or the reason code of that damage`() throws {
    let environment = ProcessInfo.processInfo.environment
    let total = environment["RAMP_MUTATIONS"].flatMap(Int.init) ?? 560
    let kinds = Case.Damage.allCases
    var right: [Case.Damage: Int] = [:]
    var wrong: [Case.Damage: [String: Int]] = [:]
    for number in 0..<total {
      let one = Case(kinds[number % kinds.count], seed: UInt64(number / kinds.count))
      let outcome = one.outcome()
      if one.damage.expected.contains(outcome) {
        right[one.damage, default: 0] += 1
      } else {
        wrong[one.damage, default: [:]][outcome, default: 0] += 1
      }
    }
    let count = right.values.reduce(0, +)
    if environment["RAMP_MUTATIONS"] != nil {
      for kind in kinds {
        let others = wrong[kind, default: [:]].map { "\($0) \($1)" }.sorted().joined(separator: ", ")
        print("mutations: \(kind.rawValue): \(right[kind, default: 0]) right \(others)")
      }
      print("mutations: \(count) of \(total) right")
    }
    #expect(count * 100 >= total * 99, "\(count) of \(total); \(wrong)")
  }
}
