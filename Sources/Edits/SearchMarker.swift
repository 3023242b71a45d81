/// A line of five to nine equal characters that begins, divides or ends a SEARCH/REPLACE block.
struct SearchMarker: Hashable {
  let count: Int
  /// Blanks in front.
  let indentation: Int

  /// `<<<<<<< SEARCH`
  static func head(_ line: ArraySlice<UInt8>) -> SearchMarker? { marker(line, of: 60, word: "search") }

  /// `=======`
  static func divider(_ line: ArraySlice<UInt8>) -> SearchMarker? { marker(line, of: 61, word: "") }

  /// `>>>>>>> REPLACE`
  static func tail(_ line: ArraySlice<UInt8>) -> SearchMarker? { marker(line, of: 62, word: "replace") }

  private static func marker(_ line: ArraySlice<UInt8>, of byte: UInt8, word: StaticString) -> SearchMarker? {
    let rest = line.withoutIndentation
    guard rest.first == byte else { return nil }
    if rest.count < 5 { return nil }
    let run = rest.prefix { $0 == byte }
    guard (5...9).contains(run.count), let end = rest.dropFirst(run.count).withoutIndentation.dropping(word: word),
      end.allSatisfy({ $0.isBlank || $0 == 58 })
    else { return nil }
    return SearchMarker(count: run.count, indentation: rest.startIndex - line.startIndex)
  }
}
