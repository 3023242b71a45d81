import Content
import Testing

@testable import Prompts

private let values: [String: Value] = [
  "issue": .text("It {{ breaks }}", .issue), "empty": .text("", .issue), "nothing": .none, "yes": .flag(true),
  "three": .number(3), "words": .list([.text("a", .hints), .text("b", .gold)]), "none_of": .list([]),
  "file": .object(["path": .text("a.py", .visibleTest), "lines": .list([.number(4), .number(9)])]),
]

private func render(_ source: String, _ values: [String: Value] = values) throws -> String {
  try Template.parse(name: "t", source: source).render(values).map(\.text).joined()
}

private func at(_ line: Int, _ column: Int) -> TemplateError.Position { .init(line: line, column: column) }

@Suite struct `a template without end` {
  private let many: [String: Value] = [
    "many": .list((0..<2_000).map { .number($0) }), "text": .text(String(repeating: "x\n", count: 50_000), .issue),
  ]

  private func loops(_ depth: Int, _ body: String) -> String {
    (0..<depth).map { "{% for x\($0) in many %}" }.joined() + body + String(repeating: "{% endfor %}", count: depth)
  }

  @Test func `is given up even where it prints nothing`() {
    let error = #expect(throws: TemplateError.self) { try render("a\n" + loops(3, ""), many) }
    #expect(error?.position == at(2, 41))
    #expect(error?.errorDescription == "the template has taken more than 300000 steps")
  }

  @Test(arguments: [
    "{% set s = 'x' %}" + String(repeating: "{% set s = [s, s] | join %}", count: 60) + "{{ s }}",
    "{% set s = [1] %}" + String(repeating: "{% set s = [s, s] %}", count: 60) + "{{ s == s }}",
    "{% for x in many %}{{ text }}{% endfor %}", "{{ text | indent(1000) | indent(1000) }}",
    "{% for x in many %}{% if -1 in many %}{% endif %}{% endfor %}",
  ])
  func `is given up where it only grows`(source: String) {
    let error = #expect(throws: TemplateError.self) { try render(source, many) }
    let isTooLong = if case .tooLong? = error { true } else { false }
    #expect(isTooLong, "\(String(describing: error))")
  }

  @Test func `ends when its task is cancelled`() async throws {
    let template = try Template.parse(name: "t", source: loops(2, "{% if 'y' in text %}{% endif %}"))
    let rendering = Task {
      while !Task.isCancelled { await Task.yield() }
      return try PromptBuilder.build(template: template, values: many)
    }
    rendering.cancel()
    await #expect(throws: CancellationError.self) { try await rendering.value }
  }
}

