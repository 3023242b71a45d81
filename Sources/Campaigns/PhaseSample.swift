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

  /// Draws the rows of a phase.
  ///
  /// - Parameters:
  ///   - phase: which.
  ///   - rows: all rows that there are.
  ///   - seed: of the draw.
  ///   - isNested: false draws the phase by itself, so that it need not be contained in the next.
  package init(_ phase: Phase, of rows: [Row], seed: UInt64, isNested: Bool = true) {
    var named: [String: String] = [:]
    let known = Set(rows.map(\.id))
    for id in Phase.named { named[id] = PhaseSample.aliases(of: id).first(where: known.contains) }
    let forced = Set(named.values)
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
    ids = left.map(\.id)
    let chosen = Set(ids)
    self.named = named.filter { chosen.contains($0.value) }
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
