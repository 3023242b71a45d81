/// What differs between two lines, word by word.
struct WordDiff {
  /// A stretch of a line.
  struct Piece: Hashable {
    var text: String
    /// True where the other line has it not.
    let isChanged: Bool
  }

  let old: [Piece]
  let new: [Piece]

  /// Compares two lines. A word is a run of letters, digits and `_`, or a run of blanks, or any one other character.
  ///
  /// - Returns: nil where the lines have so little in common that marks on words would say nothing: less than a third
  ///   of the longer line's characters, blanks not counted.
  init?(old: String, new: String) {
    let (oldWords, newWords) = (WordDiff.words(old), WordDiff.words(new))
    var numbers: [String: Int] = [:]
    func number(_ word: String) -> Int {
      if let known = numbers[word] { return known }
      numbers[word] = numbers.count
      return numbers.count - 1
    }
    let match = LineMatch(old: oldWords.map(number), new: newWords.map(number))
    func length(_ words: some Sequence<String>) -> Int {
      words.reduce(0) { $0 + ($1.first?.isWhitespace ?? true ? 0 : $1.unicodeScalars.count) }
    }
    let common = length(zip(oldWords, match.removed).filter { !$0.1 }.map(\.0))
    guard common > 0, 3 * common >= max(length(oldWords), length(newWords)) else { return nil }
    self.old = WordDiff.pieces(oldWords, match.removed)
    self.new = WordDiff.pieces(newWords, match.added)
  }

  private static func pieces(_ words: [String], _ isChanged: [Bool]) -> [Piece] {
    zip(words, isChanged).reduce(into: []) { pieces, next in
      if pieces.last?.isChanged == next.1 {
        pieces[pieces.count - 1].text += next.0
      } else {
        pieces.append(Piece(text: next.0, isChanged: next.1))
      }
    }
  }

  private enum Kind { case word, blank, other }

  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    var last = Kind.other
    for scalar in line.unicodeScalars {
      let kind: Kind =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
        ? .word : scalar == " " || scalar == "\t" ? .blank : .other
      if kind != .other, kind == last {
        words[words.count - 1].unicodeScalars.append(scalar)
      } else {
        words.append(String(scalar))
      }
      last = kind
    }
    return words
  }
}

extension LineDiff {
  /// The lines of a diff as text. In colour the words that differ stand out where a removed line has an added one for
  /// its counterpart; without, the lines are as they are.
  package static func rendered(_ lines: [DiffLine], style: Style) -> String {
    guard style.color else { return lines.map { $0.rendered(style: style) }.joined() }
    var text = ""
    var index = 0
    while index < lines.count {
      let removed = lines[index...].prefix { $0.kind == .removed }
      let added = lines[removed.endIndex...].prefix { $0.kind == .added }
      guard !removed.isEmpty, !added.isEmpty else {
        text += lines[index].rendered(style: style)
        index += 1
        continue
      }
      let pairs = zip(removed, added).map { WordDiff(old: $0.text, new: $1.text) }
      let none = Array<WordDiff?>(repeating: nil, count: max(removed.count, added.count) - pairs.count)
      text += zip(removed, pairs + none).map { $0.rendered(style: style, pieces: $1?.old) }.joined()
      text += zip(added, pairs + none).map { $0.rendered(style: style, pieces: $1?.new) }.joined()
      index = added.endIndex
    }
    return text
  }
}
