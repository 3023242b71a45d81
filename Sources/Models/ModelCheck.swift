/// What there is to say of a model before it is used: it is warmed up, since the first answer after loading may differ
/// from later ones, asked for a few words, and what is wrong is said in plain words.
package struct ModelCheck: Hashable, Sendable {
  package let passport: Passport
  /// What the model said, with how it ended.
  package let text: String
  package let end: ReplyEnd
  /// What a person should know, each with what to do about it; empty where all is well.
  package let remarks: [String]

  /// What is asked. The answer does not matter; how it comes does.
  private static let prompt = "Reply with the one word OK."

  /// Asks `model` twice, with the window that will be used.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - sampling: what it will be asked with.
  ///   - retrying: told of each request that is sent again.
  /// - Returns: what it found; a part that the server does not tell is missing.
  /// - Throws: `ServerError` where no answer comes.
  package static func of(
    _ model: any ServerModel, _ sampling: Sampling, retrying: @Sendable (Retry) async -> Void = { _ in }
  ) async throws -> ModelCheck {
    var probe = sampling
    (probe.grammar, probe.schema, probe.stop) = (nil, nil, nil)
    probe.numPredict = 1
    _ = try await answer(model, probe, retrying)
    probe.numPredict = 16
    let (text, end) = try await answer(model, probe, retrying)
    let passport = await model.passport(sampling)
    var remarks: [String] = []
    if let loaded = passport.loadedWindow, loaded < sampling.numCtx {
      remarks.append(
        "the window is smaller than asked: \(loaded) of \(sampling.numCtx) tokens; `set model.num_ctx \(loaded)`, or "
          + "start the server with a larger one")
    }
    if model.place.name.kind == .ollama, await model.refusesWhatDoesNotFit() == false {
      remarks.append(
        "\(passport[.server] ?? "this Ollama") is too old for `truncate: false`: it cuts prompts in silence, and ramp has "
          + "to ask twice to find out; 0.12.6 or newer refuses them")
    }
    if end.window?.state == .truncated {
      remarks.append("even a short prompt was not read whole: \(end.window?.evidence ?? "")")
    }
    if end.window?.state == .unknown {
      remarks.append("whether prompts are read whole cannot be shown: \(end.window?.evidence ?? "")")
    }
    if end.reason == .broken { remarks.append("the answer broke off: \(end.why ?? "the server does not say why")") }
    return ModelCheck(passport: passport, text: text, end: end, remarks: remarks)
  }

  private static func answer(
    _ model: any ServerModel, _ sampling: Sampling, _ retrying: @Sendable (Retry) async -> Void
  ) async throws -> (text: String, end: ReplyEnd) {
    let request = ModelRequest(
      messages: [ModelMessage(role: "user", text: prompt)], sampling: sampling, instanceID: "")
    var text = ""
    var end: ReplyEnd?
    for try await event in model.reply(to: request) {
      switch event {
      case .text(let more): text += more
      case .retry(let retry): await retrying(retry)
      case .end(let last): end = last
      }
    }
    try Task.checkCancellation()
    return (text, end ?? ReplyEnd(reason: .broken, model: model.name))
  }
}
