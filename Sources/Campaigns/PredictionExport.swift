import Attempts
import Instances

/// Takes as SWE-bench predictions. A patch that was written with the hidden tests in view says so in its model's name,
/// because that is the only field the format has for it.
package struct PredictionExport: Sendable {
  package let predictions: [Prediction]
  /// How many of them are labelled.
  package let assisted: Int
  package let rates: [Rate]

  /// The predictions of `takes`: of each instance the last one with a reply, tweaked ones left out, in the order in
  /// which the instances come.
  package init(takes: [Take]) {
    let finished = takes.filter { $0.chain.reply != nil && !$0.isTweaked }
    var left = Dictionary(finished.map { ($0.instanceID, $0) }, uniquingKeysWith: { $1 })
    let chosen = finished.compactMap { left.removeValue(forKey: $0.instanceID) }
    predictions = chosen.map { take in
      let model = take.chain.reply?.model ?? ""
      return Prediction(
        instanceID: take.instanceID, model: take.isAssisted ? "\(model) (assisted)" : model,
        patch: take.chain.patch?.diff ?? "")
    }
    assisted = chosen.count(where: \.isAssisted)
    rates = Rate.rates(of: takes)
  }
}
