import Foundation

/// How likely one of `k` attempts resolves an instance, for attempts that know nothing of one another.
///
/// An attempt that saw what became of an earlier one is no sample: of these there is only the share that was resolved by
/// the k-th attempt (`SolveCurve`).
package enum PassAtK {
  /// The unbiased estimate from `resolved` of `samples` of one instance; nil for fewer samples than `k`.
  ///
  /// Source: M. Chen et al., arXiv 2107.03374: 1 - C(n - c, k) / C(n, k).
  package static func estimate(samples: Int, resolved: Int, k: Int) -> Double? {
    guard k > 0, k <= samples, (0...samples).contains(resolved) else { return nil }
    if resolved == 0 { return 0 }
    if samples - resolved < k { return 1 }
    let missed = ((samples - resolved + 1)...samples).reduce(1.0) { $0 * (1 - Double(k) / Double($1)) }
    return 1 - missed
  }

  /// The mean over instances; nil where one has fewer samples than `k`, and of none.
  package static func mean(_ instances: [(samples: Int, resolved: Int)], k: Int) -> Double? {
    let all = instances.map { estimate(samples: $0.samples, resolved: $0.resolved, k: k) }
    guard !all.isEmpty, !all.contains(nil) else { return nil }
    return all.compactMap(\.self).reduce(0, +) / Double(all.count)
  }
}

/// How many instances were resolved by their first, second, ... attempt.
package struct SolveCurve: Hashable, Codable, Sendable {
  /// The number resolved by the attempt at each place, which never falls.
  package let resolved: [Int]
  package let total: Int

  /// The curve of instances of which each was resolved by the attempt given, or by none.
  package init(resolvedBy attempts: [Int?], attemptsMax: Int) {
    total = attempts.count
    resolved = attemptsMax < 1 ? [] : (1...attemptsMax).map { k in attempts.count { $0.map { $0 <= k } ?? false } }
  }
}
