import Attempts
import Foundation
import Grading
import Testing

@testable import Campaigns

/// A run of one attempt each; `solved` are the numbers of the instances that it resolved.
private func sample(
  seed: String, _ solved: Set<Int>, of count: Int = 4, model: String = "ollama:llama3.1:8b",
  temperature: String = "0.7",
  repetition: String? = nil, attempts: Int = 1
) -> PhaseResults {
  var results = phase(
    .micro, ids(count).enumerated().map { record($1, solved.contains($0) ? nil : .testFailure, attempts: attempts) })
  results.config.attemptsMax = attempts
  results.config.settings = [
    "model": model, "model.seed": seed, "model.temperature": temperature, "attempts_max": "\(attempts)",
  ]
  results.config.settings["repetition"] = repetition
  return results
}

private func told(_ runs: [PhaseResults]) -> String { IndependentSamples(runs)?.sentence ?? "" }

@Suite struct `pass@k` {
  @Test func `is the mean over instances of runs that differ in the seed`() throws {
    let runs = [sample(seed: "1", [0, 1]), sample(seed: "2", [0]), sample(seed: "3,4", [0, 2])]
    let samples = try #require(IndependentSamples(runs))
    // By hand, of 3 samples with 3, 1, 1 and 0 resolved: k=1 (1+1/3+1/3+0)/4, k=2 (1+2/3+2/3+0)/4, k=3 (1+1+1+0)/4.
    for (pass, expected) in zip(samples.passAt, [5.0 / 12, 7.0 / 12, 0.75]) { #expect(abs(pass - expected) < 1e-12) }
    #expect(
      samples.sentence
        == "pass@1 41.7 %, pass@2 58.3 %, pass@3 75.0 %: 3 independent samples of each of 4 instances, clean")
    #expect(TerminalReport(runs).lines().contains(samples.sentence))
    #expect(String(decoding: HTMLReport(runs).html, as: UTF8.self).contains("pass@3 75.0 %"))
  }

  @Test func `takes what was not judged for no sample, and runs with one seed for one`() throws {
    var second = sample(seed: "2", [0])
    second.results[1] = record(second.results[1].instanceID, .environmentError)
    let samples = try #require(
      IndependentSamples([sample(seed: "1", [0]), sample(seed: "1", [1], repetition: "1"), second]))
    #expect(samples.instances == 3)
    #expect(samples.passAt == [1.0 / 3, 1.0 / 3])
  }

  @Test(
    arguments: [
      ([sample(seed: "1", [0], attempts: 6), sample(seed: "2", [0], attempts: 6)], "of 6 attempts each sees"),
      ([sample(seed: "1", [0])], "one run is one sample"),
      ([sample(seed: "1", [0]), sample(seed: "1", [0], repetition: "1")], "runs with one seed are one sample"),
      ([sample(seed: "1", [0], temperature: "0"), sample(seed: "2", [0], temperature: "0")], "at temperature 0"),
      ([sample(seed: "1", [0], model: "gold"), sample(seed: "2", [0], model: "gold")], "no model wrote"),
      ([sample(seed: "1", [0]), sample(seed: "2", [0], model: "ollama:other")], "one run is one sample"),
      ([phase([record("a__b-1")]), phase([record("a__b-1")])], "of 6 attempts each sees"),
      ([phase([record("a__b-1", dataset: "practice")])], "practice rows"),
    ] as [([PhaseResults], String)])
  func `is not shown for what is no sample, and says why`(runs: [PhaseResults], reason: String) {
    #expect(told(runs).hasPrefix("no pass@k: \(reason)"), "\(told(runs))")
    #expect(IndependentSamples(runs)?.passAt.isEmpty == true)
  }

  @Test func `needs no seed where the protocol has none`() {
    let runs = [sample(seed: "1", [0], model: "anthropic:x"), sample(seed: "1", [1], model: "anthropic:x")]
    #expect(told(runs).hasPrefix("pass@1 25.0 %, pass@2 50.0 %"))
  }
}
