import Attempts

/// Two phases on the same instances, compared instance by instance: what changed, whether that can be told from chance,
/// and how much else was changed at once.
package struct Comparison: Sendable {
  package let first: PhaseResults
  package let second: PhaseResults
  package let pairs: [Pair]
  package let paired: PairedComparison
  /// The factors in which the two were set differently.
  package let differences: [PhaseConfig.Difference]
  /// What is to be told beside it.
  package let notes: [String]

  /// One instance in both.
  package struct Pair: Hashable, Sendable {
    package let first: InstanceRecord
    package let second: InstanceRecord

    package var instanceID: String { first.instanceID }
    package var isGained: Bool { second.verified && !first.verified }
    package var isLost: Bool { first.verified && !second.verified }
    var isUnjudged: Bool { [first, second].contains { !$0.verified && $0.stop.isInfrastructure } }
  }

  /// Compares two phases of the same ids.
  ///
  /// - Parameters:
  ///   - first: the old one.
  ///   - second: the new one.
  ///   - declared: the factors that were changed on purpose; empty where at most one was.
  /// - Throws: `ComparisonError` where they are of different ids, of none, mix practice with real rows, or differ in more
  ///   than was declared.
  package init(_ first: PhaseResults, _ second: PhaseResults, declared: Set<PhaseConfig.Factor> = [])
    throws(ComparisonError)
  {
    let later = Dictionary(second.results.map { ($0.instanceID, $0) }, uniquingKeysWith: { $1 })
    let ids = Set(first.results.map(\.instanceID))
    let onlyFirst = first.results.map(\.instanceID).filter { later[$0] == nil }
    let onlySecond = second.results.map(\.instanceID).filter { !ids.contains($0) }
    guard onlyFirst.isEmpty, onlySecond.isEmpty else {
      throw .otherInstances(onlyFirst: onlyFirst, onlySecond: onlySecond, shared: later.count - onlySecond.count)
    }
    guard !ids.isEmpty else { throw .empty }
    guard first.isPractice == second.isPractice else { throw .practice }
    differences = first.config.differences(to: second.config)
    let undeclared = differences.filter { !declared.contains($0.factor) }
    guard undeclared.count <= (declared.isEmpty ? 1 : 0) else { throw .moreThanOne(undeclared) }
    self.first = first
    self.second = second
    pairs = first.results.compactMap { record in later[record.instanceID].map { Pair(first: record, second: $0) } }
    paired = PairedComparison(
      pairs.map {
        PairedComparison.Pair(
          instanceID: $0.instanceID, cluster: $0.first.repository, first: $0.first.verified, second: $0.second.verified)
      })
    notes = Comparison.notes(first, second, pairs)
  }

  private static func notes(_ first: PhaseResults, _ second: PhaseResults, _ pairs: [Pair]) -> [String] {
    var notes: [String] = []
    let unknown = first.config.unknown(beside: second.config)
    if !unknown.isEmpty {
      notes.append("only one of the two tells of: \(unknown.map(\.rawValue).joined(separator: ", "))")
    }
    let unsound = pairs.filter(\.isUnjudged)
    if !unsound.isEmpty {
      notes.append(
        "\(unsound.count) could not be judged in one of the two, and count as not resolved: "
          + unsound.prefix(5).map(\.instanceID).joined(separator: ", ") + (unsound.count > 5 ? ", ..." : ""))
    }
    let mixed = pairs.count { $0.first.assisted != $0.second.assisted }
    if mixed > 0, !first.isForeign, !second.isForeign {
      notes.append("\(mixed) were assisted by hidden tests in one of the two alone")
    }
    if let reason = first.notOfModel ?? second.notOfModel { notes.append("\(reason): this says nothing about a model") }
    if first.isForeign || second.isForeign {
      notes.append("whether hidden tests assisted the model is unknown in what another program wrote")
    }
    return notes
  }

  /// How many of the gained instances each model resolved itself: the first model, then those that `escalate` names.
  package var wonBy: [ModelTally] {
    second.models.map { tally in
      let won = gained.filter { pair in
        second.shares(of: pair.second).contains {
          $0.model == tally.model && $0.escalated == tally.escalated && $0.resolved
        }
      }
      return ModelTally(
        model: tally.model, escalated: tally.escalated, asked: tally.asked, resolved: won.count,
        attempts: tally.attempts)
    }
  }

  package var gained: [Pair] { pairs.filter(\.isGained) }
  package var lost: [Pair] { pairs.filter(\.isLost) }

  /// The answer, with what it would have taken where it cannot be decided.
  package var answer: PairedComparison.Answer {
    guard first.notOfModel == nil, second.notOfModel == nil else { return .notOfModel }
    let sound = PairedComparison(paired.pairs.filter { !unjudged.contains($0.instanceID) })
    // What environments and servers did decides nothing.
    return sound.answer() == paired.answer() ? paired.answer() : .cannotDecide
  }

  /// The instances that could not be judged in one of the two.
  private var unjudged: Set<String> {
    Set(pairs.filter { $0.isUnjudged }.map(\.instanceID))
  }

  // MARK: - Beside a run against itself

  /// Whether more instances differ than between two runs of one configuration: a comparison of an A/A run, whose
  /// differing pairs are noise alone.
  ///
  /// - Parameter noise: the A/A run's comparison.
  /// - Returns: a sentence.
  package func beside(noise: Comparison) -> String {
    let here = gained.count + lost.count
    let there = noise.gained.count + noise.lost.count
    let share = { (count: Int, total: Int) in Wording.percent(Double(count) / Double(total)) }
    return "\(here) of \(pairs.count) differ (\(share(here, pairs.count))); in a run against itself \(there) of "
      + "\(noise.pairs.count) did (\(share(there, noise.pairs.count)))"
  }

  // MARK: - By group

  package enum Grouping: String, CaseIterable, Sendable {
    case repository
    /// What kept it from being resolved the first time.
    case error
    /// By how long the first took.
    case time
  }

  /// A part of the pairs.
  package struct Group: Hashable, Sendable {
    package let name: String
    package let total: Int
    package let first: Int
    package let second: Int
    package let gained: Int
    package let lost: Int
    /// Mean seconds of each.
    package let seconds: [Double]
  }

  package func groups(by grouping: Grouping) -> [Group] {
    let bands = [(10.0, "below 10 s"), (60, "below 1 min"), (300, "below 5 min")]
    let named = Dictionary(grouping: pairs) { pair -> String in
      switch grouping {
      case .repository: pair.first.repository
      case .error: pair.first.verified ? "resolved" : pair.first.errorLabel
      case .time: bands.first { pair.first.timeSeconds < $0.0 }?.1 ?? "5 min and more"
      }
    }
    let groups = named.map { name, pairs in
      Group(
        name: name, total: pairs.count, first: pairs.count(where: \.first.verified),
        second: pairs.count(where: \.second.verified), gained: pairs.count(where: \.isGained),
        lost: pairs.count(where: \.isLost),
        seconds: [pairs.map(\.first), pairs.map(\.second)].map { records in
          records.reduce(0) { $0 + $1.timeSeconds } / Double(records.count)
        })
    }
    let order = bands.map(\.1) + ["5 min and more"]
    return groups.sorted { left, right in
      if grouping == .time { return (order.firstIndex(of: left.name) ?? 9) < (order.firstIndex(of: right.name) ?? 9) }
      return (right.total, left.name) < (left.total, right.name)
    }
  }

  /// The phases that two campaigns both have, each compared; a phase that cannot be is told with the reason.
  ///
  /// - Parameters:
  ///   - first: the phases of the old campaign.
  ///   - second: those of the new one.
  ///   - declared: the factors that were changed on purpose.
  /// - Returns: by phase in the order of `first`; of retries the last one counts.
  package static func byPhase(
    _ first: [PhaseResults], _ second: [PhaseResults], declared: Set<PhaseConfig.Factor> = []
  ) -> [(label: PhaseResults.Label, result: Result<Comparison, ComparisonError>)] {
    let old = Dictionary(first.map { ($0.label, $0) }, uniquingKeysWith: { $1 })
    let new = Dictionary(second.map { ($0.label, $0) }, uniquingKeysWith: { $1 })
    var seen: Set<PhaseResults.Label> = []
    return first.compactMap { results in
      guard seen.insert(results.label).inserted, let one = old[results.label], let other = new[results.label] else {
        return nil
      }
      return (
        results.label,
        Result { () throws(ComparisonError) in try Comparison(one, other, declared: declared) }
      )
    }
  }
}
