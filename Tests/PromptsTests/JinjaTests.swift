import Content
import Foundation
import TestPrograms
import Testing

@testable import Prompts

/// Jinja2 of the python3 on this machine, asked once for all cases.
private enum Jinja {
  struct Case: Encodable {
    var source: String
    var values: JSON
  }

  struct Answer: Decodable {
    var text: String?
    var error: String?
  }

  indirect enum JSON: Encodable {
    case text(String), number(Int), flag(Bool), list([JSON]), object([String: JSON]), none

    init(_ value: Value) {
      switch value {
      case .text(let text, _): self = .text(text)
      case .number(let number): self = .number(number)
      case .flag(let flag): self = .flag(flag)
      case .list(let values): self = .list(values.map { JSON($0) })
      case .object(let fields): self = .object(fields.mapValues { JSON($0) })
      case .none: self = .none
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      case .flag(let flag): try container.encode(flag)
      case .list(let items): try container.encode(items)
      case .object(let fields): try container.encode(fields)
      case .none: try container.encodeNil()
      }
    }
  }

  private static let program = """
    import json, sys
    from jinja2 import DictLoader, Environment, StrictUndefined
    given = json.load(open(sys.argv[1], encoding="utf-8"))
    environment = Environment(undefined=StrictUndefined, loader=DictLoader(given["includes"]))
    answers = []
    for case in given["cases"]:
        try:
            answers.append({"text": environment.from_string(case["source"]).render(case["values"])})
        except Exception as error:
            answers.append({"error": type(error).__name__ + ": " + str(error)})
    sys.stdout.write(json.dumps(answers))
    """

  static let isHere: Bool = (try? python(["-c", "import jinja2"])) != nil

  private struct Question: Encodable {
    let cases: [Case]
    let includes: [String: String]
  }

  static func answers(_ cases: [Case], includes: [String: String]) throws -> [Answer] {
    let file = FileManager.default.temporaryDirectory.appending(path: "jinja-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(Question(cases: cases, includes: includes)).write(to: file)
    return try JSONDecoder().decode([Answer].self, from: python(["-c", program, file.path]))
  }

  private struct Failure: Error {
    let status: Int32
  }

  private static func python(_ arguments: [String]) throws -> Data {
    let child = try Child("python3", arguments, readsErrors: true)
    let data = Data(child.rest())
    if child.wait() != 0 { throw Failure(status: child.wait()) }
    return data
  }
}

@Suite(.enabled(if: Jinja.isHere, "python3 has no jinja2 here"))
struct `Jinja2 with StrictUndefined` {
  @Test func `renders every shipped template and 300 generated ones to the same bytes`() throws {
    var cases: [(name: String, source: String, values: [String: Value])] = []
    let skill = Value.object(["name": .text("s", .issue), "text": .text("Look {{ twice }}.\n", .issue)])
    for template in BuiltinTemplates.all {
      for format in ["search", "whole", "lines", "function"] {
        for feedback in [Value.none, .text("no\n  such {{ line }}\n", .hiddenTest)] {
          var values = `a shipped template`.values
          values["format"] = .text(format, .issue)
          values["feedback"] = feedback
          cases.append((template.name, template.source, values))
          values["skills"] = .list([skill, skill])
          for position in ["head", "tail"] {
            values["skill_position"] = .text(position, .issue)
            cases.append((template.name, template.source, values))
          }
        }
      }
    }
    for (source, _) in `a template`.renderings { cases.append(("standing", source, Generator.values)) }
    var generator = Generator(random: Seeded(4))
    for number in 0..<300 { cases.append(("generated \(number)", generator.template(), Generator.values)) }

    let answers = try Jinja.answers(
      cases.map { Jinja.Case(source: $0.source, values: .object($0.values.mapValues { .init($0) })) },
      includes: Generator.includes)
    try #require(answers.count == cases.count)
    var rendered = 0
    for (one, answer) in zip(cases, answers) {
      let ours = Result { () throws -> String in
        try Template.parse(name: one.name, source: one.source, includes: Generator.includes).render(one.values).map(
          \.text
        ).joined()
      }
      switch (ours, answer.text) {
      case (.success(let text), let expected?):
        rendered += 1
        #expect(Array(text.utf8) == Array(expected.utf8), "\(one.name): \(one.source.debugDescription)")
      case (.failure(let error), let expected?):
        Issue.record("\(one.name): \(one.source.debugDescription): \(error), Jinja2: \(expected.debugDescription)")
      case (.success(let text), nil):
        Issue.record("\(one.name): \(one.source.debugDescription): \(text), Jinja2: \(answer.error ?? "")")
      case (.failure, nil):
        break
      }
    }
    #expect(rendered > 280)
  }
}

/// Templates of the subset, at random: mostly sound, a few with a name that does not exist.
private struct Generator {
  static let values: [String: Value] = [
    "issue": .text(" It {{ breaks }}\n\n  when ü\u{301} 日本 <b>\n", .issue), "empty": .text("", .issue),
    "nothing": .none, "yes": .flag(true), "three": .number(3),
    "words": .list([.text("a b", .issue), .text("", .issue), .text("Ça\n", .issue)]), "none_of": .list([]),
    "file": .object(["path": .text("a.py", .issue), "lines": .list([.number(4), .number(-9)])]),
  ]

