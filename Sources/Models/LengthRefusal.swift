import Foundation

/// What an error message says of a prompt that is too long for the model's window. Servers have no common code for it and
/// tell the numbers in words alone, so it is read as words: something that names a window, and something that says the
/// window is exceeded.
struct LengthRefusal: Hashable {
  /// Tokens of the prompt, and of the window, where the message tells them.
  let promptTokens: Int?
  let window: Int?

  /// Nil where the message says something else. `type` is the error's type, as servers call it.
  init?(_ message: String, type: String = "") {
    let text = message.prefix(2000).lowercased()
    guard !LengthRefusal.excluded.contains(where: { text.contains($0) || type.contains($0) }) else { return nil }
    guard LengthRefusal.isRefusal(text) else { return nil }
    let numbers = LengthRefusal.numbers(in: text)
    let window = LengthRefusal.window(among: numbers)
    let prompt = LengthRefusal.prompt(among: numbers, except: window)
    self.window = window.flatMap { numbers[$0].value }
    promptTokens = prompt.flatMap { numbers[$0].value }
  }

  // MARK: - What it is about

  /// Limits that a window is not: a rate, an account, a machine's memory. A server that cannot load its model says much
  /// the same as one whose window is too small.
  private static let excluded = [
    "per min", "tpm", "per day", "rate limit", "rate_limit", "quota", "overloaded", "memory", "failed to load",
    "error loading", "unable to load", "authentication",
  ]

  private static let windows = [
    "context length", "context size", "context window", "context limit", "context_length", "context overflow", "n_ctx",
    "max_model_len", "maximum model length", "model's maximum length", "max_seq_len", "maximum sequence length",
    "max sequence length", "maximum input length", "maximum number of tokens allowed", "maximum number of input tokens",
    "max_position_embeddings", "max_input_tokens", "max_input_length", "max_total_tokens", "maximum prompt length",
  ]

  private static let excesses = [
    "exceed", "overflow", "longer than", "greater than", "larger than", "bigger than", "more than", "too long",
    "too large", "too many", "too big", "not enough", "not fit", "n't fit", "less than", "must be <=",
    "reduce the length",
    "shorten", "out of context", "maximum context length is", ">",
  ]

  /// Phrases that say it all.
  private static let plain = [
    "context_length_exceeded", "exceed_context_size", "maximum context length is", "prompt is too long",
    "prompt too long",
    "input is too long", "input too long", "message was too long", "messages are too long", "prompt exceeds",
    "input exceeds", "request too long",
  ]

  private static func isRefusal(_ text: String) -> Bool {
    if plain.contains(where: text.contains) { return true }
    let isExceeded = excesses.contains(where: text.contains)
    if isExceeded, windows.contains(where: text.contains) { return true }
    // TGI: `inputs` must have less than 1024 tokens; `inputs` tokens + `max_new_tokens` must be <= 4096.
    if text.contains("inputs"), text.contains("tokens"), text.contains("must have less") || text.contains("must be <=")
    {
      return true
    }
    let isOfPrompt = text.contains("prompt") || text.contains("input") || text.contains("messages")
    return isOfPrompt && text.contains("tokens") && (text.contains("exceed") || text.contains("too long"))
  }

  // MARK: - The numbers

  private struct Number {
    /// Nil where it is more than could be counted.
    let value: Int?
    /// The text around it, up to the numbers beside it.
    let before: Substring
    let after: Substring
  }

  private static func numbers(in text: String) -> [Number] {
    let digits = text.matches(of: #/[0-9]+(?:[,_][0-9]{3})*(?![.0-9]*[0-9])/#)
    return digits.indices.map { index in
      let range = digits[index].range
      let start = index == 0 ? text.startIndex : digits[index - 1].range.upperBound
      let end = index + 1 < digits.count ? digits[index + 1].range.lowerBound : text.endIndex
      let plain = text[range].filter { $0 != "," && $0 != "_" }
      return Number(
        value: ServerNumber(Int(plain)).value, before: text[start..<range.lowerBound].suffix(60),
        after: text[range.upperBound..<end].prefix(60))
    }
  }

  /// What stands before the number of a prompt's tokens.
  private static let told = [
    "resulted in", "requested tokens", "prompt length", "input length", "token count", "keep the first", "n_keep",
    "n_prompt_tokens", "given:", "received", "contains", "prompt (", "input (", "request (", "(length ", "too long:",
  ]

  /// Whether one of `labels` stands before a number, and none of `others` nearer to it.
  private static func isLabelled(_ number: Number, _ labels: [String], before others: [String]) -> Bool {
    /// How far from the number the nearest ends, in characters.
    func distance(_ labels: [String]) -> Int? {
      labels.compactMap { label in
        number.before.ranges(of: label).last.map {
          number.before.distance(from: $0.upperBound, to: number.before.endIndex)
        }
      }.min()
    }
    guard let own = distance(labels) else { return false }
    return distance(others).map { own <= $0 } ?? true
  }

  private static func window(among numbers: [Number]) -> Int? {
    let labels =
      windows + [
        "maximum of", "limit of", "limit is", "must be <=", "less than", "cannot exceed", "tokens > ", "allowed (",
      ]
    // What is added to, as in `200000 + 8192 > 204698`, is no limit.
    if let index = numbers.firstIndex(where: { isLabelled($0, windows, before: told) && !$0.after.hasPrefix(" +") }) {
      return index
    }
    if let index = numbers.firstIndex(where: { isLabelled($0, labels, before: told) && !$0.after.hasPrefix(" +") }) {
      return index
    }
    if let index = numbers.firstIndex(where: { number in
      let after = number.after.drop { $0 == " " }
      return after.hasPrefix("maximum")
        || windows.contains { after.prefix(40).contains($0) } && after.hasPrefix("token")
    }) {
      return index
    }
    // `(2321 > 2048)`, or of two numbers the smaller.
    if let index = numbers.firstIndex(where: { $0.before.hasSuffix("> ") }) { return index }
    guard numbers.count == 2, let first = numbers[0].value, let second = numbers[1].value, first != second else {
      return nil
    }
    return first < second ? 0 : 1
  }

  private static func prompt(among numbers: [Number], except window: Int?) -> Int? {
    let others = numbers.indices.filter { $0 != window }
    /// The first of the other numbers that stands so.
    func first(_ holds: (Number) -> Bool) -> Int? { others.first { holds(numbers[$0]) } }
    func isFollowed(_ number: Number, _ phrases: [String]) -> Bool {
      let after = number.after.drop { $0 == " " || $0 == "`" || $0 == ")" }
      return phrases.contains { after.hasPrefix($0) }
    }
    let counted = [
      "in the messages", "in the prompt", "tokens in the messages", "tokens in the prompt", "input tokens", "inputs`",
      "tokens from the input", "tokens of input", "prompt tokens",
    ]
    if let index = first({ isFollowed($0, counted) }) { return index }
    if let index = first({ number in told.contains { number.before.contains($0) } }) { return index }
    let bound = window.flatMap { numbers[$0].value } ?? 0
    return others.first { (numbers[$0].value ?? 0) > bound && isFollowed(numbers[$0], ["token", "> ", ">"]) }
  }
}