@Suite struct `a template` {
  static let renderings: [(String, String)] = [
    ("", ""),
    ("plain { % # }\n", "plain { % # }"),
    ("two\n\n", "two\n"),
    ("a\r\nb\rc", "a\nb\nc"),
    ("{{ issue }}!", "It {{ breaks }}!"),
    ("{{file.path}} {{ file['path'] }} {{ file.lines[1] }} {{ file.lines[-2] }}", "a.py a.py 9 4"),
    (#"{{ "a\n\"b\"" }}{{ 'c' }}{{ 12 }}{{ true }}"#, "a\n\"b\"c12True"),
    ("{{ issue | upper }} {{ '  x ' | trim }}. {{ issue | length }}", "IT {{ BREAKS }} x. 15"),
    ("{{ words | join(', ') }} {{ words | first }}{{ words | last }} {{ file.lines | join }}", "a, b ab 49"),
    ("{{ 'a\\n\\nb\\n' | indent(2) }}|{{ 'a\\nb' | indent(1, first=true) }}", "a\n\n  b\n| a\n b"),
    ("{{ missing | default('x') }} {{ file.missing | default }} {{ empty | default('y', true) }}", "x  y"),
    ("{% if three > 2 and not empty %}a{% elif yes %}b{% else %}c{% endif %}", "a"),
    ("{% if nothing %}a{% elif 'b' in issue and three not in [1, 2] %}b{% endif %}", "b"),
    ("{% if missing is defined or nothing is not none %}a{% else %}b{% endif %}", "b"),
    ("{{ 1 < 2 <= 2 }} {{ 'b' >= 'a' }} {{ 1 == true }} {{ 'é' == 'e\u{301}' }}", "True True True False"),
    ("{{ empty or 'x' }} {{ 'x' and three }} {{ words == ['a', 'b'] }}", "x 3 True"),
    ("{% for w in words %}{{ loop.index }}{{ w }}{% if not loop.last %},{% endif %}{% endfor %}", "1a,2b"),
    ("{% for w in none_of %}x{% else %}none{% endfor %}", "none"),
    ("{% set x = 1 %}{% for w in words %}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}", "221"),
    ("a  {%- if yes -%}  b  {%- endif -%}  \n c", "abc"),
    ("a {#- gone -#} b {# stays #} c", "ab  c"),
    ("{% raw %}{{ x }}{% y %}{% endraw %} {%- raw -%} z {%- endraw -%} .", "{{ x }}{% y %}z."),
  ]

  @Test(arguments: renderings)
  func `renders as Jinja2 does`(source: String, text: String) throws {
    #expect(try render(source) == text)
  }

  static let faults: [(String, TemplateError)] = [
    (
      "a\n {{ isue }}",
      .undefined(
        "isue", nearest: ["issue"],
        known: ["empty", "file", "issue", "none_of", "nothing", "three", "words", "yes"], at: at(2, 5))
    ),
    ("ä{{ file.pth }}", .undefined("file.pth", nearest: ["path"], known: ["lines", "path"], at: at(1, 9))),
    ("{{ words[2] }}", .undefined("words[2]", nearest: [], known: [], at: at(1, 9))),
    ("{{ nothing }}", .wrongType(operation: "printing", found: "nothing", at: at(1, 1))),
    ("{{ words }}", .wrongType(operation: "printing", found: "a list", at: at(1, 1))),
    ("{{ three | upper }}", .wrongType(operation: "`upper`", found: "a number", at: at(1, 12))),
    ("{% for x in issue %}{% endfor %}", .wrongType(operation: "`for`", found: "text", at: at(1, 1))),
    ("{{ issue < 3 }}", .wrongType(operation: "an order", found: "a number", at: at(1, 4))),
    ("{{ issue | uper }}", .unknownFilter("uper", nearest: ["upper"], at: at(1, 12))),
    ("{{ issue | upper(1) }}", .badArguments(filter: "upper", usage: "| upper", at: at(1, 12))),
    ("{% fro x in y %}", .unknownTag("fro", nearest: ["for"], at: at(1, 4))),
    ("x\n{% if yes %}", .unclosedBlock("if", at: at(2, 1))),
    (
      "{% for x in words %}{% endif %}",
      .unexpected(found: "`endif`", expected: "`else` or `endfor`", at: at(1, 24))
    ),
    ("{% endif %}", .unexpected(found: "`endif`", expected: "no end of a block", at: at(1, 4))),
    ("a {{ b", .unclosed("{{", at: at(1, 3))),
    ("a {# b", .unclosed("{#", at: at(1, 3))),
    ("{% raw %}", .unclosed("{% raw %}", at: at(1, 1))),
    ("{{ 'a }}", .unclosed("the string", at: at(1, 4))),
    ("{{ }}", .unexpected(found: "`}}`", expected: "a name or a literal", at: at(1, 4))),
    ("{{ issue issue }}", .unexpected(found: "`issue`", expected: "`}}`", at: at(1, 10))),
    ("{{ 1.5 }}", .unexpected(found: "`5`", expected: "the name of a field", at: at(1, 6))),
    (
      "{{ issue ~ x }}",
      .unexpected(found: "`~`", expected: "a name, a literal or an operator", at: at(1, 10))
    ),
  ]

  @Test(arguments: faults)
  func `that is wrong says where and why`(source: String, error: TemplateError) {
    #expect(throws: error) { try render(source) }
    #expect(error.errorDescription?.isEmpty == false && error.recoverySuggestion?.isEmpty == false)
  }

  @Test func `may be nested, but not without end`() throws {
    func parse(_ source: String) throws { _ = try Template.parse(name: "t", source: source) }
    try parse("{{ " + String(repeating: "(", count: 20) + "1" + String(repeating: ")", count: 20) + " }}")
    for opening in ["(", "[", "not ", "x.", "x|default("] {
      #expect(throws: TemplateError.self) { try parse("{{ " + String(repeating: opening, count: 20_000) + "1 }}") }
    }
    #expect(throws: TemplateError.self) { try parse(String(repeating: "{% if 1 %}", count: 20_000)) }
  }

  @Test func `keeps the origin of every value, through filters, loops and names`() throws {
    let source = "see {{ file.path | upper }}{% for w in words %}{% set x = w %} {{ x | trim }}{% endfor %}{{ three }}."
    #expect(
      try Template.parse(name: "t", source: source).render(values) == [
        Segment(text: "see ", origin: .template("t"), name: "template"),
        Segment(text: "A.PY", origin: .visibleTest, name: "file.path"),
        Segment(text: " ", origin: .template("t"), name: "template"),
        Segment(text: "a", origin: .hints, name: "words[0]"),
        Segment(text: " ", origin: .template("t"), name: "template"),
        Segment(text: "b", origin: .gold, name: "words[1]"),
        Segment(text: "3.", origin: .template("t"), name: "template"),
      ])
    #expect(
      try Template.parse(name: "t", source: "{{ words | join('-') }}").render(values).map(\.origin) == [
        .hints, .template("t"), .gold,
      ])
  }

  @Test func `names its own text after the comment above it`() throws {
    let source = "a{# part: rules #}b{#- part: example -#} c"
    #expect(try Template.parse(name: "t", source: source).render([:]).map(\.name) == ["template", "rules", "example"])
  }

  @Test func `of 100 KB with 1,800 variables renders`() throws {
    let source = String(repeating: String(repeating: "x", count: 50) + " {{ file.path }}\n", count: 1_800)
    #expect(try render(source).utf8.count == 1_800 * 56 - 1)
  }
}
