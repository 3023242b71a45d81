import ArgumentParser
import Campaigns
import Foundation
import Sessions

/// `export notebook FILE --campaigns A B`: a Jupyter notebook that compares campaigns.
package struct ExportNotebookCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "notebook", abstract: "Write a Jupyter notebook that compares campaigns by their phase files.",
    discussion: """
      It needs only the `phase_N_results.json` of the folders, and Python with matplotlib; scipy and statsmodels compute \
      ramp's numbers again. Of retries the last one counts. The first campaign is what the others are compared with. With \
      `--bigger DIR` a bigger model that was asked in the old way (`scripts/baseline.ramp`) stands beside them: does the \
      work around a model win what a bigger one would? Practice rows are refused: they say nothing of a model.
      """)
  package static let examples = ["export notebook ab.ipynb --campaigns run run"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The file.")
  var file: String

  @Option(parsing: .upToNextOption, help: "The folders of the campaigns, two or more, the one before first.")
  var campaigns: [String]

  @Option(help: "The folder of a campaign of a bigger model, asked in the old way.")
  var bigger: String?

  @Flag(help: "Take the place of a file that is no notebook of ramp's.")
  var force = false

  package init() {}

  package func validate() throws {
    if campaigns.count < 2 {
      throw ValidationError(
        "--campaigns wants two folders or more: `export notebook ab.ipynb --campaigns before after`")
    }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let home = URL(fileURLWithPath: await session.path(file)).standardizedFileURL.deletingLastPathComponent().path
    var read: [Notebook.Campaign] = []
    for folder in campaigns + [bigger].compactMap(\.self) {
      let place = CampaignFolder(session: session, out: folder)
      let all = try await place.all()
      guard !all.isEmpty else { throw CampaignError.nothingRun(folder: folder) }
      if all.contains(where: \.isPractice) { throw CampaignError.practiceNotebook(folder: folder) }
      let last = all.enumerated().filter { index, run in !all[(index + 1)...].contains { $0.label == run.label } }
      read.append(
        Notebook.Campaign(
          name: name(folder, beside: read.map(\.name)), place: Self.path(to: await place.place, from: home),
          runs: last.map(\.element)))
    }
    let mark = Array(Notebook.mark.utf8)
    try await session.keepOther(file, force: force, word: "export notebook") { bytes in
      bytes.prefix(400).split(separator: UInt8(ascii: "\"")).contains { $0.starts(with: mark) }
    }
    let path = try await session.write(
      Notebook(Array(read.prefix(campaigns.count)), bigger: Array(read.dropFirst(campaigns.count))).json, to: file)
    return Done(
      MessageOutput(
        "\(path)   \(read.map(\.name).joined(separator: ", "))",
        fields: ["path": path, "campaigns": read.map(\.name).joined(separator: ", ")]))
  }

  /// The folder's own name, with a number where it is taken.
  private func name(_ folder: String, beside taken: [String]) -> String {
    let own = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    return taken.contains(own) ? (2...).lazy.map { "\(own) \($0)" }.first { !taken.contains($0) } ?? own : own
  }

  /// How a folder is named from another; both from the root.
  static func path(to target: String, from home: String) -> String {
    let (there, here) = (target.split(separator: "/"), home.split(separator: "/"))
    let shared = zip(there, here).prefix { $0 == $1 }.count
    let steps = here[shared...].map { _ in ".." } + there[shared...].map(String.init)
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }
}
