import ArgumentParser
import Attempts
import Campaigns
import Instances
import Sessions
import Terminal

/// `export predictions FILE`: what SWE-bench's harness grades.
package struct ExportCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write results in other programs' formats.",
    subcommands: [
      ExportPredictionsCommand.self, ExportResultsCommand.self, ExportTrajectoriesCommand.self,
      ExportNotebookCommand.self,
    ])

  package init() {}
}

/// `export predictions FILE`: the last patch of each instance, one JSON object per line.
package struct ExportPredictionsCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "predictions", abstract: "Write the last patch of each instance as SWE-bench predictions.",
    discussion: """
      The harness takes three shapes: `lines` is JSONL, `list` a JSON list, `by_id` an object by instance id. \
      Of each instance it is the best patch: the one that resolved it, or else that with which the fewest target tests fail. What a person steered is left out: \
      reruns, tweaks, and attempts made after the outcomes of tests and a change. Patches of assisted takes are labelled: their \
      model's name ends in ` (assisted)`.
      """)
  package static let examples = [
    "export predictions predictions.jsonl", "export predictions predictions.json --shape list",
  ]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The file.")
  var file: String

  @Option(help: "lines, list or by_id.")
  var shape: Prediction.Shape = .lines

  @Flag(help: "Take the place of a file that holds no predictions.")
  var force = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let takes = await session.ownTakes.sorted { $0.key < $1.key }.flatMap { $0.value }
    let export = PredictionExport(takes: takes)
    guard !export.predictions.isEmpty else { throw SessionError.nothingToExport(steered: export.steered) }
    try await session.keepOther(file, force: force, word: "export predictions") { bytes in
      (try? PredictionReader.read(bytes: bytes, source: "")) != nil
    }
    let path = try await session.write(Prediction.encoded(export.predictions, as: shape), to: file)
    return Done(PredictionsOutput(path: path, export: export))
  }
}

extension Prediction.Shape: ExpressibleByArgument {}

struct PredictionsOutput: Output {
  let path: String
  let export: PredictionExport

  func text(_ look: Look) -> String {
    var text = "\(Untrusted.cleanLine(path))   \(Amount.of(export.predictions.count, "prediction"))"
    if export.assisted > 0 { text += ", \(export.assisted) assisted (the model's name says so)" }
    if export.steered > 0 {
      text += "\n  \(Amount.of(export.steered, "instance")) left out: a person steered each of the takes"
    }
    return text + "\n" + export.rates.map { "  \($0)\n" }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable { let path: String, predictions, assisted, steered: Int, rates: [Rate] }
    return [
      try JSONLine.of(
        Line(
          path: path, predictions: export.predictions.count, assisted: export.assisted,
          steered: export.steered, rates: export.rates))
    ]
  }
}
