/// What one of the models that were asked about an instance did itself.
package struct ModelShare: Hashable, Codable, Sendable {
  /// As its server calls it, or as it was asked for when it never answered.
  package let model: String
  /// How many attempts were its own.
  package let attempts: Int
  /// True when one of its own attempts resolved the instance.
  package let resolved: Bool
  /// True when it is the model that `escalate` names.
  package let escalated: Bool
  /// True when its attempts, or those before them, saw what the hidden tests said.
  package let assisted: Bool

  package init(model: String, attempts: Int, resolved: Bool, escalated: Bool = false, assisted: Bool = false) {
    self.model = model
    self.attempts = attempts
    self.resolved = resolved
    self.escalated = escalated
    self.assisted = assisted
  }

  /// The shares as far as records tell that were written without them.
  ///
  /// An attempt without a reply was its neighbour's: nothing says which model was asked, and the attempts of one model
  /// stand together.
  ///
  /// - Parameters:
  ///   - each: the attempts; empty when they were not kept.
  ///   - verified: whether the instance is resolved.
  ///   - attempts: how many attempts there were.
  ///   - model: the model that resolved it or answered last.
  ///   - escalated: whether that is the model that `escalate` names.
  /// - Returns: one share a model; empty when no model is told.
  static func told(
    by each: [AttemptRecord], verified: Bool, attempts: Int, model: String?, escalated: Bool
  ) -> [ModelShare] {
    guard !each.isEmpty else {
      return model.map { [ModelShare(model: $0, attempts: attempts, resolved: verified, escalated: escalated)] } ?? []
    }
    var names = each.map(\.model)
    for index in names.indices.dropFirst() { names[index] = names[index] ?? names[index - 1] }
    for index in names.indices.dropLast().reversed() { names[index] = names[index] ?? names[index + 1] }
    let asked = zip(names, each).compactMap { name, attempt in (name ?? model).map { ($0, attempt) } }
    return shares(
      asked.map { name, attempt in
        Asked(
          model: name, resolved: attempt.verified, escalated: attempt.escalated || (escalated && name == model),
          assisted: attempt.assisted)
      })
  }

  /// One attempt, with the model that was asked.
  struct Asked {
    let model: String
    let resolved: Bool
    let escalated: Bool
    let assisted: Bool
  }

  /// One share a model, in the order of their first attempts.
  static func shares(_ attempts: [Asked]) -> [ModelShare] {
    var names: [String] = []
    for attempt in attempts where !names.contains(attempt.model) { names.append(attempt.model) }
    return names.map { name in
      let own = attempts.filter { $0.model == name }
      let last = attempts.lastIndex { $0.model == name } ?? 0
      return ModelShare(
        model: name, attempts: own.count, resolved: own.contains(where: \.resolved),
        escalated: own.contains(where: \.escalated), assisted: attempts[...last].contains(where: \.assisted))
    }
  }
}

/// How much of the gold patch's place was among the files in a prompt.
package enum GoldShown: String, CaseIterable, Codable, Sendable {
  /// Every place that the gold patch changes.
  case lines
  /// All of its files, and not every place in them.
  case files
  /// Not all of its files.
  case no
}
