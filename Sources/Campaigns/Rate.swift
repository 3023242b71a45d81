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

  /// The rates of some takes, by model and by clean or assisted: of each instance the last take that counts.
  ///
  /// Only first takes with a verdict count, for a rerun is made by a person who saw what went wrong; tweaked ones never
  /// do. Hand-written and gold replies are nobody's model, so they have no rate. A take that came to no reply is its
  /// model's all the same.
  package static func rates(of takes: [Take]) -> [Rate] {
    let scored = takes.filter { $0.id.take == 1 && !$0.isTweaked && $0.verdict != nil }
    // A setting says which model was asked, a reply which one answered.
    let answering = Dictionary(
      scored.compactMap { take in take.chain.reply.map { (take.settings.model, $0.model) } }, uniquingKeysWith: { $1 })
    let groups = Dictionary(grouping: scored) { take in
      let asked = take.settings.model
      return Group(
        model: take.chain.reply?.model ?? answering[asked] ?? asked ?? Rate.handWritten, assisted: take.isAssisted)
    }
    let models = groups.filter { ![Rate.handWritten, "practice", "gold"].contains($0.key.model) }
    return models.sorted { ($0.key.model, $0.key.assisted ? 1 : 0) < ($1.key.model, $1.key.assisted ? 1 : 0) }.flatMap {
      group, takes in
      let last = Dictionary(takes.map { ($0.instanceID, $0) }, uniquingKeysWith: { $1 }).values
      let resolved = last.count { $0.verdict?.word == .resolved }
      let sound = last.count { $0.verdict?.word != .environmentError }
      return [
        Rate(.success, model: group.model, assisted: group.assisted, resolved: resolved, total: last.count),
        Rate(.sound, model: group.model, assisted: group.assisted, resolved: resolved, total: sound),
      ]
    }
  }

  private struct Group: Hashable {
    let model: String
    let assisted: Bool
  }

  /// The model of the practice set's replies, as results name it.
  private static let handWritten = "practice (hand-written)"
}
