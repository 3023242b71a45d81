import Dispatch

/// The line at the bottom of a terminal that says what is being waited for: its name, how long so far, how fast. Text
/// that streams in scrolls by above it, line by line.
///
/// Everything is written at once and ends with the line erased, so that other output may follow at any time after
/// `end`.
package actor WaitingLine {
  private let patience: Duration
  private let write: @Sendable (String) -> Void
  private let width: @Sendable () -> Int?
  private let style: Style
  private var label = ""
  /// What stands behind the time: the last word of what is waited for.
  private var note = ""
  private var begun = ContinuousClock.now
  private var firstText: ContinuousClock.Instant?
  private var pieces = 0
  /// The line of the text that is not finished.
  private var partial = ""
  private var isDrawn = false
  private var ticker: Task<Void, Never>?

  /// A line on the terminal that `write` puts text on; `width` gives its columns, and is asked at each drawing. Nothing
  /// is drawn before `patience` is over: what takes no longer is not worth a line.
  package init(
    style: Style, width: @escaping @Sendable () -> Int?, patience: Duration = .milliseconds(400),
    write: @escaping @Sendable (String) -> Void
  ) {
    self.style = style
    self.width = width
    self.patience = patience
    self.write = write
  }

  /// Begins to wait for `label`, or goes on with what began earlier.
  package func begin(_ label: String, since: ContinuousClock.Instant = .now) {
    end()
    self.label = label
    note = ""
    begun = since
    ticker = Task {
      try? await Task.sleep(for: patience)
      while !Task.isCancelled {
        draw()
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  /// Says more of what is waited for; the time goes on.
  package func rename(_ label: String) {
    self.label = label
    draw()
  }

  /// Puts a text after the time, hostile until cleaned, in place of the one before; the empty text takes it away.
  package func note(_ text: String) {
    note = text
    draw()
  }

  /// More of a text that streams in, hostile until cleaned. Each piece counts as a token.
  package func stream(_ text: String) {
    if firstText == nil { firstText = .now }
    pieces += 1
    // Scalars, not characters: a line that ends in CR and LF has one character there, and it is no newline.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let last = lines.removeLast()
    guard !lines.isEmpty else {
      partial += last
      return draw()
    }
    lines[0] = partial + lines[0]
    partial = last
    erase()
    write(lines.map { shown(line: $0) }.joined())
    draw()
  }

  /// Ends the waiting: the line goes, an unfinished line of the text stays.
  package func end() {
    ticker?.cancel()
    ticker = nil
    erase()
    if !partial.isEmpty { write(shown(line: partial)) }
    partial = ""
    firstText = nil
    pieces = 0
  }

  private static let indent = String(repeating: " ", count: 13)

  /// A line of the streamed text; rows that it is too long for begin where the first one does.
  private func shown(line: String) -> String {
    let text = line.unicodeScalars.last == "\r" ? String(line.unicodeScalars.dropLast()) : line
    let room = width().map { max($0 - WaitingLine.indent.count, WaitingLine.narrowest) }
    return WaitingLine.rows(of: Untrusted.cleanLine(text), columns: room).map { row in
      WaitingLine.indent + style.apply(.dim, row) + "\n"
    }.joined()
  }

  private static let narrowest = 40

  /// The text in rows of at most so many columns, broken behind a blank where there is one; nil breaks nothing.
  private static func rows(of text: String, columns: Int?) -> [String] {
    guard let columns, text.utf8.count > columns else { return [text] }
    var rows: [String] = []
    var row = String.UnicodeScalarView()
    var (taken, blank): (Int, Int?) = (0, nil)
    for scalar in text.unicodeScalars {
      let width = Width.of(scalar)
      if taken + width > columns {
        // A blank in front of the text is its indentation, and no place to break.
        let kept = blank ?? row.count
        rows.append(String(String.UnicodeScalarView(row.prefix(kept))))
        row = String.UnicodeScalarView(row.dropFirst(kept))
        taken = row.reduce(0) { $0 + Width.of($1) }
        blank = nil
      }
      row.append(scalar)
      taken += width
      if scalar == " ", row.contains(where: { $0 != " " }) { blank = row.count }
    }
    return rows + [String(row)]
  }

  private func draw() {
    guard ticker != nil, let width = width(), ContinuousClock.now - begun >= patience else { return }
    var line =
      "  \(Width.padded(Untrusted.cleanLine(label), to: 9))  \(WaitingLine.seconds(ContinuousClock.now - begun)) s"
    if let firstText, pieces > 1 {
      let spent = WaitingLine.tenths(ContinuousClock.now - firstText)
      if spent > 0 { line += "  \(pieces * 10 / spent) tokens/s" }
    }
    if !note.isEmpty { line += "  " + Untrusted.cleanLine(note) }
    if !partial.isEmpty { line += "  " + WaitingLine.tail(of: partial, columns: width - Width.of(line) - 4) }
    write("\r\u{1B}[K" + style.apply(.dim, Width.truncated(line, to: max(1, width - 1))))
    isDrawn = true
  }

  private func erase() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
  }

  /// As much of the end of a text as has room.
  private static func tail(of text: String, columns: Int) -> String {
    // A text may be long and is drawn often: only as much is looked at as can be shown.
    let end = text.unicodeScalars.suffix(max(0, 2 * columns))
    let clean = Untrusted.cleanLine(String(end))
    if end.startIndex == text.unicodeScalars.startIndex, Width.of(clean) <= columns { return clean }
    var kept = String.UnicodeScalarView()
    var room = columns - 1
    for scalar in clean.unicodeScalars.reversed() {
      room -= Width.of(scalar)
      if room < 0 { break }
      kept.append(scalar)
    }
    return "…" + String(String.UnicodeScalarView(kept.reversed()))
  }

  private static func tenths(_ duration: Duration) -> Int {
    let parts = duration.components
    return Int(parts.seconds) * 10 + Int(parts.attoseconds / 100_000_000_000_000_000)
  }

  private static func seconds(_ duration: Duration) -> String {
    let tenths = tenths(duration)
    return "\(tenths / 10).\(tenths % 10)"
  }
}
