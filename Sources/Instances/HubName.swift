/// A set of rows by its name on the Hugging Face hub.
package struct HubName: Hashable, Sendable, CustomStringConvertible {
  /// `OWNER/NAME`.
  package let dataset: String
  /// The split, where one was named: `OWNER/NAME:SPLIT`.
  package let split: String?
  /// What people call it: the short name, or `NAME`.
  package let title: String

  /// The short names of SWE-bench's own sets.
  package static let short = [
    "lite": "SWE-bench/SWE-bench_Lite", "verified": "SWE-bench/SWE-bench_Verified", "full": "SWE-bench/SWE-bench",
    "multilingual": "SWE-bench/SWE-bench_Multilingual",
  ]

  /// A short name, `OWNER/NAME` or `OWNER/NAME:SPLIT`; nil for anything else, a path of a file say.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let dataset = HubName.short[parts[0]] ?? parts[0]
    let names = dataset.split(separator: "/", omittingEmptySubsequences: false)
    guard names.count == 2, names.allSatisfy({ HubName.isPlain($0) }),
      parts.dropFirst().allSatisfy({ HubName.isPlain($0[...]) })
    else { return nil }
    self.dataset = dataset
    split = parts.count > 1 ? parts[1] : nil
    title = HubName.short[parts[0]] == nil ? String(names[1]) : parts[0]
  }

  package var description: String { split.map { "\(dataset):\($0)" } ?? dataset }

  /// The path of the rows below a cache folder. Where no split was named the server chose one, which need not be the
  /// one that a name with a split means.
  package var cachePath: String { dataset + (split.map { "/split/\($0)" } ?? "/chosen") + ".jsonl" }

  /// Letters, digits, `.`, `_` and `-`, and neither a way up nor a file's ending.
  private static func isPlain(_ name: Substring) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.hasSuffix(".jsonl") && !name.hasSuffix(".json")
      && name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
      }
  }
}
