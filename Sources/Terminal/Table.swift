/// Rows under a head, two spaces between the columns, no boxes.
///
/// ```
///   TAKE  VERDICT     TOKENS  CHANGED
///   1.1   unresolved   2,338
/// ```
package struct Table: Hashable, Sendable {
  /// The head of a column; shown in capitals.
  package struct Column: Hashable, Sendable {
    package let title: String
    package let alignment: Alignment
    /// True for what is typed again, and so never cut: an id.
    package let isWhole: Bool

    package init(_ title: String, alignment: Alignment = .leading, isWhole: Bool = false) {
      self.title = title
      self.alignment = alignment
      self.isWhole = isWhole
    }
  }

  /// One field. Its text is shown as one line and may come from outside: it is cleaned here.
  package struct Cell: Hashable, Sendable {
    package let text: String
    package let meaning: Meaning

    package init(_ text: String, meaning: Meaning = .plain) {
      self.text = text
      self.meaning = meaning
    }
  }

  package let columns: [Column]
  /// A row with fewer cells than columns ends in empty ones; cells beyond the last column stand under no head.
  package let rows: [[Cell]]
  /// Spaces before each line.
  package let indent: Int

  package init(columns: [Column], rows: [[Cell]], indent: Int = 2) {
    self.columns = columns
    self.rows = rows
    self.indent = indent
  }

  /// The lines of the table, each with its newline.
  ///
  /// `width` is in columns of the terminal, nil for no limit. Where the table is wider, its widest text column is cut,
  /// with an ellipsis, down to `narrowest` columns; numbers are never cut, so a very narrow screen is overrun.
  package func rendered(style: Style, width: Int?) -> String {
    let count = rows.reduce(columns.count) { max($0, $1.count) }
    guard count > 0 else { return "" }
    let head = (0..<count).map { Cell(title($0).uppercased(), meaning: .heading) }
    let lines = ([head] + rows).map { row in
      (0..<count).map { index in
        index < row.count ? Cell(Untrusted.cleanLine(row[index].text), meaning: row[index].meaning) : Cell("")
      }
    }
    let widths = fitted(natural(lines, count: count), to: width)
    return lines.map { line($0, widths: widths, style: style) }.joined()
  }

  /// No text column is cut below this many columns.
  private static let narrowest = 8

  private func title(_ index: Int) -> String {
    index < columns.count ? columns[index].title : ""
  }

  private func alignment(_ index: Int) -> Alignment {
    index < columns.count ? columns[index].alignment : .leading
  }

  private func isWhole(_ index: Int) -> Bool { index < columns.count && columns[index].isWhole }

  private func natural(_ lines: [[Cell]], count: Int) -> [Int] {
    lines.reduce(into: Array(repeating: 0, count: count)) { widths, line in
      for (index, cell) in line.enumerated() { widths[index] = max(widths[index], Width.of(cell.text)) }
    }
  }

  private func fitted(_ natural: [Int], to width: Int?) -> [Int] {
    guard let width else { return natural }
    var widths = natural
    var excess = indent + widths.reduce(0, +) + 2 * (widths.count - 1) - width
    while excess > 0 {
      let cuttable = widths.indices.filter { alignment($0) == .leading && !isWhole($0) && widths[$0] > Self.narrowest }
      guard let widest = cuttable.max(by: { widths[$0] < widths[$1] }) else { break }
      let next = cuttable.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      // Down to the second widest at once; equals go down one by one, in turn.
      let cut = min(excess, max(1, widths[widest] - max(next, Self.narrowest)))
      widths[widest] -= cut
      excess -= cut
    }
    return widths
  }

  private func line(_ cells: [Cell], widths: [Int], style: Style) -> String {
    var result = ""
    // Blanks are held back until something follows them, so that no line ends in any.
    var blanks = indent
    for (index, cell) in cells.enumerated() {
      let text = Width.truncated(cell.text, to: widths[index])
      let missing = widths[index] - Width.of(text)
      let isTrailing = alignment(index) == .trailing
      if isTrailing { blanks += missing }
      if !text.isEmpty {
        result += String(repeating: " ", count: blanks) + style.apply(cell.meaning, text)
        blanks = 0
      }
      if !isTrailing { blanks += missing }
      blanks += 2
    }
    return result + "\n"
  }
}
