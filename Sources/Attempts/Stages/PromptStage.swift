import Content
import Context
import Edits
import Instances
import Models
import Prompts

/// The messages that will be sent, and what had to be left out so that they fit.
package struct PromptArtifact: Hashable, Codable, Sendable {
  package let prompt: Prompt
  /// The most tokens the prompt may take: the window less the answer's part.
  package let window: Int
  /// Context parts that were dropped whole because the prompt would not have fitted.
  package let cut: [Span]
}

struct PromptStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard let context = chain.content(of: .context) else { return nil }
    var key = Key(of: .prompt)
    key.add(input: "row", plan.row)
    key.add(input: "context", context)
    key.add(input: "template", plan.template.hash)
    key.add(input: "feedback", (try? plan.earlier.map(Canonical.hash)) ?? nil)
    key.add(option: "format", plan.settings.format.rawValue)
    key.add(option: "template", plan.template.name)
    key.add(option: "attempt", "\(plan.id.attempt)")
    if let words = plan.reproduceWords { key.add(option: "reproduce", words) }
    if let stack = plan.stack { key.add(option: "stack", stack.words) }
    key.add(option: "window", "\(plan.sampling.promptWindow)")
    key.add(option: "tokens.ratio", "\(plan.settings.tokensRatio)")
    if !plan.skills.isEmpty {
      let options = plan.settings.skills ?? SkillOptions()
      key.add(input: "skills", Hash(of: plan.skills.map(\.source).joined(separator: "\0")))
      key.add(option: "skill.position", options.position.rawValue)
      key.add(option: "skill.share", "\(options.share)")
    }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let context = chain.context else { throw AttemptError.missing(.context) }
    do {
      return try made(plan, context)
    } catch let error as TemplateError {
      throw AttemptError.template(plan.template.name, error)
    }
  }

  private static let parsed = Memo<TemplateText, Template>()

  private func made(_ plan: Plan, _ context: ContextSelection) throws -> Made {
    let text = plan.template
    let template = try PromptStage.parsed.value(for: text) { () throws(TemplateError) in
      try Template.parse(name: text.name, source: text.source, includes: text.includes ?? BuiltinTemplates.sources)
    }
    let window = plan.sampling.promptWindow
    var parts = context.parts
    var cut: [Span] = []
    while true {
      let prompt = try PromptBuilder.build(
        template: template, values: values(plan, parts), ratio: plan.settings.tokensRatio)
      if prompt.tokens <= window {
        return Made(artifact: .prompt(PromptArtifact(prompt: prompt, window: window, cut: cut)))
      }
      // Whole parts go, the lowest rank first; what the person added goes last.
      guard let last = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }) else {
        throw AttemptError.promptTooLong(tokens: prompt.tokens, window: window)
      }
      cut.append(parts.remove(at: last).span)
    }
  }

  func tweaked(_ text: String, _ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Artifact {
    guard let old = chain.prompt, let hash = chain.content(of: .prompt) else { throw AttemptError.missing(.prompt) }
    // What is wrong with the text has been said before anything was made, see `Tweak.check`.
    let prompt = try Prompt(
      rendered: text, origin: old.prompt.isTainted ? .hiddenTest : .tweak(of: hash), template: old.prompt.template,
      ratio: plan.settings.tokensRatio)
    return .prompt(PromptArtifact(prompt: prompt, window: old.window, cut: old.cut))
  }

  private func value(of item: SkillChoice.Item) -> Value {
    let origin = Origin.skill(item.skill.name)
    return .object(["name": .text(item.skill.name, origin), "text": .text(item.skill.text, origin)])
  }

  private func values(_ plan: Plan, _ parts: [ContextPart]) -> [String: Value] {
    let files: [Value] = parts.map { part in
      .object([
        "path": .text(part.span.path, part.origin), "first": .number(part.span.first),
        "last": .number(part.span.last), "text": .text(numbered(part), part.origin),
      ])
    }
    let ours = Origin.template(plan.template.name)
    return [
      "instance": .object(["id": .text(plan.instance.id, .issue), "repo": .text(plan.instance.repo, .issue)]),
      "issue": .text(plan.instance.problemStatement, .issue),
      "files": .list(files),
      "format": .text(plan.settings.format.rawValue, ours),
      "attempt": .number(plan.id.attempt),
      "reproduce": .flag(plan.settings.reproduce == .on),
      "reproduction": plan.reproduction.map { script in
        .text(script.text, script.isTainted ? .hiddenTest : .feedback(attempt: plan.id.attempt - 1))
      } ?? .none,
      "stacked": plan.stack.map { .number($0.attempt) } ?? .none,
      "skills": .list(SkillChoice(plan, paths: parts.map(\.span.path)).shown.map(value)),
      "skill_position": .text((plan.settings.skills ?? SkillOptions()).position.rawValue, ours),
      "feedback": plan.earlier.flatMap { $0.isEmpty ? nil : Value.text($0.text, $0.origin) } ?? .none,
    ]
  }
}

extension SkillChoice {
  /// What a plan's prompt shows, with these files in it.
  package init(_ plan: Plan, paths: [String]) {
    let share = (plan.settings.skills ?? SkillOptions()).share
    self.init(
      from: plan.skills, repository: plan.instance.repo, issue: plan.instance.problemStatement, paths: paths,
      budget: plan.sampling.promptWindow * share / 100, ratio: plan.settings.tokensRatio)
  }
}
