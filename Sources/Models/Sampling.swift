/// How a model is asked to answer one attempt: the settings under `model.`, see ``RetrySampling`` for later attempts.
package struct Sampling: Hashable, Codable, Sendable {
  /// 0 is the likeliest answer; retries of a small model do better at 0.4 to 0.7.
  package var temperature: Double = 0
  /// The seed of the sampling.
  package var seed: Int = 1
  /// The most tokens of an answer; this part of the window is reserved for it.
  package var numPredict: Int = 2048
  /// The window in tokens, prompt and answer together. Constant, because changing it makes Ollama load the model again.
  package var numCtx: Int = 16384
  /// 1 leaves repetition alone; Ollama's old default of 1.1 distorts code.
  package var repeatPenalty: Double = 1
  /// These three narrow the choice of each token; nil is the server's own.
  package var topP: Double?
  package var topK: Int?
  package var minP: Double?
  /// Texts that end an answer; nil is the server's own.
  package var stop: [String]?
  /// A grammar in llama.cpp's notation (GBNF) that an answer must follow.
  package var grammar: String?
  /// A JSON schema that an answer must follow, as JSON.
  package var schema: String?

  package init() {}

  /// The tokens a prompt may take: the window less the answer's part.
  package var promptWindow: Int { max(0, numCtx - numPredict) }

  /// What an attempt is sampled with: this for the first, with what `later` says for the others.
  package func of(attempt: Int, _ later: RetrySampling) -> Sampling {
    guard attempt > 1 else { return self }
    var sampling = self
    /// The value for this attempt among those for 2, 3 and so on; the last is for all behind it.
    func value<Value>(_ values: [Value]) -> Value? { values.isEmpty ? nil : values[min(attempt - 2, values.count - 1)] }
    sampling.temperature = value(later.temperature) ?? temperature
    sampling.topP = value(later.topP) ?? topP
    sampling.topK = value(later.topK) ?? topK
    sampling.minP = value(later.minP) ?? minP
    sampling.repeatPenalty = value(later.repeatPenalty) ?? repeatPenalty
    sampling.numPredict = value(later.numPredict) ?? numPredict
    // Seeds are never used twice: behind the last that is given they count up.
    let given = [seed] + later.seed
    sampling.seed = attempt <= given.count ? given[attempt - 1] : (given.last ?? seed) &+ (attempt - given.count)
    return sampling
  }
}

/// What is sampled otherwise from the second attempt on: each list is for attempts 2, 3 and so on, its last value for
/// all behind it, and an empty one changes nothing. The first attempt is cold; the same question asked again at
/// temperature 0 would have the same answer.
package struct RetrySampling: Hashable, Codable, Sendable {
  package var temperature: [Double] = [0.5]
  package var topP: [Double] = []
  package var topK: [Int] = []
  package var minP: [Double] = []
  package var repeatPenalty: [Double] = []
  package var numPredict: [Int] = []
  /// Behind the last one seeds count up by 1.
  package var seed: [Int] = []

  package init() {}
}
