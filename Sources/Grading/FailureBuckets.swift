/// How often attempts failed with each code. The plan's five are always there, zeros too; of the others those that came
/// up; what the environment did stands apart.
package struct FailureBuckets: Hashable, Sendable {
  private var counts: [FailureCode: Int] = [:]

  package init(_ codes: some Sequence<FailureCode> = []) {
    for code in codes { counts[code, default: 0] += 1 }
  }

  package mutating func add(_ code: FailureCode) { counts[code, default: 0] += 1 }

  package subscript(code: FailureCode) -> Int { counts[code] ?? 0 }

  /// The plan's five in its order.
  package var plan: [(code: FailureCode, count: Int)] { FailureCode.plan.map { ($0, self[$0]) } }

  /// The model's other failures that came up.
  package var others: [(code: FailureCode, count: Int)] {
    FailureCode.allCases.filter { !FailureCode.plan.contains($0) && !$0.isEnvironment && self[$0] > 0 }
      .map { ($0, self[$0]) }
  }

  /// How often the environment was to blame.
  package var environment: Int { self[.environmentError] }
}

extension FailureBuckets: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// An object of counts by code.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (code, count) in plan + others { try container.encode(count, forKey: Key(stringValue: code.rawValue)) }
    if environment > 0 {
      try container.encode(environment, forKey: Key(stringValue: FailureCode.environmentError.rawValue))
    }
  }
}
