import ArgumentParser
import Attempts
import Campaigns
import Foundation
import Sessions
import Terminal

/// `compare A B`: whether a change helped.
package struct CompareCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare two runs on the same instances: whether the change helped.",
    discussion: """
      A run is a phase of the folder (`2` its last run, `2.1` its first) or a file. The same instances are compared one by \
      one: those that only one of the two resolved, McNemar's exact test, and the difference with its interval, \
      instances of one repository taken to be alike. Where more than one setting differs, all of them have to be \
      declared as factors. With fewer than six instances that differ nothing can ever be decided.
      """)
  package static let examples = ["compare 1.1 1 --out run --factor model"]

  @Argument(help: "The run before.")
  var first: String

  @Argument(help: "The run after.")
  var second: String

  @Option(help: "A setting that differs and is what is compared; may be given several times.")
  var factor: [String] = []

  @Flag(help: "Only the instances that both have.")
  var common = false

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let old = try await read(first, in: session)
    let new = try await read(second, in: session)
    let differing = RunComparison.differing(old, new)
    let undeclared = differing.filter { name in !factor.contains(where: { name == $0 || name.hasPrefix("\($0).") }) }
    guard differing.count <= 1 || undeclared.isEmpty else { throw CampaignError.manyFactors(undeclared) }
    let ids = (Set(old.results.map(\.instanceID)), Set(new.results.map(\.instanceID)))
    guard common || ids.0 == ids.1 else {
      throw CampaignError.otherInstances(missing: ids.0.subtracting(ids.1).count, added: ids.1.subtracting(ids.0).count)
    }
    return Done(CompareOutput(comparison: RunComparison(old, new), names: (first, second), factors: differing))
  }

  private func read(_ name: String, in session: Session) async throws -> RunFile {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let phase = Phase(parts[0]), parts.count <= 2, parts.dropFirst().allSatisfy({ Int($0) != nil }) {
      let runs = try await CampaignFolder(session: session, out: out).runs(of: phase.rawValue)
      let number = parts.dropFirst().first.flatMap { Int($0) }
      guard let run = number.map({ wanted in runs.first { $0.look == wanted } }) ?? runs.last else {
        throw CampaignError.noSuchRun(name)
      }
      return run
    }
    return try RunFile(reading: try await session.bytes(at: name), source: name)
  }
}

struct CompareOutput: Output {
  let comparison: RunComparison
  let names: (String, String)
  let factors: [String]

  var summary: String {
    "\(comparison.paired.answer().rawValue), +\(comparison.paired.gained.count) -\(comparison.paired.lost.count)"
  }

  func text(_ look: Look) -> String {
    let (old, new, paired) = (comparison.old, comparison.new, comparison.paired)
    func title(_ run: RunFile, _ name: String) -> String {
      "  \(Untrusted.cleanLine(name)): \(run.rates), \(Untrusted.cleanLine(run.config.model)), \(run.isAssisted ? "assisted" : "clean")\n"
    }
    var text = title(old, names.0) + title(new, names.1)
    text += "  compared: \(Amount.of(paired.pairs.count, "instance")), "
    text += factors.isEmpty ? "nothing differs: this is noise\n" : "what differs: \(factors.joined(separator: ", "))\n"
    for (label, pairs) in [
      ("resolved now and not before", paired.gained), ("resolved before and not now", paired.lost),
    ] {
      text += "  \(label): \(pairs.count)\n"
      for pair in pairs { text += "    \(Untrusted.cleanLine(pair.instanceID))\n" }
    }
    let points = Int((paired.difference * 1000).rounded())
    text += "  difference \(CompareOutput.points(points))"
    if let interval = paired.interval {
      text +=
        " [\(CompareOutput.points(Int((interval.low * 1000).rounded()))), "
        + "\(CompareOutput.points(Int((interval.high * 1000).rounded())))], repositories taken as clusters"
    }
    text += "\n  McNemar's exact test: p = \(GateOutput.chance(paired.pValue))\n"
    let answer = paired.answer()
    let meaning: Meaning = answer == .better ? .good : answer == .worse ? .bad : .warning
    text += "  \(look.style.apply(meaning, answer.rawValue))"
    if answer == .cannotDecide {
      let differing = paired.gained.count + paired.lost.count
      text +=
        differing < 6
        ? ": with \(differing) that differ no test can tell; six is the fewest"
        : ": as many would differ by chance alone"
    }
    text += "\n"
    for group in comparison.byRepository where comparison.byRepository.count > 1 {
      text += "    \(Untrusted.cleanLine(group.name)): \(group.old) -> \(group.new) of \(group.total)\n"
    }
    let attempts = (PhaseOutput.short(old.averageAttempts), PhaseOutput.short(new.averageAttempts))
    text +=
      "  attempts \(attempts.0) -> \(attempts.1), time \(Amount.milliseconds(Int(old.averageTime * 1000))) -> "
      + "\(Amount.milliseconds(Int(new.averageTime * 1000)))\n"
    return text
  }

  /// `+12.5 points`.
  static func points(_ tenths: Int) -> String {
    "\(tenths < 0 ? "-" : "+")\(abs(tenths) / 10).\(abs(tenths) % 10) points"
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let answer: String
      let instances: Int
      let gained, lost, factors: [String]
      let pValue, difference: Double
      let low, high: Double?
    }
    let paired = comparison.paired
    return [
      try JSONLine.of(
        Line(
          answer: paired.answer().rawValue, instances: paired.pairs.count, gained: paired.gained.map(\.instanceID),
          lost: paired.lost.map(\.instanceID), factors: factors, pValue: paired.pValue, difference: paired.difference,
          low: paired.interval?.low, high: paired.interval?.high))
    ]
  }
}
