/// A local estimate of how many tokens a text takes.
package enum Tokens {
  /// What one chat message costs beside its text: role and end markers of the chat template.
  package static let perMessage = 5

  /// The estimate for `text`, rounded up.
  package static func estimate(_ text: String, ratio: TokenRatio = 1) -> Int {
    switch ratio {
    case .fixed(let value): plain(text, ratio: value)
    case .auto: Int(TokenCost.of(text, scale: ratio.value / TokenRatio.unknown).rounded(.up))
    }
  }

  /// The larger of bytes / 3 and pieces * 1.2, times `ratio`. A piece is a run of letters and digits, a run of blanks, or any
  /// other single character. For Python source it is never below what llama-like tokenizers need (4.0 bytes a token
  /// overall, 3.04 at the worst), and 1.6 times above those with a large vocabulary.
  private static func plain(_ text: String, ratio: Double) -> Int {
    var text = text
    let (bytes, pieces) = text.withUTF8 { bytes in
      kinds.withUnsafeBufferPointer { kinds in
        var pieces = 0
        var last = Kind.none
        for byte in bytes {
          let kind = kinds[Int(byte)]
          if kind != last || kind == Kind.other { pieces += 1 }
          last = kind
        }
        return (bytes.count, pieces)
      }
    }
    let tokens = max(Double(bytes) / 3, Double(pieces) * 1.2)
    return Int((tokens * ratio).rounded(.up))
  }

  /// What a byte is in a piece.
  private enum Kind {
    static let none: UInt8 = 0
    static let word: UInt8 = 1
    static let blank: UInt8 = 2
    static let other: UInt8 = 3
  }

  /// The kind of every byte; bytes of characters beyond ASCII count as letters.
  private static let kinds: [UInt8] = (0...255).map { byte in
    switch byte {
    case 48...57, 65...90, 97...122, 95, 128...: Kind.word
    case 9, 10, 13, 32: Kind.blank
    default: Kind.other
    }
  }
}
