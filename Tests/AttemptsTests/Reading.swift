import Content
import Context
import Instances
import Models
import Prompts
import Repositories
import Workspaces

@testable import Attempts

/// What a plan holds that a stage may read, written down by hand from the design and from what each stage does. Stages
/// compute their keys in code of their own; this table is what they are held against.
enum Reading: CaseIterable {
  case row, strategy, budget, files, ratio, added, dropped, templateName, templateText, format, attempt, window
  case earlier, model, temperature, seed, numPredict, numCtx, repeatPenalty, sandbox, timeout, memory, processes
  case output, disk, python, feedback, feedbackBudget, feedbackMemory, widened, repositories, attemptsMax,
    templateSetting,
    take, changes, stack, reproduce, edited, script

  /// What stands for it in `plan`; plans with equal texts are alike in it.
  func text(in plan: Plan) -> String {
    let (settings, sampling, tests) = (plan.settings, plan.sampling, plan.settings.workspace)
    return switch self {
    case .row: plan.instance.hash.hex
    case .strategy: "\(settings.context.strategy)"
    case .budget: "\(settings.context.budget)"
    case .files: "\(settings.context.files)"
    case .ratio: "\(settings.tokensRatio)"
    case .added: "\(plan.added)"
    case .dropped: "\(plan.dropped)"
    case .templateName: plan.template.name
    case .templateText: plan.template.source
    case .format: "\(settings.format)"
    case .attempt: "\(plan.id.attempt)"
    case .window: "\(sampling.numCtx - sampling.numPredict)"
    case .earlier: "\(String(describing: plan.earlier))"
    case .model: "\(String(describing: settings.model))"
    case .temperature: "\(sampling.temperature)"
    case .seed: "\(sampling.seed)"
    case .numPredict: "\(sampling.numPredict)"
    case .numCtx: "\(sampling.numCtx)"
    case .repeatPenalty: "\(sampling.repeatPenalty)"
    case .sandbox: tests.sandbox.key
    case .timeout: "\(tests.timeoutSeconds)"
    case .memory: "\(tests.memoryMB)"
    case .processes: "\(tests.processes)"
    case .output: "\(tests.outputMB)"
    case .disk: "\(tests.diskMB)"
    case .python: tests.python
    case .feedback: "\(settings.feedback)"
    case .feedbackBudget: "\(settings.feedbackBudget)"
    case .feedbackMemory: "\(settings.feedbackMemory)"
    case .widened: "\(plan.widened)"
    case .repositories: settings.repositories.pattern
    case .attemptsMax: "\(settings.attemptsMax)"
    case .templateSetting: "\(String(describing: settings.template))"
    case .take: "\(plan.id.take)"
    case .changes: "\(plan.changes)"
    case .stack: "\(String(describing: plan.stack))"
    case .reproduce: "\(settings.reproduce) \(String(describing: settings.reproduce == .on ? plan.reproduction : nil))"
    case .edited: "\(settings.reproduce)"
    case .script: settings.reproduce == .on ? plan.reproduction?.text ?? "" : ""
    }
  }
}

extension Stage {
  /// What the stage reads of the plan. Where repositories come from, the most attempts, the setting that names the
  /// template, the take's number and the words about it are read by no stage.
  var reads: Set<Reading> {
    let tests: Set<Reading> = [.row, .sandbox, .timeout, .memory, .processes, .output, .disk, .python]
    return switch self {
    case .workspace: [.row]
    case .baseline: tests
    case .outcomes: tests.union([.script])
    case .context: [.row, .strategy, .budget, .files, .ratio, .added, .dropped, .widened, .stack]
    case .prompt:
      [.row, .templateName, .templateText, .format, .attempt, .window, .earlier, .ratio, .stack, .reproduce]
    case .reply: [.model, .temperature, .seed, .numPredict, .numCtx, .repeatPenalty]
    case .edits: [.row, .format, .stack, .edited]
    case .patch: [.stack]
    case .verdict: [.row]
    case .feedback: [.row, .feedback, .attempt, .feedbackBudget, .feedbackMemory, .ratio, .reproduce]
    }
  }

  /// The stages whose artifacts the stage is made from.
  var inputs: Set<Stage> {
    switch self {
    case .workspace: []
    case .baseline, .context: [.workspace]
    case .prompt: [.context]
    case .reply: [.prompt]
    case .edits: [.workspace, .reply]
    case .patch: [.edits]
    case .outcomes: [.workspace, .patch]
    case .verdict: [.baseline, .reply, .edits, .patch, .outcomes]
    case .feedback: [.verdict, .reply, .edits, .patch, .baseline]
    }
  }

  /// What the stage asks of an artifact that it does not read as a whole: feedback asks whether the prompt told of the
  /// hidden tests.
  func asks(_ chain: Chain) -> Bool? { self == .feedback ? chain.prompt?.prompt.isTainted ?? false : nil }

  /// Whether there is anything to make in a take that has come as far as `chain`.
  func isDue(in plan: Plan, _ chain: Chain) -> Bool {
    if self > plan.through { return false }
    return switch self {
    case .workspace: true
    // Tests cost: they run only where outcomes will.
    case .baseline: plan.through == .baseline || plan.through >= .outcomes
    case .context: chain.baseline.map { $0.sentence.hasPrefix("red") } ?? true
    case .prompt: chain.context != nil
    case .reply: chain.prompt != nil
    case .edits: chain.reply?.end == .stop
    case .patch: chain.edits?.application != nil
    case .outcomes: chain.patch?.diff.isEmpty == false
    case .verdict: chain.baseline != nil
    case .feedback: chain.verdict != nil
    }
  }
}
