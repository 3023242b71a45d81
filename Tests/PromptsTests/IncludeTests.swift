import Content
import Testing

@testable import Prompts

private func render(_ source: String, _ includes: [String: String], _ values: [String: Value] = [:]) throws -> String {
  try Template.parse(name: "t", source: source, includes: includes).render(values).map(\.text).joined()
}

@Suite struct `a template that includes others` {
  @Test func `renders them with the names that it knows`() throws {
    let values: [String: Value] = ["x": .text("{{ y }}", .issue), "xs": .list([.number(1), .number(2)])]
    #expect(try render("a{% include 'b' %}c", ["b": "[{{ x }}]"], values) == "a[{{ y }}]c")
    #expect(
      try render("{% for n in xs %}{% include 'b' %}{% endfor %}", ["b": "{{ n }}{{ loop.index0 }} "], values)
        == "10 21 ")
    #expect(throws: TemplateError.self) { try render("{% include 'b' %}{{ z }}", ["b": "{% set z = 1 %}"], values) }
    #expect(
      Template.included(by: "{% include 'a' %}{# include 'b' #}{%- include \"c\" -%}{{ 'include' }}") == ["a", "c"])
  }

  @Test func `gives their text the origin and the parts of their own`() throws {
    let template = try Template.parse(
      name: "t", source: "{# part: p #}a{% include 'b' %}c", includes: ["b": "x{# part: q #}y"])
    #expect(
      try template.render([:]) == [
        Segment(text: "a", origin: .template("t"), name: "p"),
        Segment(text: "x", origin: .template("b"), name: "template"),
        Segment(text: "y", origin: .template("b"), name: "q"), Segment(text: "c", origin: .template("t"), name: "p"),
      ])
  }

  @Test func `is refused where it includes itself, or what is not there`() {
    let at = TemplateError.Position(line: 1, column: 12)
    #expect(throws: TemplateError.includesItself("t", at: at)) { try render("{% include 't' %}", ["t": "x"]) }
    let error = #expect(throws: TemplateError.self) {
      try render("{% include 'b' %}", ["b": "\n{% include 'c' %}", "c": "{% include 'b' %}"])
    }
    #expect(error?.errorDescription == "in `b`, 2:12: in `c`, 1:12: `b` includes itself")
    #expect(throws: TemplateError.unknownTemplate("fedback", nearest: ["feedback"], at: at)) {
      try render("{% include 'fedback' %}", ["feedback": ""])
    }
    #expect(throws: TemplateError.self) { try render("{% include name %}", ["b": ""]) }
    let inner = #expect(throws: TemplateError.self) { try render("a\n{% include 'b' %}", ["b": "x\n {{ nope }}"]) }
    #expect(inner?.errorDescription == "in `b`, 2:5: `nope` is not defined")
    #expect(inner?.position == TemplateError.Position(line: 2, column: 1))
  }
}
