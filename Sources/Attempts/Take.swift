import Content
import Models
import Prompts

/// Which take: `2.3` is attempt 2, take 3. Numbers belong to the sitting and start at 1 for each instance.
package struct TakeID: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
  package let attempt: Int
  package let take: Int

  package init(attempt: Int, take: Int) {
    self.attempt = attempt
    self.take = take
  }

  /// `2.3`, or `2` for its first take.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let attempt = parts[0], attempt > 0 else { return nil }
    guard let take = parts.count == 2 ? parts[1] : 1, take > 0 else { return nil }
    self.init(attempt: attempt, take: take)
  }

  package var description: String { "\(attempt).\(take)" }

  package static func < (left: TakeID, right: TakeID) -> Bool {
    (left.attempt, left.take) < (right.attempt, right.take)
  }
}

/// One stage of one take: which key was asked for, which content it came to, and how.
package struct StageRecord: Hashable, Codable, Sendable {
  package enum How: Hashable, Codable, Sendable {
    /// Made in this take.
    case made
    /// Taken over from the take before, whose key was the same.
    case kept
    /// Replaced by hand; `of` is the content it took the place of.
    case tweaked(of: Hash)
  }

  package let stage: Stage
  /// What the artifact depends on. A tweaked one keeps the key it would have been made under.
  package let key: Hash
  /// The hash of the artifact's canonical bytes.
  package let content: Hash
  package let artifact: Artifact
  package let how: How
  /// How long making it took, in milliseconds; 0 where it was kept. Beside the content, never hashed.
  package let milliseconds: Int
  /// What belongs to the artifact and is not hashed with it (the raw log), by name and blob hash.
  package let attachments: [String: Hash]
  /// How long the model wrote, in milliseconds: without its loading and the reading of the prompt. nil where it is no
  /// reply, or nobody knows. Beside the content, never hashed.
  package let writingMilliseconds: Int?
  /// How long the row's environment was waited for before this stage's tests could run, in milliseconds; nil when it
  /// was there already. No part of `milliseconds`. Beside the content, never hashed.
  package let environmentMilliseconds: Int?

  package init(
    stage: Stage, key: Hash, content: Hash, artifact: Artifact, how: How, milliseconds: Int = 0,
    attachments: [String: Hash] = [:], writingMilliseconds: Int? = nil,
    environmentMilliseconds: Int? = nil
  ) {
    self.stage = stage
    self.key = key
    self.content = content
    self.artifact = artifact
    self.how = how
    self.milliseconds = milliseconds
    self.attachments = attachments
    self.writingMilliseconds = writingMilliseconds
    self.environmentMilliseconds = environmentMilliseconds
  }

  /// The same artifact as a later take keeps it. A tweak stays a tweak.
  package var kept: StageRecord {
    let how = if case .tweaked = how { how } else { How.kept }
    return StageRecord(
      stage: stage, key: key, content: content, artifact: artifact, how: how, attachments: attachments)
  }

  package var isTweaked: Bool {
    if case .tweaked = how { true } else { false }
  }
}

/// One pass through the stages. A rerun or tweak makes a new take of the same attempt; only first takes that were not
/// tweaked count in scores.
package struct Take: Hashable, Sendable {
  package let instanceID: String
  package let id: TakeID
  package let settings: Settings
  /// What was made.
  package let chain: Chain
  /// What later attempts remember of it; nil where it came to no verdict.
  let entry: Memory.Entry?
  /// What the person changed since the take it comes from, in words; empty for a first take.
  package let changes: [String]
  /// What its rung of the ladder changed, in words; empty for a first attempt.
  package let strategy: [String]
  /// From the first stage to the last by the clock, with what ramp itself did between them; nil for takes of older
  /// journals.
  package let wallMilliseconds: Int?
  /// What of it was neither of a stage; nil for takes of older journals.
  package let own: OwnTime?

  package init(
    instanceID: String, id: TakeID, settings: Settings, records: [StageRecord], changes: [String],
    strategy: [String] = [], wallMilliseconds: Int? = nil, own: OwnTime? = nil
  ) {
    self.own = own
    self.strategy = strategy
    self.wallMilliseconds = wallMilliseconds
    self.instanceID = instanceID
    self.id = id
    self.settings = settings
    let chain = Chain(records)
    self.chain = chain
    entry = Memory.Entry(chain, attempt: id.attempt, tests: settings.workspace)
    self.changes = changes
  }

  /// The records in the order of the stages. Stages without anything to do (tests of an empty patch) have none.
  package var records: [StageRecord] { chain.records }

  package var verdict: VerdictArtifact? { chain.verdict }

  /// True where an artifact was replaced by hand. Such a take is kept out of every score.
  package var isTweaked: Bool { chain.isTweaked }

  /// True where the model was told, or the sitting tells its next attempts, what the hidden tests said.
  package var isAssisted: Bool { settings.feedback == .hidden || chain.isTainted }

  /// The model that answered, as its server calls it, without what would read as a label of ours; nil without a reply.
  package var answering: String? {
    guard let name = chain.reply?.model else { return nil }
    // What is no model's says so itself.
    if name == ModelName(.practice).title { return name }
    let plain = name.filter { ($0.isLetter || $0.isNumber || "._:/@+-".contains($0)) && $0.isASCII }.prefix(100)
    return settings.model?.hasPrefix("recorded:") == true ? "\(plain) (recorded)" : String(plain)
  }

  package var milliseconds: Int { chain.milliseconds }

  /// How long this take waited for the row's environment to be made, in milliseconds; nil when it was there. No part of
  /// `milliseconds`: making an environment is not an instance's time.
  package var environmentMilliseconds: Int? {
    let parts = records.filter { $0.how == .made }.compactMap(\.environmentMilliseconds)
    return parts.isEmpty ? nil : parts.reduce(0, +)
  }
}
