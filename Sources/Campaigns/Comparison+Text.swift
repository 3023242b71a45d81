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
  /// The comparison in sentences; the ids that differ stand behind them.
  package var lines: [String] {
    let (gains, losses) = (gained, lost)
    var lines = [
      "resolved \(first.verified) of \(pairs.count), then \(second.verified): "
        + PhaseSummary.points(from: first.successRate, to: second.successRate),
      "\(gains.count) gained, \(losses.count) lost, \(pairs.count - gains.count - losses.count) the same",
      "McNemar, exact, two-sided: p = \(Wording.thousandths(paired.pValue))",
    ]
    if let interval = paired.interval {
      lines.append(
        "difference \(Wording.tenths(paired.difference * 100)) points [\(Wording.tenths(interval.low * 100)), "
          + "\(Wording.tenths(interval.high * 100))], clustered by repository: \(PairedComparison.peer)")
    } else {
      lines.append(
        "no interval of the difference: the instances are of fewer than two repositories, or nothing varies between them"
      )
    }
    lines.append("answer: \(answer.rawValue)" + (answer == .cannotDecide ? needed : ""))
    lines += differences.map { "changed: \($0.factor.rawValue), \($0.first) to \($0.second)" }
    lines += notes
    lines += gains.map { "+ \($0.instanceID)  \($0.first.errorLabel) -> resolved" }
    lines += losses.map { "- \($0.instanceID)  resolved -> \($0.second.errorLabel)" }
    return lines.map(SafeText.line)
  }

  /// The fewest instances that would have to differ in one direction alone.
  private var needed: String {
    let fewest = (lost.count + 1...lost.count + 1000).first {
      PairedComparison.pValue(gained: $0, lost: lost.count) <= 0.05
    }
    guard let fewest else { return "" }
    return pairs.count < fewest + lost.count
      ? ": with \(pairs.count) instances it never can be" : ": with \(lost.count) lost, \(fewest) gained would decide"
  }
}
