import Foundation

/// What can honestly be concluded from a phase, beside what the plan says of it: whether the rate behind the number that
/// came up is at least the gate's.
///
/// Whoever looks often sees chance open a gate. So all looks of a ramp share one budget of error, 5 %: each phase has a
/// fifth of it, of which the k-th look spends 6 / (π k)²; together these never exceed it, however often one looks.
package struct Evidence: Hashable, Codable, Sendable {
  package enum Word: String, Codable, Sendable {
    /// The rate is at least the gate's.
    case promote = "PROMOTE"
    /// It is below.
    case hold = "HOLD"
    case cannotDecide = "CANNOT DECIDE"
  }

  /// How likely a ramp promotes a phase whose rate is below its gate, at most.
  package static let budget = 0.05

  package let word: Word
  /// How likely so many or more come up where the rate is the gate's; the evidence for it.
  package let chanceAbove: Double
  /// How likely so many or fewer come up where the rate is the gate's.
  package let chanceBelow: Double
  /// What this look may spend.
  package let alpha: Double
  /// Which look it is, from 1.
  package let look: Int
  /// The share that the gate asks for.
  package let share: Double
  package let verified: Int
  package let total: Int

  /// The evidence of the `look`-th run of a phase. `unjudged` are instances that environments or servers kept
  /// from being judged: where these could tip it, it cannot be decided.
  package init(_ phase: Phase, verified: Int, total: Int, unjudged: Int = 0, look: Int) {
    self.verified = verified
    self.total = total
    self.look = max(1, look)
    share = Double(phase.fewest) / Double(phase.size)
    alpha = Evidence.alpha(look: self.look)
    let chance = Binomial(trials: total, share: share)
    chanceAbove = chance.atLeast(verified)
    chanceBelow = chance.atMost(verified)
    // Those that were not judged count against what would be said.
    let hasAll = chance.atMost(verified + unjudged) <= alpha
    word = total == 0 ? .cannotDecide : chanceAbove <= alpha ? .promote : hasAll ? .hold : .cannotDecide
  }

  /// What the k-th look at a phase may spend.
  package static func alpha(look: Int) -> Double {
    let place = Double(max(1, look))
    return budget / Double(Phase.allCases.count) * 6 / (Double.pi * Double.pi * place * place)
  }

  /// How likely the plan's gate opens at a true rate of `rate`, with so many instances.
  package static func openness(_ phase: Phase, total: Int, rate: Double) -> Double {
    // The fewest that reach the gate's share.
    let fewest = (phase.fewest * total + phase.size - 1) / phase.size
    return Binomial(trials: total, share: rate).atLeast(fewest)
  }

  /// How likely this look promotes at a true rate of `rate`.
  package func power(at rate: Double) -> Double {
    let chance = Binomial(trials: total, share: share)
    guard let fewest = (0...total).first(where: { chance.atLeast($0) <= alpha }) else { return 0 }
    return Binomial(trials: total, share: rate).atLeast(fewest)
  }
}
