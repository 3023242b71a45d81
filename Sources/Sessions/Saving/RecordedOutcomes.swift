import Attempts
import Content
import Grading
import Script

/// Whether a replay runs the tests.
package enum OutcomeMode: String, CaseIterable, Sendable {
  /// They are run.
  case run
  /// What they said is taken from the recording, by the key of the stage: the same patch under the same options.
  case recorded
}

/// What tests said, as a saved session keeps it: a section for each run, named by the beginning of its key.
enum RecordedOutcomes {
  static let kinds = [Stage.baseline, .outcomes]

  /// The sections of a take's test runs that are not among those `kept` already.
  static func sections(of take: Take, kept: inout Set<Hash>) throws -> [Section] {
    try kinds.compactMap { stage in
      guard let record = take.chain[stage], kept.insert(record.key).inserted else { return nil }
      // Another machine may well make the environment that could not be made here.
      if case .baseline(let baseline) = record.artifact, baseline.isNotMade { return nil }
      return Section(
        kind: stage.rawValue, name: String(record.key.hex.prefix(16)),
        attributes: [Attribute("key", record.key.hex)], body: try record.artifact.bytes())
    }
  }

  /// What is asked of a script's sections: the artifact of a stage under a key; nil where it was not recorded.
  static func lookup(in sections: [Section]) -> @Sendable (Stage, Hash) throws -> Artifact? {
    let found = Dictionary(
      sections.filter { kinds.map(\.rawValue).contains($0.kind) }.compactMap { section in
        section[attribute: "key"].map { ("\(section.kind) \($0)", section.body) }
      }, uniquingKeysWith: { first, _ in first })
    return { stage, key in
      guard let bytes = found["\(stage.rawValue) \(key.hex)"] else { return nil }
      return try Artifact(stage, bytes: bytes)
    }
  }
}

extension BaselineArtifact {
  /// True where its environment could not be made.
  fileprivate var isNotMade: Bool {
    if case .notMade(_, _) = judgement { true } else { false }
  }
}
