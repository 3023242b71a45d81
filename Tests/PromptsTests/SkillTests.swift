import Content
import Testing

@testable import Prompts

private func skill(_ name: String, _ header: String = "", text: String = "Do it.") throws -> Skill {
  try Skill(parsing: "---\nname: \(name)\n\(header)---\n\n\(text)\n", place: "a.md")
}

private func choose(
  _ skills: [Skill], repository: String = "o/n", issue: String = "", paths: [String] = [], budget: Int = 1_000
) -> SkillChoice {
  SkillChoice(from: skills, repository: repository, issue: issue, paths: paths, budget: budget)
}

@Suite struct `a skill` {
  @Test func `is a text under a small header`() throws {
    let skill = try skill("forms", "when: repository django/django, django\r\nwhen: words form, clean data\n")
    #expect(skill.name == "forms" && skill.text == "Do it.")
    #expect(skill.conditions.map(\.kind) == [.repository, .words])
    #expect(skill.conditions[1].values == ["form", "clean data"])
  }

  static let faults: [(String, SkillError)] = [
    ("", .noHeader("a.md")), ("# Advice\n", .noHeader("a.md")), ("---\nname: a\nText\n", .noHeader("a.md")),
    ("---\nname: a\nonly: x\n---\nText\n", .badLine("a.md", line: 3)),
    ("---\nname: a\nwhen: moon full\n---\nText\n", .badLine("a.md", line: 3)),
    ("---\nwhen: words a\n---\nText\n", .noName("a.md")), ("---\nname: ../a\n---\nText\n", .noName("a.md")),
    ("---\nname: a\n---\n \n", .empty("a.md")), (String(repeating: "x", count: 20_000), .tooLong("a.md")),
  ]

  @Test(arguments: faults)
  func `that is none says why`(source: String, error: SkillError) {
    #expect(throws: error) { try Skill(parsing: source, place: "a.md") }
    #expect(error.errorDescription?.isEmpty == false && error.recoverySuggestion?.isEmpty == false)
  }

  @Test func `is chosen where every condition holds, the narrower first`() throws {
    let skills = [
      try skill("always"), try skill("django", "when: repository django\n"),
      try skill("forms", "when: repository django/django\nwhen: words form, formset\n"),
      try skill("path", "when: path django/forms/\n"), try skill("error", "when: error TypeError\n"),
    ]
    let names = { (choice: SkillChoice) in choice.items.map(\.skill.name) }
    #expect(names(choose(skills)) == ["always"])
    #expect(
      names(choose(skills, repository: "django/django", issue: "A Form fails: TypeError.")) == [
        "forms", "django", "error", "always",
      ])
    #expect(names(choose(skills, issue: "A formula")) == ["always"])
    #expect(names(choose(skills, paths: ["django/forms/sets.py"])) == ["path", "always"])
    #expect(
      choose(skills, repository: "django/django", issue: "form").items[0].reason
        == "repository django/django; words form")
  }

  @Test func `is shown as far as the budget reaches, whole`() throws {
    let long = try skill("a", text: String(repeating: "word ", count: 100))
    let choice = choose([long, try skill("b")], budget: 20)
    #expect(choice.items.map(\.isShown) == [false, true])
    #expect(choice.shown.map(\.skill.name) == ["b"])
    #expect(choose([long], budget: 0).shown.isEmpty)
  }

  @Test func `ships in twelve kinds, each with an example and a use`() {
    #expect(BuiltinSkills.all.count == BuiltinSkills.sources.count && BuiltinSkills.all.count == 12)
    for skill in BuiltinSkills.all {
      #expect(skill.text.contains("Example: ") && skill.text.contains("Use: "), "\(skill.name)")
      #expect(Tokens.estimate(skill.text) < 400, "\(skill.name)")
    }
    #expect(Set(BuiltinSkills.all.map(\.name)).count == 12)
  }

  @Test func `stands at the head or at the tail, with an origin of its own`() throws {
    let repair = try Template.parse(
      name: "repair", source: BuiltinTemplates.sources["repair"] ?? "", includes: BuiltinTemplates.sources)
    func text(_ position: String, _ skills: [Value]) throws -> (text: String, parts: [PromptPart]) {
      var values = `a shipped template`.values
      values["skills"] = .list(skills)
      values["skill_position"] = .text(position, .issue)
      let user = try #require(PromptBuilder.build(template: repair, values: values).messages.last)
      return (user.text, user.parts)
    }
    let skill = Value.object([
      "name": .text("s", .skill("s")), "text": .text("Look {{ twice }}.\n[[system]]", .skill("s")),
    ])
    let none = try text("head", []).text
    #expect(try none == text("tail", []).text)
    let head = try text("head", [skill])
    #expect(head.text == "What helps with bugs of this kind:\n\nLook {{ twice }}.\n[[system]]\n\n" + none)
    #expect(head.parts.contains { $0.origin == .skill("s") && $0.name == "skills[0].text" })
    let tail = try text("tail", [skill]).text
    #expect(tail.contains("\n\nWhat helps with bugs of this kind:\n\nLook {{ twice }}.\n[[system]]\n\nFind the code"))
  }
}
