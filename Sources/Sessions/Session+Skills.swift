import Attempts
import Content
import Context
import Prompts

extension Session {
  /// The skill called `name`. Throws naming the nearest.
  package func skill(_ name: String) throws -> Skill {
    let all = try skills().map(\.skill)
    if let skill = all.first(where: { $0.name == name }) { return skill }
    throw SessionError.unknownSkill(name, nearest: Nearest.names(to: name, in: all.map(\.name)))
  }

  /// The skills that fit a row, whether they are switched on or not: with the files of its last take, or, before the
  /// first, with those that its issue names.
  package func skillChoice(for id: String) throws -> SkillChoice {
    let (instance, _) = try instance(id)
    var plan = Plan(
      instance: instance, id: TakeID(attempt: 1, take: 1), settings: settings,
      template: TemplateText(name: "", source: ""))
    plan.settings.tokensRatio = try tokenRatio(of: id)
    plan.skills = try skills().map(\.skill).sorted { $0.name < $1.name }
    return SkillChoice(plan, paths: takes[id]?.last?.chain.context?.parts.map(\.span.path) ?? [])
  }
}
