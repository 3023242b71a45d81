import Attempts

/// Two runs, on the instances that both have.
package struct RunComparison: Hashable, Sendable {
  /// What the instances of one repository came to.
  package struct Group: Hashable, Sendable {
    package let name: String
    package let old, new, total: Int
  }

  package let old: RunFile
  package let new: RunFile
  package let paired: PairedComparison

  package init(_ old: RunFile, _ new: RunFile) {
    self.old = old
    self.new = new
    let after = Dictionary(new.results.map { ($0.instanceID, $0) }, uniquingKeysWith: { first, _ in first })
    paired = PairedComparison(
      old.results.compactMap { before in
        after[before.instanceID].map { now in
          PairedComparison.Pair(
            instanceID: before.instanceID, cluster: before.repository, first: before.verified, second: now.verified)
        }
      })
  }

  package var byRepository: [Group] {
    Dictionary(grouping: paired.pairs, by: \.cluster).sorted { $0.key < $1.key }.map { name, pairs in
      Group(name: name, old: pairs.count { $0.first }, new: pairs.count { $0.second }, total: pairs.count)
    }
  }

  /// The names of the settings that differ, sorted; what answered, where the model was not chosen anew, is one of them.
  package static func differing(_ old: RunFile, _ new: RunFile) -> [String] {
    let (first, second) = (old.config.settings, new.config.settings)
    guard !first.isEmpty, !second.isEmpty else {
      return old.config.model == new.config.model ? [] : ["model"]
    }
    let names = Set(first.keys).union(second.keys).subtracting(["repetition"]).filter { first[$0] != second[$0] }
    // Another model has another digest and another server, and another template another hash.
    let isOtherModel = names.contains("model")
    return names.filter { name in
      if name.hasPrefix("passport.") { return !isOtherModel }
      return name != "template.sha256" || !names.contains("template")
    }.sorted()
  }
}
