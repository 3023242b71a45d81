import Attempts
import Models

/// The runs of one phase as samples of what a model does: `pass@k`, or why there is none.
///
/// Samples know nothing of one another: each is an instance's only attempt in a run, and the runs differ in the seed alone.
package struct IndependentSamples: Hashable, Sendable {
  /// Why runs are no samples.
  package enum Refusal: Hashable, Sendable {
    /// Attempts that follow one another see what became of the one before.
    case loop(attempts: Int)
    /// There is one run with these settings.
    case oneRun
    /// At temperature 0 another run is the same answer.
    case sameAnswer
    /// Runs with one seed are one sample.
    case oneSeed
    /// The rows that ship.
    case practice
    /// Hand-written or gold replies.
    case noModel
    /// A file that does not tell what it was run with.
    case unknown
    /// No instance was judged in two runs.
    case notJudged
  }

  package let label: PhaseResults.Label
  /// `pass@k` for k from 1; empty where there is none.
  package let passAt: [Double]
  /// How many instances it is the mean of.
  package let instances: Int
  package let assisted: Bool
  package let refusal: Refusal?

  /// The samples that the last of `runs` is one of.
  ///
  /// - Parameter runs: all runs of a campaign, in their order; at least one.
  package init?(_ runs: [PhaseResults]) {
    guard let last = runs.last else { return nil }
    label = last.label
    assisted = last.results.contains(where: \.assisted)
    let samples = IndependentSamples.samples(of: last, among: runs)
    guard case .success(let chosen) = samples else {
      (passAt, instances) = ([], 0)
      if case .failure(let reason) = samples { refusal = reason.refusal } else { refusal = nil }
      return
    }
    // What was not judged is no sample.
    let judged = chosen.flatMap(\.results).filter { $0.verified || !$0.stop.isInfrastructure }
    let counts = Dictionary(grouping: judged, by: \.instanceID).values.map {
      (samples: $0.count, resolved: $0.count(where: \.verified))
    }.filter { $0.samples > 1 }
    let most = counts.map(\.samples).min() ?? 0
    passAt = most < 2 ? [] : (1...most).compactMap { PassAtK.mean(counts, k: $0) }
    instances = counts.count
    refusal = most < 2 ? .notJudged : nil
  }

  private struct Refused: Error { let refusal: Refusal }

  private static func samples(of last: PhaseResults, among runs: [PhaseResults]) -> Result<[PhaseResults], Refused> {
    func refuse(_ refusal: Refusal) -> Result<[PhaseResults], Refused> { .failure(Refused(refusal: refusal)) }
    let attempts = max(last.config.attemptsMax ?? 1, last.results.map(\.attempts).max() ?? 1)
    if last.isPractice { return refuse(.practice) }
    if attempts > 1 { return refuse(.loop(attempts: attempts)) }
    guard !last.config.settings.isEmpty, last.config.attemptsMax != nil else { return refuse(.unknown) }
    let kind = last.config.settings["model"].flatMap { try? ModelName(parsing: $0) }?.kind
    if let kind, [.practice, .gold, .scripted].contains(kind) { return refuse(.noModel) }
    if first(last.config.settings["model.temperature"]) == 0 { return refuse(.sameAnswer) }
    let alike = runs.filter { $0.label == last.label && $0.config.apartFromSeed == last.config.apartFromSeed }
    guard alike.count > 1 else { return refuse(.oneRun) }
    // Anthropic's protocol has no seed.
    if kind == .anthropic { return .success(alike) }
    var seen: Set<Double?> = []
    let chosen = alike.filter { seen.insert(first($0.config.settings["model.seed"])).inserted }
    return chosen.count > 1 ? .success(chosen) : refuse(.oneSeed)
  }

  /// The number of the first attempt.
  private static func first(_ value: String?) -> Double? {
    value?.split(separator: ",").first.flatMap { Double($0) }
  }

  /// `pass@1 40.0 %, pass@2 55.0 %: ...`, or why there is none.
  package var sentence: String {
    guard let refusal else {
      let shares = passAt.enumerated().map { "pass@\($0.offset + 1) \(Wording.percent($0.element))" }
      return "\(shares.joined(separator: ", ")): \(passAt.count) independent samples of each of \(instances) "
        + "instances, \(assisted ? "assisted" : "clean")"
    }
    return "no pass@k: \(refusal.reason)"
  }
}

extension IndependentSamples.Refusal {
  /// Why, and what makes samples.
  fileprivate var reason: String {
    switch self {
    case .loop(let attempts):
      "of \(attempts) attempts each sees what became of the one before; runs with `--attempts 1` are samples"
    case .oneRun: "one run is one sample; `set model.seed N` and `retry` make another"
    case .sameAnswer: "at temperature 0 every run has the same answer; `set model.temperature 0.7`"
    case .oneSeed: "runs with one seed are one sample; `set model.seed N` before each"
    case .practice: "practice rows have no rate of a model"
    case .noModel: "no model wrote these replies"
    case .unknown: "the results do not tell what they were made with"
    case .notJudged: "no instance was judged in two runs"
    }
  }
}

extension PhaseConfig {
  /// The settings without the seed, and without what tells one run from the next.
  fileprivate var apartFromSeed: [String: String] {
    settings.filter { !$0.key.hasPrefix("passport.") && $0.key != "repetition" && $0.key != "model.seed" }
  }
}
