import Content
import Grading
import Models
import Prompts

extension StopReason {
  /// Why an instance gets no further attempt; nil where it gets one.
  ///
  /// - Parameters:
  ///   - takes: all of its takes.
  ///   - attempts: the most attempts it may have.
  ///   - settings: the limits.
  /// - Returns: the reason; an instance without a take has none.
  package static func after(_ takes: [Take], attempts: Int, _ settings: Settings) -> StopReason? {
    guard let last = takes.last else { return nil }
    switch last.verdict?.word {
    case .resolved: return .resolved
    case .environmentError: return .environmentError
    case .suspect, .unresolved, nil: break
    }
    // A prompt that the server cuts is cut again, and a server that broke off twice will do it a third time.
    if last.chain.reply?.window?.state == .truncated { return .modelError }
    let firsts = takes.filter { $0.id.take == 1 }
    let ends = firsts.suffix(2).map { $0.verdict?.failure }
    if ends.count == 2, ends.allSatisfy({ $0 == .modelError }) { return .modelError }
    let memory = Memory(takes, before: last.id.attempt + 1)
    if memory.repetitions >= Directive.mostRepetitions { return .stuck }
    // An attempt that the server broke off says nothing about the model, so it is not the last word on the instance.
    let isBroken = last.verdict?.failure == .modelError
    if last.id.attempt >= attempts { return isBroken ? .modelError : .attemptsExhausted }
    let isLimited = settings.budgetTokens > 0 || settings.budgetSeconds > 0 || settings.budgetCost > 0
    guard isLimited, Spent(firsts).isOver(settings) else { return nil }
    return isBroken ? .modelError : .budget
  }
}

/// What the takes of an instance took.
package struct Spent: Hashable, Sendable {
  package private(set) var promptTokens = 0
  package private(set) var replyTokens = 0
  package private(set) var milliseconds = 0
  /// US dollars; nil where no price is set.
  package private(set) var cost: Double?

  package init(_ takes: [Take]) {
    for take in takes {
      let chain = take.chain
      milliseconds += take.milliseconds
      // What was kept was not asked for again.
      guard let record = chain[.reply], record.how == .made else { continue }
      promptTokens += take.tokensRead
      replyTokens += take.tokensWritten
      if let cost = take.cost { self.cost = (self.cost ?? 0) + cost }
    }
  }

  /// True where one of the limits of an instance is reached.
  package func isOver(_ settings: Settings) -> Bool {
    if settings.budgetTokens > 0, promptTokens + replyTokens >= settings.budgetTokens { return true }
    if settings.budgetSeconds > 0, Double(milliseconds) >= settings.budgetSeconds * 1000 { return true }
    return settings.budgetCost > 0 && (cost ?? 0) >= settings.budgetCost
  }
}

extension Take {
  /// As the server counted them, or else by the local estimate.
  var tokensRead: Int { chain.reply?.promptTokens ?? chain.prompt?.prompt.tokens ?? 0 }
  var tokensWritten: Int {
    guard let reply = chain.reply else { return 0 }
    return reply.replyTokens ?? Tokens.estimate(reply.text, ratio: settings.tokensRatio)
  }

  /// US dollars; nil where no price is set, or nothing was asked.
  package var cost: Double? {
    let (input, output) = (settings.inputPrice, settings.outputPrice)
    guard input > 0 || output > 0, chain.reply != nil else { return nil }
    return (Double(tokensRead) * input + Double(tokensWritten) * output) / 1_000_000
  }
}
