import Content
import Instances

/// Which rows a phase takes: the same for the same seed, in the shares of their repositories and difficulties, each
/// phase contained in the next.
package struct PhaseSample: Hashable, Sendable {
  /// In the order of the rows.
  package let ids: [String]
  /// The instances that the plan names for the first phase and that are among the rows, by the plan's names.
  package let named: [String: String]

  /// A row, as far as it is drawn by.
  package struct Row: Hashable, Sendable {
    package let id: String
    package let repository: String
    /// Nil where nobody says how hard it is.
    package let difficulty: String?

    package init(id: String, repository: String, difficulty: String? = nil) {
      self.id = id
      self.repository = repository
      self.difficulty = difficulty
    }
  }

  /// Other owners under which the plan's instances are known.
  private static let owners = ["requests": "psf", "flask": "pallets"]

  /// How rows are drawn. A campaign keeps the way that it began with, so that its phases stay contained in each other.
  package enum Draw: Int, Sendable {
    /// From the largest phase down, in shares of repository and difficulty together; equal shares go by name.
    case byShare = 1
    /// In one order of all rows, in which repositories take turns by their size: see `order`.
    case inTurns = 2
  }

  /// The plan's instances that are not among the rows, under any owner's name.
  package let missing: [String]

  /// Draws the rows of a phase.
  ///
  /// - Parameters:
  ///   - phase: which.
  ///   - rows: all rows that there are.
  ///   - seed: of the draw.
  ///   - isNested: false draws the phase by itself, so that it need not be contained in the next.
  ///   - draw: how.
  package init(_ phase: Phase, of rows: [Row], seed: UInt64, isNested: Bool = true, draw: Draw = .inTurns) {
    var named: [String: String] = [:]
    let known = Set(rows.map(\.id))
    for id in Phase.named { named[id] = PhaseSample.aliases(of: id).first(where: known.contains) }
    missing = Phase.named.filter { named[$0] == nil }
    let forced = Set(named.values)
    switch draw {
    case .byShare: ids = PhaseSample.byShare(phase, of: rows, forced: forced, seed: seed, isNested: isNested)
    case .inTurns:
      let own = isNested ? seed : seed &+ UInt64(phase.rawValue) &* 0x9E37_79B9
      let chosen = Set(PhaseSample.order(rows, forced: forced, seed: own).prefix(phase.size))
      ids = rows.map(\.id).filter(chosen.contains)
    }
    let chosen = Set(ids)
    self.named = named.filter { chosen.contains($0.value) }
  }

  /// All rows in the order in which phases take them: each phase is its beginning.
  ///
  /// The rows that the plan names come first. Then each repository has its first row before any has its second, the
  /// largest first, and from the size of the first phase on the next row is of the repository that is furthest behind
  /// its share. Within a repository difficulties take turns in the same way. What is equal goes by the seed.
  ///
  /// Rule: Webster's, also called Sainte-Lague's: the k-th of n comes at (k - 1/2) / n.
  private static func order(_ rows: [Row], forced: Set<String>, seed: UInt64) -> [String] {
    func luck(_ text: String) -> String { Hash(of: "draw \(seed) \(text)").hex }
    let all = Dictionary(grouping: rows, by: \.repository)
    var places: [(place: Double, isFirst: Bool, luck: String, id: String)] = []
    for (repository, rows) in all {
      let byDifficulty = Dictionary(grouping: rows) { $0.difficulty ?? "" }.flatMap { difficulty, rows in
        rows.sorted { (luck($0.id), $0.id) < (luck($1.id), $1.id) }.enumerated().map { index, row in
          (
            isNamed: forced.contains(row.id), place: (Double(index) + 0.5) / Double(rows.count),
            luck: luck("\(repository) \(difficulty)"), id: row.id
          )
        }
      }
      let inside = byDifficulty.sorted { left, right in
        (left.isNamed ? 0 : 1, left.place, left.luck, left.id) < (
          right.isNamed ? 0 : 1, right.place, right.luck, right.id
        )
      }
      for (index, row) in inside.enumerated() {
        places.append(((Double(index) + 0.5) / Double(rows.count), index == 0, luck(repository), row.id))
      }
    }
    let sorted = places.sorted { ($0.place, $0.luck, $0.id) < ($1.place, $1.luck, $1.id) }
    let named = sorted.filter { forced.contains($0.id) }
    let repositories = Dictionary(rows.map { ($0.id, $0.repository) }, uniquingKeysWith: { first, _ in first })
    let begun = Set(named.compactMap { repositories[$0.id] })
    let first = sorted.filter { $0.isFirst && !forced.contains($0.id) && !begun.contains(repositories[$0.id] ?? "") }
    let head = (named + first).prefix(Phase.micro.size).map(\.id)
    let taken = Set(head)
    return head + sorted.map(\.id).filter { !taken.contains($0) }
  }

  private static func byShare(
    _ phase: Phase, of rows: [Row], forced: Set<String>, seed: UInt64, isNested: Bool
  ) -> [String] {
    var left = rows
    // From the largest down: what is drawn for a phase is drawn from the next.
    let phases = isNested ? Phase.allCases.reversed().filter { $0 >= phase } : [phase]
    for one in phases {
      let count = one.size
      guard count < left.count else { continue }
      let kept = Set(left.lazy.map(\.id).filter(forced.contains).prefix(count))
      let rest = left.filter { !kept.contains($0.id) }
      let drawn = Set(
        Sample.draw(count - kept.count, of: rest, seed: seed &+ UInt64(one.rawValue), by: PhaseSample.stratum))
      left = left.filter { kept.contains($0.id) || drawn.contains($0.id) }
    }
    return left.map(\.id)
  }

  /// The names under which an instance of the plan may stand in a set: its own, and that of its project's owner.
  static func aliases(of id: String) -> [String] {
    let owner = String(id.prefix { $0 != "_" })
    guard let other = owners[owner] else { return [id] }
    return [id, "\(other)__\(id.split(separator: "_").last ?? "")"]
  }

  private static func stratum(_ row: Row) -> String { "\(row.repository)\0\(row.difficulty ?? "")" }
}

extension Sample {
  /// The ids of `count` of `rows`, in the shares of their strata.
  fileprivate static func draw(
    _ count: Int, of rows: [PhaseSample.Row], seed: UInt64, by stratum: @escaping (PhaseSample.Row) -> String
  ) -> [String] {
    draw(count, of: rows, seed: seed, id: \.id, stratum: stratum).map(\.id)
  }
}

extension Phase: Comparable {
  package static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
}
