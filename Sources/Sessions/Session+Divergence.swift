import Attempts
import Content
import Instances
import Models
import Prompts
import Script

extension Session {
  /// What the prompt, the reply and the tweak of a take are called in a saved session: `ID/1.2`, and behind it the batch
  /// whose takes it was made of, where there is one.
  func exchangeName(_ id: String, _ take: TakeID) -> String {
    exchangeName(id, take, batch: opened.origins[id]?.batch)
  }

  func exchangeName(_ id: String, _ take: TakeID, batch: Int?) -> String {
    guard let batch else { return "\(id)/\(take)" }
    return "\(id)/\(take)/" + (opened.number(of: batch).map { "batch-\($0)" } ?? "opened")
  }

  /// What an error of a batch's take is to a replay: where no reply was recorded for its prompt, why.
  func explained(_ error: any Error, _ chain: Chain, _ plan: Plan, batch: Int) -> any Error {
    guard case ModelError.notRecorded(_, _, _, let nearest) = error, recordMode != nil else { return error }
    let name = exchangeName(plan.instance.id, plan.id, batch: batch)
    return SessionError.diverged(divergence(chain, plan, name: name, nearest: nearest))
  }

  /// Explains why nothing was recorded for the prompt that `chain` came to.
  /// `nearest` is the recorded request most like it, in words.
  func divergence(
    _ chain: Chain, _ plan: Plan, name: String? = nil, nearest: String? = nil
  ) -> Divergence {
    let id = plan.instance.id
    let name = name ?? exchangeName(id, plan.id)
    guard let prompt = chain.prompt, let script else {
      return Divergence(
        instanceID: id, take: plan.id, cause: "no prompt was made", line: nil, lineCount: 0, recorded: nil, now: nil)
    }
    guard let section = script.section("prompt", name) else {
      let known = script.sections.filter { $0.kind == "prompt" }.map(\.name)
      let near =
        nearest.map { "; \($0)" } ?? Nearest.names(to: name, in: known).first.map { "; the nearest is \($0)" } ?? ""
      return Divergence(
        instanceID: id, take: plan.id, cause: "the session has no section prompt/\(name)\(near)", line: nil,
        lineCount: 0, recorded: nil, now: nil)
    }
    if let alike = alike(chain, plan, name: name) { return alike }
    let recorded = section.text
    let difference = Divergence.firstDifference(recorded, prompt.prompt.rendered)
    let cause = cause(
      Inputs(section: section),
      Inputs(chain: chain, settings: plan.settings, row: plan.row, template: plan.template),
      plan, sameText: difference == nil, name: name)
    return Divergence(
      instanceID: id, take: plan.id, cause: cause, line: difference?.line,
      lineCount: recorded.utf8.split(separator: 10, omittingEmptySubsequences: false).count,
      recorded: difference?.old, now: difference?.new)
  }

  /// Where the file was recorded by a version that sampled all attempts alike, and later ones are sampled otherwise now;
  /// nil where that is not what differs.
  private func alike(_ chain: Chain, _ plan: Plan, name: String) -> Divergence? {
    let (now, first) = (plan.sampling, plan.settings.sampling)
    guard now != first, let prompt = chain.prompt, let reply = script?.section("reply", name),
      let model = reply[attribute: "model"],
      reply[attribute: "request"].flatMap(Hash.init(hex:))
        == prompt.request(sampling: first, instanceID: plan.instance.id).hash(model: model)
    else { return nil }
    let names = ["model.temperature", "model.seed"]
    let values = [(first.temperature, now.temperature), (Double(first.seed), Double(now.seed))]
    let changed = zip(names, values).filter { $0.1.0 != $0.1.1 }.map { name, pair in
      "\(name) (recorded \(SettingTable.short(pair.0)), now \(SettingTable.short(pair.1)))"
    }
    let seeds = Array(repeating: "\(first.seed)", count: plan.id.attempt).joined(separator: ",")
    return Divergence(
      instanceID: plan.instance.id, take: plan.id,
      cause: "an older version asked each attempt alike: " + changed.joined(separator: ", "), line: nil, lineCount: 0,
      recorded: nil, now: nil,
      remedy: "at the top of the file `set model.temperature \(SettingTable.short(first.temperature))` and "
        + "`set model.seed \(seeds)` (one for each attempt) replay it as it was recorded")
  }

  private func cause(_ old: Inputs, _ new: Inputs, _ plan: Plan, sameText: Bool, name: String) -> String {
    let names = Set(old.settings.keys).union(new.settings.keys).sorted()
    let changed = names.filter { old.settings[$0] != new.settings[$0] }
    /// The changed settings that `reads` says something of, in words; nil where there is none.
    func settings(_ reads: (String) -> Bool) -> String? {
      let read = changed.filter(reads).map { name in
        let standard = (try? SettingTable.setting(name))?.value(in: Settings()) ?? "default"
        return "setting \(name) (recorded \(old.settings[name] ?? standard), now \(new.settings[name] ?? standard))"
      }
      return read.isEmpty ? nil : read.joined(separator: ", ")
    }
    if sameText {
      if script?.section("reply", name) == nil { return "the session has no section reply/\(name)" }
      if let section = script?.section("reply", name), let model = section[attribute: "model"],
        let now = try? Session.modelName(plan.settings).title, model != now
      {
        return "model (recorded \(model), now \(now))"
      }
      return settings { $0.hasPrefix("model.") }
        ?? "the same prompt is asked once more than it was recorded, or the header's `request` was edited"
    }
    if old.row != new.row { return "the row (another text of the same id is loaded)" }
    if old.context != new.context {
      let why = settings { $0.hasPrefix("context.") || $0 == "tokens.ratio" || $0 == "ladder" }
      return "stage context: \(why ?? "other lines were added or dropped")"
    }
    if old.feedback != new.feedback {
      return
        "stage feedback: \(settings { $0.hasPrefix("feedback") || $0 == "ladder" } ?? "the attempt before ended differently")"
    }
    if old.template != new.template {
      // Another template may have been asked for: by its name, or by the format it is made for.
      if let why = settings({ $0 == "template" || $0 == "format" }) { return why }
      let template = plan.template.name
      let place = script?.section("template", template) == nil ? "built in" : "of the session"
      return "template \(template) (\(place))"
    }
    return settings { _ in true } ?? "the recorded prompt was edited, or another version of ramp made it"
  }
}
