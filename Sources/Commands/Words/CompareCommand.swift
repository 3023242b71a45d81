import ArgumentParser
import Attempts
import Campaigns
import Sessions
import Terminal

/// `compare A B`: whether a change helped.
package struct CompareCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare two runs on the same instances: whether the change helped.",
    discussion: """
      A run is a phase of the folder (`2` its last run, `2.1` its first) or a file. The same instances are compared one by \
      one: those that only one of the two resolved, and by which model, whether chance explains that (McNemar's exact \
      test), and the difference with its interval: with instances of one repository taken to be alike from ten \
      repositories on, by instance with fewer. `--detail` shows the statistics. Where more than one thing differs, all of it has to be declared. \
      `--noise A B` are two runs with nothing changed: how many instances differ by chance.
      """)
  package static let examples = ["compare 1.1 1 --out run", "compare 1.1 1 --out run --by repository"]

  @Argument(help: "The run before.")
  var first: String

  @Argument(help: "The run after.")
  var second: String

  @Option(
    help:
      "What was changed on purpose, by commas: \(PhaseConfig.Factor.allCases.map(\.rawValue).joined(separator: ", ")).")
  var factor: String?

  @Option(parsing: .upToNextOption, help: "Two runs with nothing changed between them.")
  var noise: [String] = []

  @Option(help: "Groups of instances: repository, error or time.")
  var by: Comparison.Grouping?

  @Flag(help: "Show the statistics behind the sentences.")
  var detail = false

  @Flag(help: "Only the instances that both have.")
  var common = false

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func validate() throws {
    if !noise.isEmpty, noise.count != 2 { throw ValidationError("--noise wants two runs: `--noise 2.1 2.2`") }
    _ = try factors()
  }

  private func factors() throws -> Set<PhaseConfig.Factor> {
    Set(
      try (factor?.split(separator: ",") ?? []).map { name in
        guard let factor = PhaseConfig.Factor(rawValue: String(name)) else {
          throw ValidationError(
            "no factor `\(name)`: it is one of \(PhaseConfig.Factor.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return factor
      })
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let folder = CampaignFolder(session: session, out: out)
    var (old, new) = (try await folder.run(first), try await folder.run(second))
    if common {
      let ids = (Set(old.results.map(\.instanceID)), Set(new.results.map(\.instanceID)))
      old.results.removeAll { !ids.1.contains($0.instanceID) }
      new.results.removeAll { !ids.0.contains($0.instanceID) }
    }
    let comparison = try Comparison(old, new, declared: try factors())
    var noise: Comparison?
    if self.noise.count == 2 {
      noise = try Comparison(try await folder.run(self.noise[0]), try await folder.run(self.noise[1]))
    }
    return Done(CompareOutput(comparison: comparison, noise: noise, grouping: by, showsDetails: detail))
  }
}

extension Comparison.Grouping: ExpressibleByArgument {}

struct CompareOutput: Output {
  let comparison: Comparison
  let noise: Comparison?
  let grouping: Comparison.Grouping?
  var showsDetails = false

  var summary: String {
    "\(comparison.answer.rawValue), +\(comparison.gained.count) -\(comparison.lost.count)"
  }

  private var lines: [String] {
    comparison.lines + (showsDetails ? comparison.details : [])
      + (noise.map { [comparison.beside(noise: $0)] } ?? [])
  }

  func text(_ look: Look) -> String {
    let meaning: Meaning =
      switch comparison.answer {
      case .better: .good
      case .worse: .bad
      case .cannotDecide, .notOfModel: .warning
      }
    var text = lines.map { line in
      let wrapped = Width.wrapped("  \(Untrusted.cleanLine(line))", to: look.width, indent: 4)
      return (line.hasPrefix("answer: ") ? look.style.apply(meaning, wrapped) : wrapped) + "\n"
    }.joined()
    guard let grouping else { return text }
    let rows = comparison.groups(by: grouping).map { group -> [Table.Cell] in
      [
        .init(group.name), .init("\(group.total)"), .init("\(group.first)"), .init("\(group.second)"),
        .init("+\(group.gained) -\(group.lost)"),
      ]
    }
    text += Table(
      columns: [
        .init(grouping.rawValue.uppercased()), .init("OF", alignment: .trailing),
        .init("BEFORE", alignment: .trailing), .init("AFTER", alignment: .trailing),
        .init("CHANGED", alignment: .trailing),
      ], rows: rows
    ).rendered(style: look.style, width: look.width)
    return text
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let answer: String
      let instances: Int
      let gained, lost, factors, notes: [String]
      let pValue, difference: Double
      let low, high: Double?
      /// `by repository` or `by instance`.
      let interval: String?
      let repositories: Int
      /// By model, how many of the gained instances are its own.
      let gainedBy: [String: Int]

      private enum CodingKeys: String, CodingKey {
        case answer, instances, gained, lost, factors, notes, pValue, difference, low, high, interval, repositories
        case gainedBy = "gained_by"
      }
    }
    let paired = comparison.paired
    return [
      try JSONLine.of(
        Line(
          answer: comparison.answer.rawValue, instances: paired.pairs.count, gained: paired.gained.map(\.instanceID),
          lost: paired.lost.map(\.instanceID), factors: comparison.differences.map(\.factor.rawValue),
          notes: comparison.notes, pValue: paired.pValue, difference: paired.difference, low: paired.interval?.low,
          high: paired.interval?.high, interval: paired.interval?.rule.rawValue, repositories: paired.repositories,
          gainedBy: Dictionary(comparison.wonBy.map { ($0.model, $0.resolved) }, uniquingKeysWith: +)))
    ]
  }
}
