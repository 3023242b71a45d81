/// A local estimate of how many tokens a text takes, never below what llama-like tokenizers were measured to need for
/// Python source (4.0 bytes a token overall, 3.04 at the worst).
package enum Tokens {
  /// What one chat message costs beside its text: role and end markers of the chat template.
  package static let perMessage = 5

  /// The estimate for `text`: the larger of bytes / 3 and pieces * 1.2, times `ratio`, rounded up. A piece is a run of
  /// letters and digits, a run of blanks, or any other single character.
  /// `ratio` is the setting `tokens.ratio`; 1 unless a user has measured the model's tokenizer.
  package static func estimate(_ text: String, ratio: Double = 1) -> Int {
    var pieces = 0
    var last = Kind.none
    var bytes = 0
    for byte in text.utf8 {
      bytes += 1
      let kind = Kind(byte)
      if kind != last || kind == .other { pieces += 1 }
      last = kind
    }
    let tokens = max(Double(bytes) / 3, Double(pieces) * 1.2)
    return Int((tokens * ratio).rounded(.up))
  }

  private enum Kind {
    case none, word, blank, other

    init(_ byte: UInt8) {
      switch byte {
      case 48...57, 65...90, 97...122, 95, 128...: self = .word
      case 9, 10, 13, 32: self = .blank
      default: self = .other
      }
    }
  }
}
