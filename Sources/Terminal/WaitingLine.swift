import Dispatch

/// The line at the bottom of a terminal that says what is being waited for: its name, how long so far, how fast. Text
/// that streams in scrolls by above it, line by line.
///
/// Everything is written at once and ends with the line erased, so that other output may follow at any time after
/// `end`.
package actor WaitingLine {
  /// How long something may take before it is worth a line.
  private static let patience = Duration.milliseconds(400)

  private let write: @Sendable (String) -> Void
  private let width: @Sendable () -> Int?
  private let style: Style
  private var label = ""
  private var begun = ContinuousClock.now
  private var firstText: ContinuousClock.Instant?
  private var pieces = 0
  private var partial = ""
  private var isDrawn = false
  private var ticker: Task<Void, Never>?

  /// A line on the terminal that `write` puts text on; `width` gives its columns, and is asked at each drawing.
  package init(style: Style, width: @escaping @Sendable () -> Int?, write: @escaping @Sendable (String) -> Void) {
    self.style = style
    self.width = width
    self.write = write
  }

  /// Begins to wait for `label`.
  package func begin(_ label: String) {
    end()
    self.label = label
    begun = .now
    ticker = Task {
      try? await Task.sleep(for: WaitingLine.patience)
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

  /// More of a text that streams in, hostile until cleaned. Each piece counts as a token.
  package func stream(_ text: String) {
    if firstText == nil { firstText = .now }
    pieces += 1
    partial += text
    guard let last = partial.lastIndex(of: "\n") else { return draw() }
    var lines = ""
    for line in partial[..<last].split(separator: "\n", omittingEmptySubsequences: false) {
      lines += WaitingLine.indent + style.apply(.dim, Untrusted.cleanLine(String(line))) + "\n"
    }
    partial = String(partial[partial.index(after: last)...])
    erase()
    write(lines)
    draw()
  }

  /// Ends the waiting: the line goes, an unfinished line of the text stays.
  package func end() {
    ticker?.cancel()
    ticker = nil
    erase()
    if !partial.isEmpty { write(WaitingLine.indent + style.apply(.dim, Untrusted.cleanLine(partial)) + "\n") }
    partial = ""
    firstText = nil
    pieces = 0
  }

  private static let indent = String(repeating: " ", count: 13)

  private func draw() {
    guard ticker != nil, let width = width(), ContinuousClock.now - begun >= WaitingLine.patience else { return }
    var line = "  \(Width.padded(label, to: 9))  \(WaitingLine.seconds(ContinuousClock.now - begun)) s"
    if let firstText, pieces > 1 {
      let spent = WaitingLine.tenths(ContinuousClock.now - firstText)
      if spent > 0 { line += "  \(pieces * 10 / spent) tokens/s" }
    }
    if !partial.isEmpty {
      line += "  " + WaitingLine.tail(Untrusted.cleanLine(partial), columns: width - line.count - 4)
    }
    write("\r\u{1B}[K" + style.apply(.dim, Width.truncated(line, to: max(1, width - 1))))
    isDrawn = true
  }

  private func erase() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
  }

  /// The end of a text that has no more room.
  private static func tail(_ text: String, columns: Int) -> String {
    Width.of(text) <= columns ? text : "…" + String(text.suffix(max(0, columns / 2)))
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
