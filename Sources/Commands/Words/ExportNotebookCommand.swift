import ArgumentParser
import Campaigns
import Sessions

/// `export notebook FILE --campaigns A B`: a Jupyter notebook that compares two campaigns.
package struct ExportNotebookCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "notebook", abstract: "Write a Jupyter notebook that compares two campaigns by their phase files.",
    discussion: """
      It needs only the `phase_N_results.json` of the folders, with Python and matplotlib; scipy and statsmodels compute \
      ramp's numbers again. Of retries the last one counts. Practice runs are labelled: they say nothing of a model.
      """)
  package static let examples = ["export notebook ab.ipynb --campaigns run run"]

  @Argument(help: "The file.")
  var file: String

  @Option(parsing: .upToNextOption, help: "The folders of the two campaigns, the one before first.")
  var campaigns: [String]

  @Flag(help: "Take the place of a file that is no notebook of ramp's.")
  var force = false

  package init() {}

  package func validate() throws {
    if campaigns.count != 2 {
      throw ValidationError("--campaigns wants two folders: `export notebook ab.ipynb --campaigns before after`")
    }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    var runs: [[PhaseResults]] = []
    for folder in campaigns {
      let all = try await CampaignFolder(session: session, out: folder).all()
      guard !all.isEmpty else { throw CampaignError.nothingRun(folder: folder) }
      runs.append(
        all.enumerated().filter { index, run in !all[(index + 1)...].contains { $0.label == run.label } }.map(\.element)
      )
    }
    let notebook = Notebook(
      before: fromNotebook(campaigns[0]), after: fromNotebook(campaigns[1]), first: runs[0], second: runs[1])
    let bytes = notebook.json
    try await session.keepOther(file, force: force, word: "export notebook") { $0.starts(with: bytes.prefix(64)) }
    let path = try await session.write(bytes, to: file)
    return Done(
      MessageOutput(
        "\(path)   \(campaigns[0]) and \(campaigns[1])",
        fields: ["path": path, "before": campaigns[0], "after": campaigns[1]]))
  }

  /// The folder as it is named from where the notebook lies.
  private func fromNotebook(_ folder: String) -> String {
    guard !folder.hasPrefix("/"), !file.hasPrefix("/") else { return folder }
    let depth = file.split(separator: "/").count { $0 != "." } - 1
    return String(repeating: "../", count: max(0, depth)) + folder
  }
}
