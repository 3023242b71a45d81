import Foundation
import Grading
import Instances

@testable import Attempts

/// A take that came to `word` by a reply of `model`; nil is one without a reply, as where the environment broke.
func take(
  _ id: String, _ word: VerdictWord?, model: String? = "llama3.1:8b", asked: String? = "ollama:llama3.1:8b",
  feedback: FeedbackMode = .visible, number: String = "1.1", tweaked: Bool = false, patch: String? = nil,
  changes: [String] = []
) throws -> Take {
  var settings = Settings()
  settings.model = asked
  settings.feedback = feedback
  // Any hash will do: none is looked up.
  let hash = Instance(
    id: id, repo: "", baseCommit: "", problemStatement: "", patch: "", testPatch: "", failToPass: [], passToPass: []
  ).hash
  func record(_ artifact: Artifact) -> StageRecord {
    StageRecord(
      stage: artifact.stage, key: hash, content: hash, artifact: artifact,
      how: tweaked && artifact.stage == .patch ? .tweaked(of: hash) : .made)
  }
  var artifacts: [Artifact] = []
  if let model {
    let reply = ["text": "", "model": model, "end": "stop"]
    artifacts.append(.reply(try JSONDecoder().decode(ReplyArtifact.self, from: try JSONEncoder().encode(reply))))
  }
  if tweaked || patch != nil { artifacts.append(.patch(PatchArtifact(diff: patch ?? "", changes: []))) }
  if let word {
    artifacts.append(
      .verdict(
        VerdictArtifact(
          word: word, failure: nil, resolution: .no, tally: nil, sentence: "", evidence: [], failures: [],
          suspicions: [])))
  }
  return Take(
    instanceID: id, id: TakeID(number) ?? TakeID(attempt: 1, take: 1), settings: settings,
    records: artifacts.map(record), changes: changes)
}
