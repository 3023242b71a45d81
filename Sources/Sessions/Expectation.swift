import Attempts
import Content
import Context
import Grading

/// What a line `expect ...` says of the current take.
package enum Expectation: Hashable, Sendable {
  case verdict(String)
  case failure(String)
  /// The patch's hash, or its first digits (at least 6); `none` for no patch.
  case patch(String)
  /// How many attempts the instance has had.
  case attempts(Int)
  /// How many instances of the last batch were resolved, of how many that came to an end.
  case resolved(Int, of: Int)
  /// The takes of the last batch came to what the section `batch/NAME` lists.
  case batch(String)
  /// A stage's text holds, or does not hold, some text.
  case contains(Stage, String, negated: Bool)

  /// Reads the words behind `expect`. Throws `SessionError.badExpectation`.
  package init(words: [String]) throws {
    func refuse() -> SessionError { .badExpectation(words.joined(separator: " ")) }
    guard words.count >= 2 else { throw refuse() }
    switch (words[0], words[1], words.count) {
    case ("verdict", let word, 2) where VerdictWord(rawValue: word) != nil: self = .verdict(word)
    case ("failure", let code, 2):
      let codes = FailureCode.allCases.map(\.rawValue) + ["none"]
      guard codes.contains(code) else {
        throw SessionError.unknownFailure(code, nearest: Nearest.names(to: code, in: codes))
      }
      self = .failure(code)
    case ("patch", let hash, 2) where hash == "none" || hash.count >= 6: self = .patch(hash)
    case ("attempts", let number, 2):
      guard let count = Int(number), count > 0 else { throw refuse() }
      self = .attempts(count)
    case ("resolved", let number, 4) where words[2] == "of":
      guard let count = Int(number), let total = Int(words[3]), 0...total ~= count else { throw refuse() }
      self = .resolved(count, of: total)
    case ("batch", let name, 2): self = .batch(name)
    case (let name, "contains", 3), (let name, "lacks", 3):
      guard let stage = Stage(spoken: name) else { throw refuse() }
      self = .contains(stage, words[2], negated: words[1] == "lacks")
    default: throw refuse()
    }
  }

  /// True where it is about a batch, and not about a take.
  package var isOfBatch: Bool {
    switch self {
    case .resolved, .batch: true
    case .verdict, .failure, .patch, .attempts, .contains: false
    }
  }

  /// Throws `SessionError.expectationFailed` where it does not hold of `take`.
  package func check(_ take: Take, attempts: Int) throws {
    func hold(_ holds: Bool, _ expected: String, _ found: String) throws {
      if !holds { throw SessionError.expectationFailed(expected, found: found) }
    }
    switch self {
    case .verdict(let word):
      let found = take.verdict?.word.rawValue ?? "none"
      try hold(
        found == word, "verdict \(word)",
        take.brokenEnvironment ?? found + (take.verdict?.failure.map { ", \($0.rawValue)" } ?? ""))
    case .failure(let code):
      let found = take.verdict?.failure?.rawValue ?? "none"
      try hold(found == code, "failure \(code)", take.brokenEnvironment ?? found)
    case .patch(let hash):
      let found = take.chain.patch.flatMap { $0.diff.isEmpty ? nil : $0.hash.hex } ?? "none"
      try hold(found.hasPrefix(hash), "patch \(hash.prefix(12))", String(found.prefix(12)))
    case .resolved, .batch: break
    case .attempts(let count): try hold(attempts == count, "\(count) attempt\(count == 1 ? "" : "s")", "\(attempts)")
    case .contains(let stage, let text, let negated):
      guard let shown = take.chain[stage]?.artifact.plainText else {
        throw SessionError.noArtifact(stage, take: take.id.description)
      }
      let holds = shown.contains(text)
      try hold(
        holds != negated, "\(stage.rawValue) \(negated ? "without" : "with") `\(text)`",
        holds ? "it there" : "it nowhere")
    }
  }

  /// The expectations that `save` writes behind a take: verdict, failure and patch, each as words.
  static func lines(for take: Take) -> [[String]] {
    let patch = take.chain.patch.map { $0.diff.isEmpty ? "none" : $0.hash.short }
    guard let verdict = take.verdict else { return patch.map { [["expect", "patch", $0]] } ?? [] }
    var lines = [["expect", "verdict", verdict.word.rawValue]]
    if let failure = verdict.failure { lines.append(["expect", "failure", failure.rawValue]) }
    if let patch, patch != "none" { lines.append(["expect", "patch", patch]) }
    return lines
  }
}

extension Take {
  /// The verdict with its reason where the environment broke; nil elsewhere.
  package var brokenEnvironment: String? {
    guard let verdict, verdict.word == .environmentError else { return nil }
    return verdict.word.rawValue + (verdict.sentence.isEmpty ? "" : ": \(verdict.sentence)")
  }
}

extension Artifact {
  /// The artifact as text, for `expect STAGE contains` and `show`.
  package var plainText: String {
    if let tweakText { return tweakText }
    switch self {
    case .outcomes(let outcomes): return outcomes.report.log
    case .baseline(let baseline): return baseline.report.log
    case .verdict(let verdict): return verdict.sentence
    case .context(let context):
      // As `show context` names the parts, with their lines; what was left out is no part of it.
      return context.parts.map { "\($0.span)\n\($0.text)" + ($0.text.hasSuffix("\n") ? "" : "\n") }.joined()
    default: return (try? bytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }
}
