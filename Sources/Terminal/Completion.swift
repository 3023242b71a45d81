/// What a press of Tab does: a value, so that it can be tried without a terminal.
enum Completion: Hashable, Sendable {
  /// Nothing fits.
  case none
  /// Removes so many scalars before the cursor and puts the text in their place.
  case replacement(removing: Int, text: String)
  /// Several fit and nothing more is certain: show them.
  case list([String])

  /// Chooses among candidates for the word that ends at the cursor, a UTF-8 offset into the line.
  ///
  /// The only candidate is put in, with a space behind it unless it ends in `/` or `=`; of several, what they have in
  /// common. Candidates that would put controls into the line are left out.
  init(line: String, cursor: Int, candidates: [String]) {
    let word = Self.word(in: line, before: cursor)
    var seen: Set<String> = []
    let candidates = candidates.filter { Untrusted.cleanLine($0) == $0 && seen.insert($0).inserted }
    guard let first = candidates.first else {
      self = .none
      return
    }
    let common = candidates.dropFirst().reduce(Array(first.unicodeScalars)) { common, candidate in
      zip(common, candidate.unicodeScalars).prefix { $0 == $1 }.map(\.0)
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: common)
    if candidates.count == 1, !text.hasSuffix("/"), !text.hasSuffix("=") { text += " " }
    let isProgress = candidates.count == 1 || (text.utf8.count > word.utf8.count && text.hasPrefix(word))
    self = isProgress ? .replacement(removing: word.unicodeScalars.count, text: text) : .list(candidates)
  }

  /// The text from the last blank before the cursor on.
  private static func word(in line: String, before cursor: Int) -> String {
    let bytes = line.utf8.prefix(max(0, cursor))
    let start = bytes.lastIndex { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") }
    return String(decoding: bytes[(start.map { bytes.index(after: $0) } ?? bytes.startIndex)...], as: UTF8.self)
  }

  /// Candidates in columns, down then across, each line with its newline. `width` is the screen's. Of more than `most`
  /// only the first are shown, and how many are left.
  static func listing(_ candidates: [String], width: Int, most: Int = 120) -> String {
    let shown = candidates.prefix(most).map { Width.truncated(Untrusted.cleanLine($0), to: max(1, width - 1)) }
    let column = (shown.map { Width.of($0) }.max() ?? 0) + 2
    let across = max(1, (width + 1) / column)
    let down = (shown.count + across - 1) / across
    var result = ""
    for row in 0..<down {
      let cells = stride(from: row, to: shown.count, by: down).map { shown[$0] }
      result += cells.dropLast().map { Width.padded($0, to: column) }.joined() + (cells.last ?? "") + "\n"
    }
    if candidates.count > most { result += "and \(candidates.count - most) more\n" }
    return result
  }
}
