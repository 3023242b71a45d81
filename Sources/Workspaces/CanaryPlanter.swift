import Content
import Instances

/// Adds tests that must fail to a file of tests, in the manner of its runner.
///
/// One stands in the place of a blank line between two definitions, so that no other line gets another number; the rest
/// at the end of the file. Names, numbers and the place are drawn, and no text of a row or a reply can know them.
struct CanaryPlanter {
  /// What collects the tests.
  enum Style {
    case pytest, unittest, django, sympy

    init(_ runner: TestRunner, command: String) {
      switch runner {
      case .unittest: self = .unittest
      case .django: self = .django
      case .pytest: self = command.contains("bin/test ") ? .sympy : .pytest
      }
    }
  }

  let style: Style
  let runner: TestRunner
  private let tag: String
  private var generator: CanaryNumbers

  /// A planter whose names end with a word that is in none of `texts`.
  init(_ style: Style, _ runner: TestRunner, apart texts: [String], _ generator: CanaryNumbers) {
    self.style = style
    self.runner = runner
    self.generator = generator
    var tag = ""
    repeat {
      tag = CanaryPlanter.word(&self.generator)
    } while texts.contains { $0.lowercased().contains(tag) }
    self.tag = tag
  }

  /// `text` with canaries in it; nil where there is no place for one.
  mutating func plant(in text: String, of file: String) -> (text: String, canaries: [Canary])? {
    guard let source = PythonLines(text), source.statements.contains(where: CanaryPlanter.isTest) else { return nil }
    var draft = Draft(source.lines)
    var canaries: [Canary] = []
    let module = TestCommand.module(file, runner: runner)
    func canary(_ kind: Canary.Kind, _ owner: String?, _ method: String) -> Canary {
      Canary(file: file, kind: kind, owner: owner, method: method, tag: tag, module: module)
    }
    var gaps = CanaryPlanter.isAboutItself(text) ? [] : source.gaps
    switch style {
    case .sympy:
      // The runner's list of the last test of a file is read otherwise than those of all others, so none is the last.
      for kind in [Canary.Kind.assertion, .exception] {
        guard let place = gaps.indices.randomElement(using: &generator) else { break }
        let name = testName(source)
        draft.lines[gaps.remove(at: place)] = "def \(name)(): \(body(kind))"
        canaries.append(canary(kind, nil, name))
      }
    case .pytest:
      var kinds = [Canary.Kind.assertion, .exception].shuffled(using: &generator)
      if let gap = gaps.randomElement(using: &generator), let kind = kinds.popLast() {
        let name = testName(source)
        draft.lines[gap] = "def \(name)(): \(body(kind))"
        canaries.append(canary(kind, nil, name))
      }
      for kind in kinds {
        let name = testName(source)
        draft.append(["def \(name)():", "    \(body(kind))"])
        canaries.append(canary(kind, nil, name))
      }
      let (owner, name) = (className(), testName(source))
      draft.append([
        "class \(owner)(__import__(\"unittest\").TestCase):", "    def \(name)(self):", "        \(body(.equal))",
      ])
      canaries.append(canary(.equal, owner, name))
    case .unittest, .django:
      let base = CanaryPlanter.base(source) ?? (name: usualBase, line: -1)
      var kinds = Canary.Kind.allCases
      gaps.removeAll { $0 <= base.line }
      if let gap = gaps.randomElement(using: &generator) {
        kinds.removeAll { $0 == .equal }
        let (owner, name) = (className(), testName(source))
        draft.lines[gap] = "class \(owner)(\(base.name)): \(name) = lambda self: \(body(.equal))"
        canaries.append(canary(.equal, owner, name))
      }
      let owner = className()
      var lines = ["class \(owner)(\(base.name)):"]
      for kind in kinds.shuffled(using: &generator) {
        let name = testName(source)
        lines += (lines.count == 1 ? [] : [""]) + ["    def \(name)(self):", "        \(body(kind))"]
        canaries.append(canary(kind, owner, name))
      }
      draft.append(lines)
    }
    return canaries.isEmpty ? nil : (draft.text, canaries)
  }

  /// The lines of a file, and blocks behind them.
  private struct Draft {
    var lines: [String]
    private var blocks: [[String]] = []

    init(_ lines: [Substring]) { self.lines = lines.map(String.init) }

    mutating func append(_ block: [String]) { blocks.append(block) }

    var text: String {
      var text = lines.joined(separator: "\n")
      if blocks.isEmpty { return text }
      if !text.hasSuffix("\n") { text += "\n" }
      return text + blocks.map { "\n\n" + $0.map { $0 + "\n" }.joined() }.joined()
    }
  }

  // MARK: What is drawn

  private mutating func body(_ kind: Canary.Kind) -> String {
    let left = Int.random(in: 11...997, using: &generator)
    let right = left + Int.random(in: 1...97, using: &generator)
    return switch kind {
    case .equal: "self.assertEqual(\(left), \(right))"
    case .assertion: "assert \(left) == \(right)"
    case .exception:
      "raise \(["ValueError", "KeyError", "TypeError"].randomElement(using: &generator) ?? "ValueError")(\(left))"
    }
  }

