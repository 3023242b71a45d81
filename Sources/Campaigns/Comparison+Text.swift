import Attempts
import Foundation

/// Why two phases cannot be compared.
package enum ComparisonError: Error, Hashable, Sendable {
  case otherInstances(onlyFirst: [String], onlySecond: [String], shared: Int)
  case empty
  /// Rows that ship on one side, real ones on the other.
  case practice
  /// More than the declared factor differs.
  case moreThanOne([PhaseConfig.Difference])
}

extension ComparisonError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .otherInstances(let first, let second, let shared):
      "the two are not of the same instances: \(shared) are in both, \(ComparisonError.few(first, "in the first")), "
        + ComparisonError.few(second, "in the second")
    case .empty: "there is no instance to compare"
    case .practice: "one is of practice rows, the other of real ones"
    case .moreThanOne(let differences):
      "more than one thing was changed, so that a difference could not be put down to any: "
        + differences.map { "\($0.factor.rawValue) (\($0.first) and \($0.second))" }.joined(separator: "; ")
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .otherInstances: "`retry` runs the ids of a phase again; `--common` compares those that both have"
    case .empty: "run a phase first"
    case .practice: "compare runs on the same rows"
    case .moreThanOne(let differences):
      "run one again with a single change, or say that these were changed together: --factor "
        + differences.map(\.factor.rawValue).joined(separator: ",")
    }
  }

  private static func few(_ ids: [String], _ where: String) -> String {
    ids.isEmpty
      ? "none only \(`where`)"
      : "\(ids.count) only \(`where`) (\(ids.prefix(3).map(SafeText.line).joined(separator: ", "))\(ids.count > 3 ? ", ..." : ""))"
  }
}

extension Comparison {
  /// The comparison in sentences; the ids that differ come last.
  package var lines: [String] {
    let (gains, losses) = (gained, lost)
    var lines = [
      "resolved \(first.verified) of \(pairs.count), then \(second.verified): "
        + PhaseSummary.points(from: first.successRate, to: second.successRate),
      "\(gains.count) gained, \(losses.count) lost, \(pairs.count - gains.count - losses.count) the same",
    ]
    if let winners { lines.append(winners) }
    if let range { lines.append(range) }
    lines.append("answer: \(told)")
    lines += differences.map { "changed: \($0.factor.rawValue), \($0.first) to \($0.second)" }
    lines += notes
    lines += gains.map { pair in
      "+ \(pair.instanceID)  \(pair.first.errorLabel) -> resolved" + (byWhom(pair).map { " by \($0)" } ?? "")
    }
    lines += losses.map { "- \($0.instanceID)  resolved -> \($0.second.errorLabel)" }
    return lines.map(SafeText.line)
  }

  /// The statistics of the sentences, for those who ask for them.
  package var details: [String] {
    var lines = [
      "McNemar's test, exact, two-sided: p \(paired.pValue < 0.0005 ? "below 0.0005" : "= \(Wording.thousandths(paired.pValue))")"
    ]
    if let interval = paired.interval {
      lines.append(
        "95 % interval of the difference [\(Wording.tenths(interval.low * 100)), \(Wording.tenths(interval.high * 100))] points, "
          + (interval.rule == .byRepository
            ? "cluster-robust by repository (Student's t, \(paired.repositories - 1) degrees of freedom) or Newcombe's "
              + "paired score interval, whichever is wider"
            : "Newcombe's paired score interval over \(pairs.count) instances: \(paired.repositories) "
              + "repositor\(paired.repositories == 1 ? "y is" : "ies are") too few for a cluster-robust one "
              + "(\(PairedComparison.fewestRepositories) are needed)"))
    }
    return lines.map(SafeText.line)
  }

  /// `of the 90 gained, 60 by llama3.1:8b, 30 by claude-haiku-4-5 (escalate)`; nil when one model alone was asked.
  private var winners: String? {
    let won = wonBy
    guard second.models.count > 1, !gained.isEmpty else { return nil }
    return "of the \(gained.count) gained, "
      + won.map { "\($0.resolved) by \($0.model)\($0.escalated ? " (escalate)" : "")" }.joined(separator: ", ")
  }

  private func byWhom(_ pair: Pair) -> String? {
    guard second.models.count > 1 else { return nil }
    return pair.second.models.first { $0.resolved }?.model ?? pair.second.model
  }

  /// The difference with its interval.
  private var range: String? {
    guard let interval = paired.interval else { return nil }
    let difference = paired.difference * 100
    let count = paired.repositories
    return "difference \(difference > 0 ? "+" : "")\(Wording.tenths(difference)) points, 95 % interval "
      + "\(Wording.tenths(interval.low * 100)) to \(Wording.tenths(interval.high * 100))"
      + (interval.rule == .byRepository
        ? ", with instances of one repository taken to be alike"
        : ", by instance (\(pairs.count)): \(count) repositor\(count == 1 ? "y is" : "ies are") too few to allow for them")
  }

  /// The answer in a sentence that needs no statistics.
  private var told: String {
    let chance = paired.pValue * 100
    let often = chance < 0.05 ? "fewer than 0.1 %" : "\(Wording.tenths(chance)) %"
    let luck = "without any effect, a difference this large would come up in \(often) of comparisons"
    switch answer {
    case .better, .worse: return "\(answer.rawValue): \(luck)"
    case .notOfModel:
      return "\(answer.rawValue): \([first, second].compactMap(\.notOfModel).first ?? "")"
    case .cannotDecide:
      if gained.isEmpty, lost.isEmpty { return "\(answer.rawValue): no instance came out differently" }
      if paired.isUneven { return "\(answer.rawValue): \(luck), but the repositories differ too much among themselves" }
      if paired.pValue <= 0.05 { return "\(answer.rawValue): instances that could not be judged could tip it" }
      return "\(answer.rawValue): \(luck), and 5 % or less decides" + needed
    }
  }

  /// The fewest instances that would have to differ in one direction alone.
  private var needed: String {
    let fewest = (lost.count + 1...lost.count + 1000).first {
      PairedComparison.pValue(gained: $0, lost: lost.count) <= 0.05
    }
    guard let fewest else { return "" }
    return pairs.count < fewest + lost.count
      ? "; with \(pairs.count) instances it never can" : "; with \(lost.count) lost, \(fewest) gained would decide"
  }
}
