import Attempts
import Instances

/// Takes as SWE-bench predictions. A patch that was written with the hidden tests in view says so in its model's name,
/// because that is the only field the format has for it.
package struct PredictionExport: Sendable {
  package let predictions: [Prediction]
  /// How many of them are labelled.
  package let assisted: Int
  package let rates: [Rate]

  /// `takes` are the last of each instance, tweaked ones left out.
  package init(takes: [Take]) {
    let finished = takes.filter { $0.chain.reply != nil }
    predictions = finished.map { take in
      let model = take.chain.reply?.model ?? ""
      return Prediction(
        instanceID: take.instanceID, model: take.isAssisted ? "\(model) (assisted)" : model,
        patch: take.chain.patch?.diff ?? "")
    }
    assisted = finished.count(where: \.isAssisted)
    rates = Rate.rates(of: finished)
  }
}