  static let includes = BuiltinTemplates.sources.merging([
    "part one": " <{{ empty }}{{ issue | upper -}} >\n",
    "loops": "{% for w in words %}{{ w }}{% set t = 'x' %}{{ t }}{% endfor %}",
    "outer": "{% set s = 'set within' %}{% include 'part one' %}{{ s }}", "lacks": "{{ nowhere }}",
    "uses": "{{ w }}", "plain": "\n  plain \n\n",
  ]) { $1 }

  var random: Seeded

  mutating func template() -> String {
    (0..<Int.random(in: 1...5, using: &random)).map { _ in node(3) }.joined() + pick(["", "\n", "\n\n", "x"])
  }

  private mutating func pick(_ items: [String]) -> String { items.randomElement(using: &random) ?? "" }

  private mutating func node(_ depth: Int) -> String {
    switch Int.random(in: 0...(depth > 0 ? 9 : 4), using: &random) {
    case 0, 1: return pick([" a", "\n", "  \n b ", "{ % }", "\u{A0}", "é", "'\"", "\t-", "}}", "\r\n"])
    case 2: return mark("{{", text(2), "}}")
    case 3: return mark("{{", "\(number(2))", "}}")
    case 4: return pick(["{# c -#}", "{#- {{ -#}", "{% raw -%} {{ x {%- endraw %}", "{%- raw %}{% if{% endraw -%}"])
    case 5:
      let middle = pick(["", mark("{%", "else", "%}") + node(depth - 1)])
      return mark("{%", "if \(condition(2))", "%}") + node(depth - 1) + middle + mark("{%", "endif", "%}")
    case 6:
      return mark("{%", "if \(condition(1))", "%}") + node(depth - 1) + mark("{%", "elif \(condition(1))", "%}")
        + node(depth - 1) + mark("{%", "endif", "%}")
    case 9:
      return mark("{%", "include \(pick(["'part one'", "\"loops\"", "'outer'", "'lacks'", "'uses'", "'plain'"]))", "%}")
    case 7:
      let inside =
        node(depth - 1) + mark("{{", pick(["w", "loop.index", "loop.last", "loop.length", "loop.first"]), "}}")
      return mark("{%", "for w in \(list())", "%}") + inside + mark("{%", "endfor", "%}")
    default: return mark("{%", "set \(pick(["s", "t"])) = \(text(1))", "%}") + node(depth - 1)
    }
  }

  private mutating func mark(_ open: String, _ inner: String, _ close: String) -> String {
    open + pick(["", "", "-"]) + pick([" ", "", "\n "]) + inner + pick([" ", "", " \n"]) + pick(["", "", "-"]) + close
  }

  private mutating func list() -> String { pick(["words", "none_of", "['x', \"y\"]", "file.lines", "file['lines']"]) }

  private mutating func text(_ depth: Int) -> String {
    let plain = ["issue", "empty", "file.path", "'a\\n b'", "\"q\"", "words[0]", "words[-1]", "words|join('; ')"]
    guard depth > 0 else { return pick(plain + ["s", "missing"]) }
    let filter = pick([
      "upper", "lower", "trim", "default('d')", "default('e', true)", "indent(2)", "indent(3, true)",
      "first|default('')",
      "indent(first=true, blank=true)", "join(', ')",
    ])
    switch filter {
    case "join(', ')": return "\(list()) | \(filter)"
    case "default('d')": return "\(pick(["missing", "s", "file.missing", "issue"]))|\(filter)"
    case "first|default('')": return "words | \(pick(["first", "last"]))"
    default: return "\(pick([text(depth - 1), "(\(text(depth - 1)))"])) | \(filter)"
    }
  }

  private mutating func number(_ depth: Int) -> String {
    depth == 0
      ? pick(["three", "12", "yes"]) : pick(["three", "-1", "words|length", "issue | length", "file.lines[0]"])
  }

  private mutating func condition(_ depth: Int) -> String {
    guard depth > 0 else {
      return pick(["yes", "nothing", "empty", "words", "none_of", "true", "none", "missing is defined"])
    }
    switch Int.random(in: 0...6, using: &random) {
    case 0: return "not \(condition(depth - 1))"
    case 1: return "\(condition(depth - 1)) and \(condition(depth - 1))"
    case 2: return "\(condition(depth - 1)) or \(condition(depth - 1))"
    case 3: return "\(number(1)) \(pick(["==", "!=", "<", "<=", ">", ">="])) \(number(1))"
    case 4: return "\(text(0)) \(pick(["in", "not in"])) \(text(0))"
    case 5: return "\(text(0)) \(pick(["==", "<", ">="])) \(text(0))"
    default: return "nothing is \(pick(["", "not "]))none"
    }
  }
}
