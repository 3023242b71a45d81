import Attempts
import Instances
import Models
import Workspaces

/// The names that a sitting knows, for completion.
package struct Known: Hashable, Sendable {
  package var instances: [String] = []
  package var datasets: [String] = []
  /// Takes of the current instance, `1.2`.
  package var takes: [String] = []
  package var templates: [String] = []
  /// The instances of the last batch that failed.
  package var failed: [String] = []
  /// How many sittings and batches the journal knows.
  package var sittings = 0
  /// Files of the current instance's repository.
  package var paths: [String] = []

  package init() {}
}

extension Session {
  /// What is loaded and who answers, for the first lines of a prompt.
  package func greeting() -> String {
    let count = ids().count
    let sets =
      datasets.isEmpty
      ? "practice set, \(count) instances (stand-ins made for ramp, not SWE-bench rows)"
      : "\(datasets.map(\.name).joined(separator: ", ")), \(count) instances"
    let model = (try? modelName()) ?? ModelName(.practice)
    return "\(sets)\n\(answers(model))"
  }

  /// Who answers. A server is looked for only where the practice replies stand in for one.
  private func answers(_ model: ModelName) -> String {
    guard model.kind == .practice else { return "replies are \(model.title); `model list` shows who else can answer" }
    let place = host.servers.standardPlace()
    guard place.isThere == false else {
      return "replies are \(model.title); `model list` shows who else can answer"
        + (place.isThere == true ? ", and what the server at \(place.address) has" : "")
    }
    return "no model server at \(place.address), so replies are \(model.title); `model use \(ModelName.standard)` once "
      + "one runs"
  }

  /// The ids of all rows. A prompt asks before it is drawn, and the practice set takes longer to read than all the rest.
  private func ids() -> [String] {
    if datasets.isEmpty, let practice = host.practiceIDs { return practice() }
    return ((try? sets()) ?? []).flatMap { $0.rows.map(\.id) }
  }

  /// The models that the server in use has, or Ollama's where none is; empty where none answers within a second.
  package func servedModels() async -> [String] {
    guard let server = try? serverModel(orStandard: true), let report = try? await server.report(.glance) else {
      return []
    }
    return report.models.map { ModelName(server.place.name.kind, $0.name).description }
  }

  /// What is known now. Names that cannot be had (a repository that is not here) are left out.
  package func known() async -> Known {
    var known = Known()
    known.instances = ids()
    known.datasets = datasets.map(\.name)
    known.templates = templates().map(\.name)
    known.failed = knownFailures()
    known.sittings = (try? host.journal.countOfSittings()) ?? 0
    guard let current else { return known }
    known.takes = (takes[current] ?? []).map(\.id.description)
    known.paths = await paths(of: current)
    return known
  }

  /// The failed instances of the last batch; looked up once.
  private func knownFailures() -> [String] {
    guard let batch = lastBatch() else { return [] }
    if let failures, failures.batch == batch.id { return failures.ids }
    let ids = (try? failed(in: batch)) ?? []
    if batch.state != .running { failures = (batch.id, ids) }
    return ids
  }

  /// The files of an instance's repository as its last take saw them. Its settings are used, for with those the
  /// repository is here already: a name for completion is no reason to fetch one.
  private func paths(of id: String) async -> [String] {
    guard let row = opened.origins[id]?.row ?? used[id], let take = takes[id]?.last,
      let commit = take.chain.workspace?.commit
    else { return [] }
    if let known = knownPaths, known.commit == "\(row.repo) \(commit)" { return known.paths }
    guard let workspace = try? await host.workspace(row, take.settings), let paths = try? await workspace.paths() else {
      return []
    }
    knownPaths = ("\(row.repo) \(commit)", paths)
    return paths
  }
}