  /// A name of words that the file's own tests have, and the tag.
  private mutating func testName(_ source: PythonLines) -> String {
    var words: [String] = []
    let own = source.statements.filter(CanaryPlanter.isTest)
    for _ in 0..<2 {
      let name = own.randomElement(using: &generator)?.text.dropFirst(4).prefix { $0.isLetter || $0 == "_" } ?? ""
      let parts = name.split(separator: "_").filter { $0 != "test" && $0.count > 1 }
      words.append(parts.randomElement(using: &generator).map(String.init) ?? CanaryPlanter.word(&generator))
    }
    return "test_\(words.joined(separator: "_"))_\(CanaryPlanter.word(&generator))\(tag)"
  }

  private mutating func className() -> String {
    let word = CanaryPlanter.word(&generator)
    return "\(word.prefix(1).uppercased())\(word.dropFirst())\(tag)"
  }

  /// A word that can be spoken: six letters.
  private static func word(_ generator: inout CanaryNumbers) -> String {
    var word = ""
    for _ in 0..<3 {
      word.append("bcdfghjklmnprstvwz".randomElement(using: &generator) ?? "b")
      word.append("aeiou".randomElement(using: &generator) ?? "a")
    }
    return word
  }

  // MARK: What is in the file

  private var usualBase: String {
    style == .django
      ? "__import__(\"django.test\", fromlist=[\"test\"]).SimpleTestCase" : "__import__(\"unittest\").TestCase"
  }

  private static func isTest(_ statement: PythonLines.Statement) -> Bool { statement.text.hasPrefix("def test") }

  /// True for tests that look at the lines of a file, which may be this one.
  private static func isAboutItself(_ text: String) -> Bool {
    ["getsource", "linecache", "lineno", "__file__", "currentframe"].contains { text.contains($0) }
  }

  /// The class that most of the file's classes are made of, where that is one of Django's or unittest's, and the line
  /// that brings it.
  private static func base(_ source: PythonLines) -> (name: String, line: Int)? {
    let known = ["TestCase", "SimpleTestCase", "unittest.TestCase"]
    var counts: [String: Int] = [:]
    for statement in source.statements where statement.indent == 0 && statement.text.hasPrefix("class ") {
      guard let open = statement.text.firstIndex(of: "("), let close = statement.text.firstIndex(of: ")"), open < close
      else { continue }
      for base in statement.text[statement.text.index(after: open)..<close].split(separator: ",") {
        let name = String(base.filter { !$0.isWhitespace })
        if known.contains(name) { counts[name, default: 0] += 1 }
      }
    }
    for name in known.sorted(by: { (counts[$0] ?? 0, $1) > (counts[$1] ?? 0, $0) }) where (counts[name] ?? 0) > 0 {
      let first = name.prefix { $0 != "." }
      let bringing = source.statements.first { statement in
        statement.indent == 0 && (statement.text.hasPrefix("from ") || statement.text.hasPrefix("import "))
          && statement.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains(first)
      }
      if let bringing { return (name, bringing.line) }
    }
    return nil
  }
}

/// Numbers that one seed decides.
struct CanaryNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension TreeChanges {
  /// Adds canaries to those files of `request` that run. Why there are none, where there are none.
  mutating func plant(
    _ request: CanaryRequest, in files: [String], runner: TestRunner, command: String
  ) async throws -> (canaries: [Canary], none: String?) {
    if try await stopsEarly(command) { return ([], "the tests stop at the first failure") }
    var texts: [(file: String, text: String)] = []
    for file in files where request.files.contains(file) && file.hasSuffix(".py") {
      // Lines are told by line feeds alone.
      guard let bytes = try await bytes(at: file), !bytes.contains(13),
        let text = String(validating: bytes, as: UTF8.self)
      else { continue }
      texts.append((file, text))
    }
    var planter = CanaryPlanter(
      .init(runner, command: command), runner, apart: texts.map(\.text), CanaryNumbers(request.seed))
    var canaries: [Canary] = []
    for (file, text) in texts {
      guard let planted = planter.plant(in: text, of: file) else { continue }
      replace(file, Array(planted.text.utf8))
      canaries += planted.canaries
    }
    return (canaries, canaries.isEmpty ? "no test file has a place for one" : nil)
  }

  /// True where the command or a settings file of pytest's says that the first failure ends the run.
  private func stopsEarly(_ command: String) async throws -> Bool {
    var texts = [command]
    for file in ["pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml"] {
      guard let bytes = try await bytes(at: file) else { continue }
      texts += String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        .filter { $0.contains("addopts") || $0.first?.isWhitespace == true }.map(String.init)
    }
    return texts.contains { text in
      text.split { $0.isWhitespace || "\"',[]=".contains($0) }.contains {
        ["-x", "--exitfirst", "--maxfail"].contains($0)
      }
    }
  }
}
