/// Text from outside (ids, errors, names) made harmless for a kind of file.
enum SafeText {
  /// On one line, with controls and what turns the direction of text as U+FFFD.
  static func line(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{FFFD}" }))
  }

  /// For XML and HTML: between tags and in quoted attributes. A line's end stays.
  static func markup(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      // A parser would take it for a blank in an attribute.
      case "\n": safe += "&#10;"
      default: safe.unicodeScalars.append(isPlain(scalar) && scalar.value & 0xFFFE != 0xFFFE ? scalar : "\u{FFFD}")
      }
    }
    return safe
  }

  /// With line ends and tabs as they are, and every other control and what turns the direction of text spelt out as
  /// `⟨U+202E⟩`, so that a reader sees what is there.
  static func visible(_ text: String) -> String {
    if text.unicodeScalars.allSatisfy({ isPlain($0) || $0 == "\n" || $0 == "\t" }) { return text }
    var seen = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isPlain(scalar) || scalar == "\n" || scalar == "\t" {
        seen.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        seen.append(
          contentsOf: "⟨U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)⟩".unicodeScalars)
      }
    }
    return String(seen)
  }

  /// For Markdown, in a table too: whatever could be markup is a character reference, which never is.
  static func markdown(_ text: String) -> String {
    var safe = ""
    for scalar in line(text).unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", "\u{80}"...: safe.unicodeScalars.append(scalar)
      default: safe += "&#\(scalar.value);"
      }
    }
    return safe
  }

  /// For the message of a workflow command of GitHub's.
  ///
  /// Source: the escapes of GitHub's toolkit, core/command: `%`, CR and LF, in a property `:` and `,` too.
  static func command(_ text: String) -> String {
    replacing(["%": "%25", "\r": "%0D", "\n": "%0A"], in: text)
  }

  /// For a property of a workflow command.
  static func property(_ text: String) -> String {
    replacing([":": "%3A", ",": "%2C"], in: command(line(text)))
  }

  /// For a cell of a table that a spreadsheet may open: a formula becomes a text by the quote before it, and
  /// what a terminal would obey is U+FFFD.
  static func cell(_ text: String) -> String {
    let kept: Set<Unicode.Scalar> = ["\t", "\r", "\n"]
    let clean = String(
      String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) || kept.contains($0) ? $0 : "\u{FFFD}" }))
    guard let first = clean.unicodeScalars.first,
      "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
    else { return clean }
    return "'\(clean)"
  }

  /// Scalar by scalar: a mark behind a quote, or a line's end of two, makes a character of its own.
  static func replacing(_ replacements: [Unicode.Scalar: String], in text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      if let replacement = replacements[scalar] { safe += replacement } else { safe.unicodeScalars.append(scalar) }
    }
    return safe
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: false
    default: true
    }
  }
}
