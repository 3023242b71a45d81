/// A line of five to nine equal characters that begins, divides or ends a SEARCH/REPLACE block.
struct SearchMarker: Hashable {
  let count: Int
  /// Blanks in front.
  let indentation: Int

  /// The byte that `line` begins with behind its blanks where that is one of a marker's, else 0: most lines are no more
  /// looked at than that.
  static func byte(_ line: ArraySlice<UInt8>) -> UInt8 {
    guard line.count > 4 else { return 0 }
    var index = line.startIndex
    while index < line.endIndex, line[index].isBlank { index += 1 }
    guard index < line.endIndex else { return 0 }
    let byte = line[index]
    return (60...62).contains(byte) ? byte : 0
  }

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
