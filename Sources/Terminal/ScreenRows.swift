/// Where text ends on a screen that wraps it.
enum ScreenRows {
  /// Rows that the cursor has gone down once `text` is written from column `start` on. A row that is full to its last
  /// column counts as left, as libedit leaves it.
  static func rows(of text: String, from start: Int, columns: Int) -> Int {
    guard columns > 0 else { return 0 }
    var (row, column) = start.quotientAndRemainder(dividingBy: columns)
    for scalar in text.unicodeScalars {
      let width = Width.of(scalar)
      if scalar == "\n" || column + width > columns {
        row += 1
        column = 0
      }
      column += width
      if column == columns {
        row += 1
        column = 0
      }
    }
    return row
  }
}
