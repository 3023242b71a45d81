import Attempts

/// How many instances were resolved, of how many: never without its interval, never clean and assisted together.
package struct Rate: Hashable, Codable, Sendable, CustomStringConvertible {
  /// `success_rate` is the plan's, over all instances; `sound_rate` leaves environment errors out.
  package enum Name: String, Codable, Sendable {
    case success = "success_rate"
    case sound = "sound_rate"
  }

  package let name: Name
  /// The model that wrote the patches.
  package let model: String
  package let assisted: Bool
  package let resolved: Int
  package let total: Int
  package let interval: Interval

  package init(_ name: Name, model: String, assisted: Bool, resolved: Int, total: Int) {
    self.name = name
    self.model = model
    self.assisted = assisted
    self.resolved = resolved
    self.total = total
    interval = .wilson(successes: resolved, total: total)
  }

  /// `success_rate 1 of 5: 20.0 % [3.6, 62.4], llama3.1:8b, assisted`.
  package var description: String {
    let share = total == 0 ? "-" : "\(Rate.percent(Double(resolved) / Double(total))) %"
    return "\(name.rawValue) \(resolved) of \(total): \(share) [\(Rate.percent(interval.low)), "
      + "\(Rate.percent(interval.high))], \(model), \(assisted ? "assisted" : "clean")"
  }

  /// One decimal.
  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// The rates of the last takes of some instances, by model and by clean or assisted. Hand-written and gold replies are
  /// nobody's model, so they have none; tweaked takes are in no score.
  package static func rates(of takes: [Take]) -> [Rate] {
    let scored = takes.filter { !$0.isTweaked && $0.verdict != nil && Rate.isModel($0) }
    let groups = Dictionary(grouping: scored) { Group(model: $0.chain.reply?.model ?? "", assisted: $0.isAssisted) }
    return groups.sorted { ($0.key.model, $0.key.assisted ? 1 : 0) < ($1.key.model, $1.key.assisted ? 1 : 0) }.flatMap {
      group, takes in
      let resolved = takes.count { $0.verdict?.word == .resolved }
      let sound = takes.count { $0.verdict?.word != .environmentError }
      return [
        Rate(.success, model: group.model, assisted: group.assisted, resolved: resolved, total: takes.count),
        Rate(.sound, model: group.model, assisted: group.assisted, resolved: resolved, total: sound),
      ]
    }
  }

  private struct Group: Hashable {
    let model: String
    let assisted: Bool
  }

  private static func isModel(_ take: Take) -> Bool {
    guard let name = take.chain.reply?.model else { return true }
    return !["practice (hand-written)", "gold"].contains(name)
  }
}
