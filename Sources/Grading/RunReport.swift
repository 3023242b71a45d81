import Instances

/// The official report of a run over a set, `schema_version` 2. Every list is in the order of its ids.
package struct RunReport: Hashable, Sendable {
  /// What became of an instance whose prediction has a patch.
  package enum Result: Hashable, Sendable {
    case resolved
    case unresolved
    /// Its `report.json` is there, and cannot be read.
    case unreadable
    /// It was not run to its end, so that there is no `report.json`.
    case missing
  }

  /// All ids of the set.
  package let dataset: Set<String>
  package private(set) var total = 0
  package private(set) var submitted: Set<String> = []
  package private(set) var completed: Set<String> = []
  /// In the set, without a prediction.
  package private(set) var incomplete: Set<String> = []
  package private(set) var emptyPatch: Set<String> = []
  package private(set) var resolved: Set<String> = []
  package private(set) var unresolved: Set<String> = []
  package private(set) var errors: Set<String> = []
  /// Signs of a broken environment among those not resolved. Advice: no list leaves them out.
  package private(set) var infra: [String: InfraFailure] = [:]
  package let harness: Harness

  /// - Parameters:
  ///   - dataset: the ids of the set.
  ///   - predictions: what was submitted; of two with one id the last counts.
  ///   - results: by id; an instance without one counts as `missing`.
  ///   - infra: what was found in the logs, by id.
  ///   - harness: whose shape is written; 4.1 knows nothing of broken environments.
  package init(
    dataset: [String], predictions: [Prediction], results: [String: Result], infra: [String: InfraFailure] = [:],
    harness: Harness = .v5
  ) {
    self.dataset = Set(dataset)
    self.harness = harness
    total = dataset.count
    let patches = Dictionary(predictions.map { ($0.instanceID, $0.patch) }, uniquingKeysWith: { $1 })
    submitted = Set(patches.keys)
    for id in self.dataset {
      guard let patch = patches[id] else {
        incomplete.insert(id)
        continue
      }
      guard !patch.isEmpty else {
        emptyPatch.insert(id)
        continue
      }
      let result = results[id] ?? .missing
      if result != .missing { completed.insert(id) }
      switch result {
      case .resolved: resolved.insert(id)
      case .unresolved: unresolved.insert(id)
      case .unreadable, .missing: errors.insert(id)
      }
    }
    self.infra = infra.filter { unresolved.contains($0.key) || errors.contains($0.key) }
  }

  /// The name of the file: `model.run.json`, with the slashes of the model's name as `__`.
  package static func fileName(model: String, run: String) -> String {
    "\(folder(of: model)).\(run).json"
  }

  /// Where the harness looks for an instance's report, relative to its folder.
  package static func instanceReport(model: String, run: String, id: String) -> String {
    "logs/run_evaluation/\(run)/\(folder(of: model))/\(id)/report.json"
  }

  /// The name of a model as that of a folder, and of no other place.
  private static func folder(of model: String) -> String {
    let name = model.replacing("/", with: "__").replacing("\0", with: "_")
    return name.isEmpty || name == "." || name == ".." ? "_\(name)" : name
  }

  /// The bytes of the file, the same as the harness's.
  package var json: [UInt8] {
    func ids(_ set: some Sequence<String>) -> ReportValue {
      .array(set.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .string($0) })
    }
    func flagged(_ tier: InfraFailure.Tier) -> [String] { infra.filter { $0.value.tier == tier }.map(\.key) }
    let isV5 = harness == .v5
    var members: [(String, ReportValue)] = [
      ("total_instances", .number(total)), ("submitted_instances", .number(submitted.count)),
      ("completed_instances", .number(completed.count)), ("resolved_instances", .number(resolved.count)),
      ("unresolved_instances", .number(unresolved.count)),
    ]
    if isV5 {
      members += [
        ("infra_failure_instances", .number(flagged(.environment).count)),
        ("ambiguous_failure_instances", .number(flagged(.ambiguous).count)),
      ]
    }
    members += [
      ("empty_patch_instances", .number(emptyPatch.count)), ("error_instances", .number(errors.count)),
      ("completed_ids", ids(completed)), ("incomplete_ids", ids(incomplete)), ("empty_patch_ids", ids(emptyPatch)),
      ("submitted_ids", ids(submitted)), ("resolved_ids", ids(resolved)), ("unresolved_ids", ids(unresolved)),
    ]
    if isV5 {
      let reasons = infra.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members += [
        ("infra_failure_ids", ids(flagged(.environment))), ("ambiguous_failure_ids", ids(flagged(.ambiguous))),
        ("failure_reasons", .object(reasons.map { ($0.key, .string($0.value.reason)) })),
      ]
    }
    members += [("error_ids", ids(errors)), ("schema_version", .number(2))]
    if !isV5 {
      // Containers and images of the harness, of which there are none.
      members += [
        ("unstopped_instances", .number(0)), ("unstopped_containers", .array([])), ("unremoved_images", .array([])),
      ]
    }
    return ReportValue.object(members).indented + [0x0A]
  }
}
