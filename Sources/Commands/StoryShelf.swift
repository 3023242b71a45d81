import Attempts
import Campaigns
import Instances
import Journal
import Sessions

/// What the journal knows of the attempts at the instances of phases, for a page.
struct StoryShelf {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// The stories of the instances whose records are those that the journal has; of retries the last run.
  func stories(of phases: [PhaseResults]) async -> [InstanceStory] {
    let last = Dictionary(phases.map { ($0.label, $0) }, uniquingKeysWith: { $1 })
    var stories: [InstanceStory] = []
    for phase in last.values.sorted(by: { $0.label.name < $1.label.name }) {
      guard case .phase(let number) = phase.label else { continue }
      let name = PhaseRun.name(number, campaign: phase.campaign ?? "default")
      stories += await self.stories(of: phase.results, batch: name)
    }
    return stories
  }

  /// The stories of the instances of the batch that was run last under this name.
  func stories(of records: [InstanceRecord], batch name: String) async -> [InstanceStory] {
    let journal = session.host.journal
    guard let batch = try? journal.lastBatch(named: name), let kept = try? journal.results(of: batch) else { return [] }
    let known = Dictionary(kept.map { ($0.instanceID, $0) }, uniquingKeysWith: { $1 })
    var stories: [InstanceStory] = []
    for record in records {
      guard let key = batch.keys[record.instanceID] else { continue }
      // A file of another run is told by its own record.
      if let other = known[record.instanceID], !other.isSame(as: record) { continue }
      let takes = (try? journal.batchTakes(key, of: record.instanceID)) ?? []
      if takes.isEmpty { continue }
      stories.append(await story(record, run: name, takes: takes))
    }
    return stories
  }

  /// The story of one instance.
  func story(_ record: InstanceRecord, run: String?, takes: [Take]) async -> InstanceStory {
    let instance = try? await session.instance(record.instanceID).instance
    return InstanceStory(record, run: run, issue: instance?.problemStatement ?? "", takes: takes) { take, earlier in
      instance.flatMap { CauseFinder(take, of: $0, earlier: earlier).cause() }
    }
  }
}

extension InstanceRecord {
  /// True where both tell of the same attempts.
  fileprivate func isSame(as other: InstanceRecord) -> Bool {
    verified == other.verified && attempts == other.attempts && patch == other.patch
      && abs(timeSeconds - other.timeSeconds) < 0.001
  }
}
