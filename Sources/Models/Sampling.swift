/// How a model is asked to answer: the settings under `model.`.
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

  package init() {}

  /// The tokens a prompt may take: the window less the answer's part.
  package var promptWindow: Int { max(0, numCtx - numPredict) }
}
