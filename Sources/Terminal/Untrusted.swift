/// Makes text from a model, a test, a data set or a script safe to show: what a terminal would obey is shown instead.
///
/// C0 controls and DEL become their control pictures (`ESC` is shown as `␛`), everything else its number (`<U+009B>`).
/// Nothing disappears, nothing is changed twice: cleaning cleaned text gives the same text.
///
/// Controls: C0 but newline and tab, DEL, C1, the bidirectional embeddings, overrides and isolates (U+202A to U+202E,
/// U+2066 to U+2069), and the line and paragraph separators (U+2028, U+2029).
package enum Untrusted {
  /// The text with its newlines and tabs, every other control made visible.
  package static func clean(_ text: String) -> String {
    cleaned(text, keepsLayout: true)
  }

  /// The text as one line: newlines and tabs are made visible too.
  package static func cleanLine(_ text: String) -> String {
    cleaned(text, keepsLayout: false)
  }

  /// The bytes as UTF-8, each ill-formed sequence replaced by U+FFFD, then cleaned as text is.
  package static func clean(bytes: some Collection<UInt8>) -> String {
    clean(String(decoding: bytes, as: UTF8.self))
  }

  private static func cleaned(_ text: String, keepsLayout: Bool) -> String {
    guard text.utf8.contains(where: { isSuspicious($0, keepsLayout: keepsLayout) }) else { return text }
    var result = String.UnicodeScalarView()
    // The end of a line may be of two characters.
    let lines = keepsLayout ? text.replacing("\r\n", with: "\n") : text
    for scalar in lines.unicodeScalars {
      if let shown = visible(scalar, keepsLayout: keepsLayout) {
        result.append(contentsOf: shown.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Whether a byte can begin a control: a control of one byte, or the first byte of C1 (C2) or of U+2000 to U+2FFF (E2).
  private static func isSuspicious(_ byte: UInt8, keepsLayout: Bool) -> Bool {
    switch byte {
    case 0x09, 0x0A: !keepsLayout
    case 0x00..<0x20, 0x7F, 0xC2, 0xE2: true
    default: false
    }
  }

  /// What stands for a control; nil where the scalar is none.
  private static func visible(_ scalar: Unicode.Scalar, keepsLayout: Bool) -> String? {
    switch scalar.value {
    case 0x09, 0x0A:
      keepsLayout ? nil : picture(scalar.value)
    case 0x00..<0x20:
      picture(scalar.value)
    case 0x7F:
      "\u{2421}"
    case 0x80...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
      "<U+" + hexadecimal(scalar.value) + ">"
    default:
      nil
    }
  }

  /// The control picture of a C0 control: U+2400 and its number.
  private static func picture(_ value: UInt32) -> String? {
    Unicode.Scalar(0x2400 + value).map { String($0) }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
