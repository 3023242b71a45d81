import ArgumentParser
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
      is loaded, the practice set is.
      """)
  package static let examples = ["load practice", "load rows.jsonl"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "A file, a name, or the word `practice`.")
  var source: String

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
    return Done(LoadOutput(loaded: loaded), .changes(slot: "load \(loaded.source)"))
  }

  package enum CodingKeys: CodingKey { case source }
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
