import Attempts
import Grading
import TestWorld

@testable import Campaigns

/// An instance with `attempts` attempts of which the last resolved it where `failure` is nil.
func record(
  _ id: String, _ failure: FailureCode? = nil, attempts: Int = 1, seconds: Double = 1, patch: String = "",
  dataset: String = "lite", assisted: Bool = false, escalated: Bool = false, error: String? = nil
) -> InstanceRecord {
  let told = failure.map { error ?? $0.rawValue }
  let each: [AttemptRecord] =
    attempts < 1
    ? []
    : (1...attempts).map { number -> AttemptRecord in
      let isLast = number == attempts
      let code = isLast ? failure : failure ?? .testFailure
      return AttemptRecord(
        instanceID: id, attempt: number, verified: code == nil, errorType: code.map(PlanErrorType.init),
        error: isLast ? told : code?.rawValue, timeSeconds: seconds / Double(attempts), failure: code,
        model: "llama3.1:8b", escalated: escalated, assisted: assisted, template: "repair",
        temperature: isLast ? 0.4 : 0, seed: number)
    }
  let repository = InstanceRecord.repository(of: id)
  return InstanceRecord(
    instanceID: id, repository: repository, dataset: dataset, practice: dataset == "practice", verified: failure == nil,
    attempts: attempts,
    attemptsNeeded: failure == nil ? attempts : nil, errorType: failure.map(PlanErrorType.init),
    finalError: told, timeSeconds: seconds,
    stop: failure == nil ? .resolved : failure == .environmentError ? .environmentError : .attemptsExhausted,
    failure: failure, model: "llama3.1:8b", escalated: escalated, assisted: assisted, promptTokens: 10 * attempts,
    replyTokens: attempts, patch: patch, best: patch.isEmpty ? nil : attempts, each: each)
}

/// A phase on these records.
func phase(_ phase: Phase, _ records: [InstanceRecord], campaign: String? = "new") -> PhaseResults {
  PhaseResults(
    label: .phase(phase), timestamp: "2026-02-15T10:00:00Z",
    config: PhaseConfig(
      model: "llama3.1:8b", approach: "direct_edits_plus_feedback_loop", attemptsMax: 6, filesContext: .count(5)),
    results: records, campaign: campaign)
}

/// The first phase on these records.
func phase(_ records: [InstanceRecord]) -> PhaseResults { phase(.micro, records) }

/// Ids of `repositories` repositories in turn.
func ids(_ count: Int, repositories: Int = 5) -> [String] {
  (1...count).map { "org\($0 % repositories)__repo-\($0)" }
}

/// Names and texts that mean harm where they are taken for more than text.
let hostile = [
  "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "::error::taken", "a\r\n::set-output name=x::y",
  "<script>alert(1)</script>", "]]>", "\u{1B}[31mred", "a|b`c`*d*", "\"quoted\", with a comma", "nul\0and\u{8}",
  "\u{202E}back", "</testcase>", "${{ secrets.X }}", "[x](javascript:alert(1))", "line\nnext",
  "a\"\u{301},b\"\u{301}\r\n=1", "%\u{301}0A",
]
