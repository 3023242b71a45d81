import Content
import Context
import Edits
import Models
import Prompts
import Repositories
import Workspaces

@testable import Attempts

/// Changes to plans by chance, the same for the same seed.
struct Chance {
  private var numbers: Seeded

  init(_ seed: UInt64) { numbers = Seeded(seed) }

  mutating func one<Value>(of values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &numbers)] }

  mutating func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &numbers) < share }

  /// How many kinds of change there are.
  static let kinds = 35

  /// Changes one thing of `plan`, of any kind or of the given one.
  mutating func change(_ plan: inout Plan, kind: Int? = nil) {
    let spans = ["shop/stock.py:1-2", "shop/mail.py", "shop/cart.py:1"].compactMap { try? Span(parsing: $0) }
    let told = { (text: String, origin: Origin) in
      FeedbackArtifact(mode: .hidden, parts: [FeedbackArtifact.Part(text: text, origin: origin)])
    }
    switch kind ?? Int.random(in: 0..<Chance.kinds, using: &numbers) {
    case 0: plan.settings.context.strategy = one(of: [.bm25, .first5KB])
    case 1: plan.settings.context.budget = one(of: [9000, 8999, 400])
    case 2: plan.settings.context.files = one(of: [0, 1, 5])
    case 3: plan.settings.tokensRatio = one(of: [1, 1.1])
    case 4: plan.added = happens(0.5) ? [] : [one(of: spans)]
    case 5: plan.dropped = happens(0.5) ? [] : [one(of: spans)]
    // A comment more in a template leaves the prompt as it was.
    case 6, 7: plan.template = TemplateText(name: plan.template.name, source: one(of: sources))
    case 8: plan.template = TemplateText(name: one(of: ["repair", "mine"]), source: plan.template.source)
    case 9: plan.settings.format = one(of: [.search, .whole, .lines])
    case 10: plan.id = TakeID(attempt: one(of: [1, 2]), take: plan.id.take)
    case 11:
      (plan.settings.sampling.numCtx, plan.settings.sampling.numPredict) = one(of: [
        (16384, 2048), (16385, 2049), (8192, 2048),
      ])
    case 12: plan.earlier = one(of: [nil, told("It failed.", .hiddenTest), told("It failed.", .feedback(attempt: 1))])
    case 13: plan.settings.model = one(of: [nil, "scripted:a", "scripted:b"])
    case 14: plan.settings.sampling.temperature = one(of: [0, 0.4])
    case 15, 16, 17, 18: plan.settings.sampling.seed = Int.random(in: 0..<40, using: &numbers)
    case 19: plan.settings.sampling.repeatPenalty = one(of: [1, 1.1])
    case 20: plan.settings.workspace.sandbox = one(of: [.on, .off])
    case 21: plan.settings.workspace.timeoutSeconds = one(of: [300, 299, 2])
    case 22: plan.settings.workspace.memoryMB = one(of: [4096, 2048])
    case 23: plan.settings.workspace.processes = one(of: [256, 16])
    case 24: plan.settings.workspace.outputMB = one(of: [16, 1])
    case 25: plan.settings.workspace.python = one(of: ["python3", "python3.11"])
    case 26: plan.settings.feedback = one(of: FeedbackMode.allCases)
    case 27:
      (plan.settings.repositories.pattern, plan.settings.attemptsMax) = one(of: [("/a", 6), ("/b", 6), ("/a", 1)])
    case 28: plan.settings.feedbackBudget = one(of: [1500, 120])
    case 29: plan.settings.feedbackMemory = one(of: [300, 0])
    case 30: plan.widened = happens(0.5) ? [] : [Span(path: "shop/mail.py", first: 3, last: 400), Span(path: "no.py")]
    case 31: plan.stack = one(of: [nil] + stacks)
    case 32:
      plan.settings.reproduce = one(of: [.on, .off])
      plan.reproduction = one(of: [nil, ("assert 1\n", false), ("assert 1\n", true), ("assert 2\n", false)]).map {
        ReproductionScript(text: $0.0, isTainted: $0.1)
      }
    case 33: plan.settings.workspace.diskMB = one(of: [WorkspaceOptions.usualDiskMB, 512])
    default: (plan.settings.template, plan.changes) = one(of: [(nil, []), ("repair", ["x"]), (nil, ["x"])])
    }
  }

  private let stacks: [Stack?] = [false, true].map { isTainted in
    let after = Shop.cart + (isTainted ? "# two\n" : "# one\n")
    return Stack(
      attempt: 1, changes: [FileChange(path: "shop/cart.py", before: bytes(Shop.cart), after: bytes(after))],
      isTainted: isTainted)
  }

  private let sources: [String] = {
    let source = BuiltinTemplates.named("repair")?.source ?? ""
    return [
      source, source + "{# a comment #}", source + "\nAnswer briefly.",
      "[[user]]\n{{ issue }}{% for file in files %}{{ file.text }}{% endfor %}",
    ]
  }()

  /// A text to take the place of an artifact of `base`, for a stage that has one.
  mutating func tweak(of base: Take, through: Stage) -> Tweak? {
    let chain = base.chain
    var choices: [Tweak] = []
    if let prompt = chain.prompt {
      choices.append(Tweak(stage: .prompt, text: prompt.prompt.rendered + one(of: ["", "More.\n"])))
    }
    if let reply = chain.reply {
      choices.append(Tweak(stage: .reply, text: one(of: [reply.text, Shop.mend, "No.\n"])))
    }
    if let patch = chain.patch {
      choices.append(Tweak(stage: .patch, text: one(of: [patch.diff, "", Chance.made("a"), Chance.made("b")])))
    }
    if chain.feedback != nil { choices.append(Tweak(stage: .feedback, text: one(of: ["", "Try again.\n"]))) }
    choices = choices.filter { $0.stage <= through }
    return choices.isEmpty ? nil : one(of: choices)
  }

  /// A diff that makes an empty file.
  static func made(_ name: String) -> String {
    "diff --git a/\(name).txt b/\(name).txt\nnew file mode 100644\nindex 000..e69de29\n"
  }
}
