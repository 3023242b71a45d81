import Context
import Edits
import Grading
import Models
import Prompts

/// How one attempt is made: what its rung of the ladder, what was repeated and who is asked make of the settings.
package struct Directive: Sendable {
  /// As the attempt is made with them.
  package private(set) var settings: Settings
  /// True where the model is told what was wrong before.
  package private(set) var tells = true
  /// Lines that are shown beside those that a person added.
  package private(set) var spans: [Span] = []
  /// The change that it begins from; nil is the base commit alone.
  package private(set) var stack: Stack?
  /// What is done otherwise, for people.
  package private(set) var words: [String] = []

  /// How many equal answers in a row end an instance: each has forced another change.
  package static let mostRepetitions = 3
  private static let warmest = 1.5

  /// The directive of an attempt.
  ///
  /// - Parameters:
  ///   - attempt: its number, from 1.
  ///   - instanceID: the instance.
  ///   - settings: those of the sitting.
  ///   - memory: the attempts before it.
  ///   - shown: what the attempt before it showed; nil for a first.
  ///   - takes: all takes of the attempts before it.
  ///   - assign: gives a setting a value, by their names.
  /// - Throws: `LadderError` and `EscalationError` for settings that are none; what `assign` throws.
  package init(
    attempt: Int, instanceID: String, settings: Settings, memory: Memory, shown: Chain?, behind takes: [Take] = [],
    assign: (_ name: String, _ value: String, inout Settings) throws -> Void
  ) throws {
    self.settings = settings
    var moves = try settings.attemptLadder.moves(attempt: attempt)
    let repetitions = memory.repetitions
    if settings.stack == .on { stack = Stack(behind: takes, feedback: settings.feedback) }
    // The same answer again: what is asked must change whatever the ladder says.
    if repetitions >= 1, !moves.contains(.warmer) { moves.append(.warmer) }
    if repetitions >= 2, !moves.contains(.format) { moves.append(.format) }
    if repetitions >= Directive.mostRepetitions, !moves.contains(.fresh) { moves.append(.fresh) }
    // A setting of the rung's own first: what is warmer is so beside it.
    let isSetting = { (move: AttemptLadder.Move) in if case .set = move { true } else { false } }
    for move in moves.filter(isSetting) + moves.filter({ !isSetting($0) }) {
      switch move {
      case .asIs: tells = false
      case .feedback: break
      case .warmer: warm(attempt, by: 0.3 + 0.2 * Double(max(0, repetitions - 1)))
      case .wider: widen(memory, shown)
      case .format: changeFormat()
      case .fresh:
        tells = false
        stack = nil
        if attempt > 1 { words.append("fresh: nothing is said of what was tried") }
      case .set(let name, let value):
        try assign(name, value, &self.settings)
        words.append("\(name) \(value)")
      }
    }
    if let stack { words.append("stacked on the change of attempt \(stack.attempt)") }
    try escalate(instanceID, memory)
  }

  private mutating func warm(_ attempt: Int, by degrees: Double) {
    var sampling = settings.sampling(attempt: attempt)
    let warmer = min(max(Directive.warmest, sampling.temperature), sampling.temperature + degrees)
    sampling.temperature = (warmer * 100).rounded() / 100
    settings.attemptSampling = sampling
    words.append("warmer: temperature \(sampling.temperature)")
  }

  /// The lines that failed, as far as the model may know of them, and half as much again of what the strategy chooses.
  private mutating func widen(_ memory: Memory, _ shown: Chain?) {
    let room = settings.sampling.promptWindow
    settings.context.files = min(1000, settings.context.files * 2)
    settings.context.budget = max(settings.context.budget, min(settings.context.budget * 3 / 2, room * 3 / 4))
    words.append("wider: \(settings.context.files) files, \(settings.context.budget) tokens")
    // Where a hidden test failed is the hidden tests' to tell.
    guard settings.feedback == .hidden, let failures = memory.entries.last?.verdict.failures else { return }
    for frame in failures.flatMap(\.frames) where spans.count < 4 && !TestFile.isTest(frame.path) {
      let isShown = shown?.shows(frame.path, frame.line) ?? false
      let isNear = spans.contains { $0.path == frame.path && ($0.first...$0.last).contains(frame.line) }
      guard frame.line > 0, !isShown, !isNear else { continue }
      spans.append(Span(path: frame.path, first: max(1, frame.line - 15), last: frame.line + 15))
      words.append("\(frame.path):\(frame.line), which failed")
    }
  }

  private mutating func changeFormat() {
    // A template of one format, or of the user's own, says itself how to answer.
    if let name = settings.template, BuiltinTemplates.named(name) == nil || name == "baseline" {
      words.append("format \(settings.format.rawValue) is kept: the template \(name) asks for it")
      return
    }
    settings.template = nil
    settings.format = settings.format == .search ? .lines : settings.format == .lines ? .function : .search
    words.append("format \(settings.format.rawValue)")
  }

  private mutating func escalate(_ instanceID: String, _ memory: Memory) throws {
    guard let text = settings.escalate else { return }
    guard let rule = try Escalation(parsing: text).rule(for: instanceID, behind: memory) else { return }
    settings.model = rule.model.description
    settings.modelURL = rule.url
    settings.isEscalated = true
    // What its tokens cost is not what those of the other do.
    (settings.inputPrice, settings.outputPrice) = (rule.price?.input ?? 0, rule.price?.output ?? 0)
    words.append("escalated to \(rule.model)")
  }
}

extension Settings {
  /// What each attempt does otherwise.
  ///
  /// - Throws: `LadderError`.
  var attemptLadder: AttemptLadder {
    get throws { try ladder.map { try AttemptLadder(parsing: $0) } ?? .standard }
  }
}

extension Chain {
  /// Whether the model was shown a line, 1-based; true where nothing says what it was shown.
  package func shows(_ path: String, _ line: Int) -> Bool {
    context?.parts.contains { $0.span.path == path && ($0.span.first...$0.span.last).contains(line) } ?? true
  }
}
