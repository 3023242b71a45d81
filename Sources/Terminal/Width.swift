/// Where text stands in its column.
package enum Alignment: Hashable, Sendable {
  case leading
  case trailing
}

/// How many columns text takes on a terminal, counted scalar by scalar as terminals do.
///
/// Wide and full-width characters and those shown as emoji take 2, combining marks and controls 0, the rest 1.
/// Source: Unicode Standard Annex 11 (East Asian Width) and the emoji property of the standard library.
package enum Width {
  /// Columns that one line of text takes.
  package static func of(_ text: String) -> Int {
    var columns = 0
    for scalar in text.unicodeScalars { columns += of(scalar) }
    return columns
  }

  /// Columns that one scalar takes: 0, 1 or 2.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value < 0x20 || (0x7F...0x9F).contains(value) ? 0 : 1 }
    // The vowels and final consonants that join a Hangul syllable.
    if (0x1160...0x11FF).contains(value) { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    return isWide(value) || scalar.properties.isEmojiPresentation ? 2 : 1
  }

  /// The text followed or led by spaces up to `width` columns; longer text is left as it is.
  package static func padded(_ text: String, to width: Int, alignment: Alignment = .leading) -> String {
    let missing = width - of(text)
    guard missing > 0 else { return text }
    let blank = String(repeating: " ", count: missing)
    return alignment == .leading ? text + blank : blank + text
  }

  /// The text in lines of at most `width` columns, broken at blanks; all lines but the first begin with `indent` blanks.
  /// A word that is longer than a line stands on one of its own. Without a width the text is left as it is.
  package static func wrapped(_ text: String, to width: Int?, indent: Int = 0) -> String {
    guard let width, of(text) > width else { return text }
    var lines: [String] = []
    var line = ""
    var columns = 0
    // The blank before a word, which goes where the line is broken there.
    var blanks = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let length = of(String(word))
      if columns > (lines.isEmpty ? 0 : indent), !line.allSatisfy({ $0 == " " }),
        columns + blanks.count + length > width
      {
        lines.append(line)
        line = String(repeating: " ", count: indent) + word
        columns = indent + length
      } else {
        line += blanks + word
        columns += blanks.count + length
      }
      blanks = " "
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// The text, or its beginning and `…`, in at most `width` columns.
  package static func truncated(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var kept = String.UnicodeScalarView()
    var columns = 0
    for scalar in text.unicodeScalars {
      columns += of(scalar)
      if columns > width - 1 { break }
      kept.append(scalar)
    }
    return String(kept) + "…"
  }

  /// The words of the text in lines of at most `width` columns. A longer word has a line of its own, and a text without
  /// words one empty line.
  package static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, of(line) + 1 + of(String(word)) > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? word : " " + word
    }
    return lines + [line]
  }

  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
      0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD:
      true
    default:
      false
    }
  }
}
