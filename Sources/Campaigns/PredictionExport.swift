import Attempts
import Instances

/// Takes as SWE-bench predictions. A patch that was written with the hidden tests in view says so in its model's name,
/// because that is the only field the format has for it.
package struct PredictionExport: Sendable {
  package let predictions: [Prediction]
  /// How many of them are labelled.
  package let assisted: Int
  package let rates: [Rate]

  /// How many instances have takes and no prediction, because a person steered every take with a reply.
  package let steered: Int

  /// The predictions of `takes`: of each instance the take with the best patch, or else the last one, among those that
  /// count in a rate; in the order in which the instances come.
  package init(takes: [Take]) {
    let counted = Steering.counted(ofAll: takes).filter { $0.chain.reply != nil }
    let byInstance = Dictionary(grouping: counted, by: \.instanceID)
    var left = byInstance.compactMapValues { takes in
      takes.first { $0.verdict?.word == .resolved } ?? Take.best(of: takes)
        ?? takes.last { $0.verdict != nil || $0.chain.patch != nil } ?? takes.last
    }
    let chosen = counted.compactMap { left.removeValue(forKey: $0.instanceID) }
    predictions = chosen.map { take in
      let model = take.answering ?? ""
      return Prediction(
        instanceID: take.instanceID, model: take.isAssisted ? "\(model) (assisted)" : model,
        patch: take.chain.patch?.diff ?? "")
    }
    assisted = chosen.count(where: \.isAssisted)
    steered = Set(takes.filter { $0.chain.reply != nil }.map(\.instanceID)).subtracting(byInstance.keys).count
    rates = Rate.rates(of: takes)
  }
}
