import Attempts
import Models

/// How many instances were resolved, of how many: never without its interval, never clean and assisted together.
package struct Rate: Hashable, Codable, Sendable, CustomStringConvertible {
  /// `success_rate` is the plan's, over all instances; `sound_rate` leaves those out that are not sound (`Counted`).
  package enum Name: String, Codable, Sendable {
    case success = "success_rate"
    case sound = "sound_rate"
  }

  package let name: Name
  /// The model that wrote the patches.
  package let model: String
  /// Nil when nobody knows: another program wrote the results.
  package let assisted: Bool?
  /// True for a model that `escalate` names: its instances are those that the first model left.
  package let escalated: Bool
  package let resolved: Int
  package let total: Int
  /// The most attempts that an instance had.
  package let attempts: Int
  package let interval: Interval

  package init(
    _ name: Name, model: String, assisted: Bool?, escalated: Bool = false, resolved: Int, total: Int, attempts: Int = 1
  ) {
    self.name = name
    self.model = model
    self.assisted = assisted
    self.escalated = escalated
    self.resolved = resolved
    self.total = total
    self.attempts = attempts
    interval = .wilson(successes: resolved, total: total)
  }

  /// `success_rate 1 of 5: 20.0 % [3.6, 62.4], llama3.1:8b, assisted`.
  package var description: String {
    let share = total == 0 ? "-" : "\(Rate.percent(Double(resolved) / Double(total))) %"
    let within = attempts > 1 ? " within \(attempts) attempts" : ""
    return "\(name.rawValue) \(resolved) of \(total)\(within): \(share) [\(Rate.percent(interval.low)), "
      + "\(Rate.percent(interval.high))], \(model), \(Rate.word(assisted: assisted))"
  }

  /// `assisted`, `clean`, or that nobody knows.
  package static func word(assisted: Bool?) -> String {
    switch assisted {
    case true?: "assisted"
    case false?: "clean"
    case nil: "unknown whether clean"
    }
  }

  /// One decimal.
  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// The rates of some takes, by model and by clean or assisted. An instance is resolved where one of its attempts is.
  ///
  /// Only takes with a verdict that no person steered count (`Steering`). Hand-written, scripted and gold replies are
  /// nobody's model, so they have no rate. A take that came to no reply is its model's all the same.
  package static func rates(of takes: [Take]) -> [Rate] {
    let scored = Steering.counted(ofAll: takes).filter { $0.verdict != nil }
    // A setting says which model was asked, a reply which one answered.
    let answering = Dictionary(
      scored.compactMap { take in take.answering.map { (take.settings.model, $0) } }, uniquingKeysWith: { $1 })
    let groups = Dictionary(grouping: scored.filter(\.isOfModel)) { take in
      let asked = take.settings.model
      return Group(model: take.answering ?? answering[asked] ?? asked ?? "", assisted: take.isAssisted)
    }
    return groups.sorted { ($0.key.model, $0.key.assisted ? 1 : 0) < ($1.key.model, $1.key.assisted ? 1 : 0) }.flatMap {
      group, takes in
      let instances = Dictionary(grouping: takes, by: \.instanceID).values.map { takes in
        Counted(
          isResolved: takes.contains { $0.verdict?.word == .resolved },
          endsInEnvironmentError: takes.last?.verdict?.word == .environmentError, attempts: takes.count)
      }
      return both(of: instances, model: group.model, assisted: group.assisted)
    }
  }

  /// An instance as the rates count it.
  struct Counted: Sendable {
    let isResolved: Bool
    /// False where its last word is that the environment broke, and no attempt resolved it: that is no result about the
    /// model. A server that failed is the model's own trouble, and stays. No other place says what is sound.
    let isSound: Bool
    let attempts: Int

    init(isResolved: Bool, endsInEnvironmentError: Bool, attempts: Int) {
      self.isResolved = isResolved
      self.attempts = attempts
      isSound = isResolved || !endsInEnvironmentError
    }
  }

  /// `success_rate` and `sound_rate` of these instances.
  static func both(of instances: [Counted], model: String, assisted: Bool?, escalated: Bool = false) -> [Rate] {
    let resolved = instances.count(where: \.isResolved)
    let attempts = instances.map(\.attempts).max() ?? 0
    return [(Name.success, instances.count), (.sound, instances.count(where: \.isSound))].map { name, total in
      Rate(
        name, model: model, assisted: assisted, escalated: escalated, resolved: resolved, total: total,
        attempts: attempts)
    }
  }

  private struct Group: Hashable {
    let model: String
    let assisted: Bool
  }
}

extension Take {
  /// True where a model was asked, or would have been; false for replies that ramp or a person wrote.
  fileprivate var isOfModel: Bool {
    guard let asked = settings.model, let name = try? ModelName(parsing: asked) else { return false }
    return ![.practice, .gold, .scripted].contains(name.kind)
  }
}

extension InstanceRecord {
  /// As the rates count it.
  var counted: Rate.Counted {
    Rate.Counted(isResolved: verified, endsInEnvironmentError: stop == .environmentError, attempts: attempts)
  }
}
