import Attempts

/// One run by groups of its instances: which ones are resolved, and what the others fail of.
package struct Breakdown: Hashable, Sendable {
  package enum Grouping: String, CaseIterable, Sendable {
    case repository, difficulty, cause
    /// By what of the gold patch's place the model was shown.
    case goldShown = "gold-shown"
  }

  package struct Group: Hashable, Sendable {
    package let name: String
    package let resolved: Int
    package let total: Int
    /// The instances that are not resolved, in the order of the run.
    package let failed: [String]
    /// What most of them fail of; nil when none does.
    package let mostly: String?

    /// Of the share resolved, at 95 %.
    package var interval: Interval { .wilson(successes: resolved, total: total) }
  }

  package let grouping: Grouping
  /// Largest first, of equal ones by name; shown places in the order of how much was shown.
  package let groups: [Group]

  package init(_ results: PhaseResults, by grouping: Grouping) {
    self.grouping = grouping
    let table = CauseTable(results.results)
    let causes = Dictionary(
      table.rows.flatMap { row in row.ids.map { ($0, row.title) } }, uniquingKeysWith: { first, _ in first })
    let named = Dictionary(grouping: results.results) { record -> String in
      switch grouping {
      case .repository: record.repository
      case .difficulty: record.difficulty ?? "not told"
      case .cause: record.verified ? "resolved" : causes[record.instanceID] ?? "not told"
      case .goldShown: Breakdown.name(record.goldShown)
      }
    }
    let groups = named.map { name, records in
      let failed = records.filter { !$0.verified }
      let titles = Dictionary(grouping: failed) { causes[$0.instanceID] ?? "not told" }.mapValues(\.count)
      return Group(
        name: name, resolved: records.count(where: \.verified), total: records.count,
        failed: failed.map(\.instanceID),
        mostly: titles.min { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" })
    }
    let order = GoldShown.allCases.map(Breakdown.name)
    self.groups = groups.sorted { left, right in
      if grouping == .goldShown {
        return (order.firstIndex(of: left.name) ?? order.count) < (order.firstIndex(of: right.name) ?? order.count)
      }
      return (right.total, left.name) < (left.total, right.name)
    }
  }

  private static func name(_ shown: GoldShown?) -> String {
    switch shown {
    case .lines: "all places shown"
    case .files: "files shown, not all places"
    case .no: "a file not shown"
    case nil: "not told"
    }
  }
}
