import ArgumentParser
import Instances
import Sessions
import Terminal

/// `sample N`: draws some of the loaded rows, the same for the same seed.
package struct SampleCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw N of the loaded rows, the same everywhere for the same seed.",
    discussion: """
      The drawn rows become a set of their own, `sample`, which `instances --set sample` lists. `--stratify repo` keeps \
      the shares of the repositories.
      """)
  package static let examples = ["sample 1", "sample 1 --stratify repo --seed 7", "sample 1 django"]

  package enum Stratum: String, CaseIterable, ExpressibleByArgument, Sendable {
    case repo, version, difficulty
  }

  @Argument(help: "How many.")
  var count: Int

  @Argument(help: "Part of an id or repository; without one, all rows.")
  var pattern: String?

  @Option(help: "Keep the shares of this column: repo, version or difficulty.")
  var stratify: Stratum?

  @Option(help: "The seed, from 0.")
  var seed: UInt64 = 1

  package init() {}

  package func validate() throws {
    if count < 1 { throw ValidationError("N is a number from 1 on") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let rows = try await session.rows().map(\.row)
      .filter { row in pattern.map { row.id.contains($0) || row.repo.contains($0) } ?? true }
    guard count <= rows.count else { throw SessionError.tooFewRows(wanted: count, found: rows.count) }
    let stratum: ((Dataset.Row) -> String)? =
      switch stratify {
      case nil: nil
      case .repo: { $0.repo }
      case .version: { "\($0.repo) \($0.version)" }
      case .difficulty: { (try? $0.instance().difficulty) ?? "" }
      }
    let drawn = Sample.draw(count, of: rows, seed: seed, stratum: stratum)
    try await session.addSample(drawn)
    await warnOfHard(drawn.map(\.id), in: session, at: desk)
    // A saved session pins the rows that are run, so that it needs no draw.
    return Done(SampleOutput(rows: drawn, of: rows.count, seed: seed))
  }
}

struct SampleOutput: Output {
  let rows: [Dataset.Row]
  let of: Int
  let seed: UInt64

  var summary: String { "\(rows.count) of \(of)" }

  func text(_ look: Look) -> String {
    "sample   \(Amount.count(rows.count)) of \(Amount.of(of, "row")), seed \(seed)\n"
      + rows.map { "  \(Untrusted.cleanLine($0.id))\n" }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable { let sample: [String], of: Int, seed: UInt64 }
    return [try JSONLine.of(Line(sample: rows.map(\.id), of: of, seed: seed))]
  }
}
