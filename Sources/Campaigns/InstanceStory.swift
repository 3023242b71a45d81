import Attempts
import Content
import Grading
import Prompts

/// An instance with what was asked, said and found in each of its attempts.
package struct InstanceStory: Sendable {
  /// One text of an attempt.
  package struct Passage: Hashable, Sendable {
    /// What it is: `prompt`, `reply`, `patch`, `failure` or `feedback`.
    package let kind: Kind
    /// Where in it: the part of a prompt.
    package let title: String
    package let text: String

    package enum Kind: String, CaseIterable, Sendable { case prompt, reply, patch, failure, feedback }

    package init(_ kind: Kind, _ text: String, title: String = "") {
      self.kind = kind
      self.title = title
      self.text = text
    }
  }

  /// One take.
  package struct Attempt: Sendable {
    package let id: TakeID
    /// `resolved`, or what kept it from that.
    package let outcome: String
    package let isResolved: Bool
    /// Why it is not resolved, in a sentence.
    package let reason: String
    package let cause: Cause?
    package let model: String?
    package let seconds: Double
    package let passages: [Passage]
  }

  package let record: InstanceRecord
  /// The phase or batch that it belongs to; nil of one that was run by itself.
  package let run: String?
  package let issue: String
  package let attempts: [Attempt]

  package init(record: InstanceRecord, run: String?, issue: String, attempts: [Attempt]) {
    self.record = record
    self.run = run
    self.issue = issue
    self.attempts = attempts
  }

  /// - Parameters:
  ///   - record: what the instance resulted in.
  ///   - run: the phase or batch that it belongs to.
  ///   - issue: the text that the model was given to solve; empty where it is not known.
  ///   - takes: its takes, in their order.
  ///   - cause: why a take is not resolved, given those of the attempts before it; nil where nobody knows.
  package init(
    _ record: InstanceRecord, run: String?, issue: String, takes: [Take],
    cause: (Take, [Take]) -> Cause? = { _, _ in nil }
  ) {
    self.record = record
    self.run = run
    self.issue = issue
    attempts = takes.map { take in
      Attempt(take, cause: cause(take, takes.filter { $0.id.attempt < take.id.attempt }))
    }
  }
}

extension InstanceStory.Attempt {
  fileprivate init(_ take: Take, cause: Cause?) {
    let verdict = take.verdict
    id = take.id
    isResolved = verdict?.word == .resolved
    outcome = verdict.map { $0.failure?.rawValue ?? $0.word.rawValue } ?? "no verdict"
    reason = isResolved ? "" : verdict?.sentence ?? ""
    self.cause = cause
    model = take.chain.reply?.model
    seconds = Double(take.milliseconds) / 1000
    passages = InstanceStory.Attempt.passages(of: take)
  }

  private static func passages(of take: Take) -> [InstanceStory.Passage] {
    var passages: [InstanceStory.Passage] = []
    for message in take.chain.prompt?.prompt.messages ?? [] {
      for part in message.parts where !part.text.isEmpty {
        passages.append(.init(.prompt, part.text, title: "\(message.role.rawValue), \(part.name)"))
      }
    }
    if let reply = take.chain.reply, !reply.text.isEmpty { passages.append(.init(.reply, reply.text)) }
    if let patch = take.chain.patch, !patch.diff.isEmpty { passages.append(.init(.patch, patch.diff)) }
    if let failure = failure(of: take) { passages.append(.init(.failure, failure)) }
    if let feedback = take.chain.feedback, !feedback.text.isEmpty { passages.append(.init(.feedback, feedback.text)) }
    return passages
  }

  /// What shows that it failed: the problem with the edits, the evidence, and the tests with their messages.
  private static func failure(of take: Take) -> String? {
    guard let verdict = take.verdict, verdict.word != .resolved else { return nil }
    var lines = verdict.evidence
    if let problem = take.chain.edits?.problem, !lines.contains(problem.message) { lines.append(problem.message) }
    lines += verdict.suspicions.filter { !lines.contains($0) }
    for failure in verdict.failures.prefix(20) {
      lines.append("\(failure.test): \(failure.exception)" + (failure.message.isEmpty ? "" : ": \(failure.message)"))
    }
    if verdict.failures.count > 20 { lines.append("\(verdict.failures.count - 20) more failures") }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }
}
