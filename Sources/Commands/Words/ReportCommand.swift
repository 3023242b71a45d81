import ArgumentParser
import Campaigns
import Foundation
import Grading
import Instances
import Sessions
import Terminal

/// `report`: a campaign at a glance.
package struct ReportCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show a campaign at a glance: bars, curves, what failed and what to try next.",
    discussion: """
      With `--html FILE` it is one page that needs nothing else, light and dark, with a table of the instances. A row opens \
      the prompt, reply, patch, failure and cause of each attempt, as far as this journal has them (`ramp --journal FILE`). \
      The page loads nothing, and the one script in it is its own.
      """)
  package static let examples = ["report --out run", "report --html report.html --out run"]

  @Option(help: "Write it as a page.")
  var html: String?

  @Flag(help: "Take the place of a file that is no report.")
  var force = false

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let folder = CampaignFolder(session: session, out: out)
    let phases = try await folder.all()
    guard !phases.isEmpty else { throw CampaignError.nothingRun(folder: out) }
    guard let html = if let html { await folder.file(html) } else { nil as String? } else {
      return Done(ReportOutput(phases: phases))
    }
    try await session.keepOther(html, force: force, word: "report --html") { bytes in
      bytes.starts(with: "<!doctype html>".utf8)
    }
    let path = try await session.write(
      HTMLReport(phases, stories: await StoryShelf(session).stories(of: phases)).html, to: html)
    return Done(MessageOutput(path, fields: ["path": path]))
  }
}

struct ReportOutput: Output {
  let phases: [PhaseResults]

  func text(_ look: Look) -> String {
    TerminalReport(phases).lines(width: look.width ?? 100).map { Untrusted.cleanLine($0) + "\n" }.joined()
  }

  /// An object a run: the results file without its instances, with what the report concludes from them.
  func json() throws -> [String] { CampaignReport(phases).lines }
}

/// `forecast`: how long the plan's phases take, and how far earlier forecasts were off.
package struct ForecastCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "forecast", abstract: "Say how long the phases take: the plan's minutes, the real ones, what is left.")
  package static let examples = ["forecast --out run"]

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let phases = try await CampaignFolder(session: session, out: out).all()
    guard !phases.isEmpty else { throw CampaignError.nothingRun(folder: out) }
    let sentences = Forecast(phases).sentences
    return Done(
      MessageOutput(sentences.joined(separator: "\n"), fields: ["forecast": sentences.joined(separator: "; ")]))
  }
}

/// `export results KIND FILE`: a phase in other programs' formats.
package struct ExportResultsCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "results", abstract: "Write what a phase came to in other programs' formats.",
    discussion: """
      predictions is SWE-bench's JSONL with the best patch of each instance (assisted ones labelled), report its run \
      report, junit XML in which a failure is the model's and an error the infrastructure's, annotations and summary what \
      GitHub Actions show, csv a table for spreadsheets.
      """)
  package static let examples = ["export results junit junit.xml 1 --out run"]

  package enum Kind: String, CaseIterable, ExpressibleByArgument, Sendable {
    case predictions, report, junit, annotations, summary, csv
  }

  @Argument(help: "predictions, report, junit, annotations, summary or csv.")
  var kind: Kind

  @Argument(help: "The file.")
  var file: String

  @Argument(help: "The phase; without one, the last that was run.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  @Flag(help: "Take the place of a file of another kind.")
  var force = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let folder = CampaignFolder(session: session, out: out)
    let phases = try await folder.all()
    let file = await folder.file(file)
    guard let results = phases.last(where: { phase == nil || $0.label == phase.map { .phase($0) } }) else {
      throw phase.map { CampaignError.notRun($0.rawValue, folder: out) } ?? CampaignError.nothingRun(folder: out)
    }
    let bytes = try bytes(of: results)
    // What begins as this does was written by the same line before.
    try await session.keepOther(file, force: force, word: "export results") { $0.starts(with: bytes.prefix(16)) }
    let path = try await session.write(bytes, to: file)
    return Done(
      MessageOutput(
        "\(path)   \(results.label.title), \(Amount.of(results.results.count, "instance"))",
        fields: ["path": path, "kind": kind.rawValue, "instances": "\(results.results.count)"]))
  }

  private func bytes(of results: PhaseResults) throws -> [UInt8] {
    let export = RecordExport(results.results)
    switch kind {
    case .predictions: return try Prediction.encoded(export.predictions, as: .lines)
    case .report: return export.runReport().json
    case .junit: return JUnitReport(results).xml
    case .annotations: return GitHubReport(results).annotations
    case .summary: return GitHubReport(results).summary
    case .csv: return export.csv
    }
  }
}
