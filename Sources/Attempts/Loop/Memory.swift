import Content
import Grading
import Models
import Prompts
import Workspaces

/// What the attempts before one came to: a change that was tried is known, and is not paid for again.
package struct Memory: Hashable, Sendable {
  /// One attempt.
  package struct Entry: Hashable, Sendable {
    package let attempt: Int
    /// The hash of its words; nil where no reply came.
    package let reply: Hash?
    /// The form of its code, nil where nothing was changed.
    package let code: Hash?
    package let diff: String
    /// What it changed, in a line: the first lines that went and came. Empty where nothing was changed.
    let change: String
    /// How its tests were run.
    let tests: WorkspaceOptions
    package let verdict: VerdictArtifact
    /// Why its edits were not applied; nil where they were.
    package let problem: EditProblem?
    /// True where it was told of hidden tests, so that its own words tell of them too.
    package let isTainted: Bool
    /// What the entry is made of.
    package let hash: Hash
  }

  package let entries: [Entry]

  package init() { entries = [] }

  /// The attempts before `attempt` that came to a verdict, of each its last take.
  package init(_ takes: [Take], before attempt: Int) {
    var entries: [Entry] = []
    for take in takes where take.id.attempt < attempt {
      guard let entry = take.entry else { continue }
      if entries.last?.attempt == entry.attempt { entries.removeLast() }
      entries.append(entry)
    }
    self.entries = entries
  }

  /// The first attempt whose tests were run in the same way with the same change and failed; nil where there is none.
  func tried(_ patch: PatchArtifact?, _ tests: WorkspaceOptions) -> Entry? {
    guard let patch, !patch.changes.isEmpty, let code = patch.code else { return nil }
    return entries.first { $0.code == code && $0.wasRun && $0.tests == tests }
  }

  /// The first attempt before `attempt` that said the same, or made the same change; nil for something new.
  package func equal(of attempt: Int) -> Int? {
    guard let entry = entries.first(where: { $0.attempt == attempt }) else { return nil }
    let before = entries.prefix { $0.attempt < attempt }
    return before.first { old in
      (entry.reply != nil && old.reply == entry.reply) || (entry.code != nil && old.code == entry.code)
    }?.attempt
  }

  /// How many of the last attempts in a row said or did what another had before.
  package var repetitions: Int { entries.reversed().prefix { equal(of: $0.attempt) != nil }.count }

  var hash: Hash { Hash(of: entries.map(\.hash.hex).joined(separator: " ")) }
}

extension Memory.Entry {
  init?(_ chain: Chain, attempt: Int, tests: WorkspaceOptions) {
    guard let verdict = chain.verdict else { return nil }
    self.attempt = attempt
    self.tests = tests
    reply = chain.reply.flatMap { $0.end == .broken ? nil : Hash(of: $0.text.utf8.filter { $0 > 32 }) }
    code = chain.patch.flatMap { $0.changes.isEmpty ? nil : $0.code }
    diff = chain.patch?.diff ?? ""
    change = diff.isEmpty ? "" : ChangedLines(diff).told
    self.verdict = verdict
    problem = chain.edits?.problem
    isTainted = chain.isTainted
    let contents = [Stage.verdict, .patch, .edits].map { chain.content(of: $0)?.hex ?? "" }
    hash = Hash(of: ["\(attempt) \(isTainted)"] + contents)
  }

  /// True where tests were run with its change, or it was known what they would say, and they failed.
  var wasRun: Bool {
    guard verdict.tally != nil || verdict.repeats != nil else { return false }
    return verdict.word == .unresolved || verdict.word == .suspect
  }

  /// What an attempt with the same change comes to.
  var again: VerdictArtifact {
    let first = verdict.repeats ?? attempt
    return VerdictArtifact(
      word: verdict.word, failure: verdict.failure, resolution: verdict.resolution, tally: verdict.tally,
      sentence: verdict.repeats == nil
        ? "the same change as attempt \(first), so no test was run"
          + (verdict.sentence.isEmpty ? "" : ": \(verdict.sentence)")
        : verdict.sentence,
      evidence: verdict.evidence, failures: verdict.failures, suspicions: verdict.suspicions, repeats: first,
      noCanary: verdict.noCanary)
  }
}

extension Hash {
  fileprivate init(of texts: [String]) { self.init(of: texts.joined(separator: "\0")) }
}

extension VerdictArtifact {
  /// What failed and why, without lines and without what a run adds by chance: two attempts with one signature failed in
  /// the same way. Nil where nothing failed.
  package var signature: Hash? {
    guard let failure else { return nil }
    let told = failures.map { "\($0.test)\0\($0.exception)\0\($0.message)" }.sorted()
    return Hash(of: [failure.rawValue] + (told.isEmpty ? [evidence.first ?? ""] : told))
  }
}
