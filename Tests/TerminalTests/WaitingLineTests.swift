import Synchronization
import Testing

@testable import Terminal

/// What was written, and what a terminal would show of it.
private final class Paper: Sendable {
  private let state = Mutex<[String]>([])

  @Sendable func add(_ text: String) { state.withLock { $0.append(text) } }

  var writes: [String] { state.withLock { $0 } }

  var text: String { writes.joined() }

  /// The rows that stand in the end: every drawing begins with its row erased.
  var rows: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
      row.split(separator: "\r\u{1B}[K", omittingEmptySubsequences: false).last.map { String($0) } ?? ""
    }
  }

  /// Waits until `holds`, for as long as a busy machine may need.
  func wait(until holds: (Paper) -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(300)
    while !holds(self), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
    return holds(self)
  }
}

@Suite struct `the waiting line` {
  private let paper = Paper()
  private let indent = String(repeating: " ", count: 13)

  private func line(width: Int? = 80, patience: Duration = .zero, color: Bool = false) -> WaitingLine {
    WaitingLine(style: Style(color: color), width: { width }, patience: patience, write: paper.add)
  }

  @Test func `says what is waited for and how long so far, and is gone afterwards`() async throws {
    let line = line()
    await line.begin("tests")
    #expect(try await paper.wait { $0.text.firstMatch(of: /tests +[0-9]+\.[0-9] s/) != nil })
    #expect(try await paper.wait { $0.writes.count > 1 })
    await line.end()
    #expect(paper.rows == [""])
    #expect(paper.writes.last == "\r\u{1B}[K")
  }

  @Test func `writes nothing before its patience is over`() async throws {
    let line = line(patience: .seconds(3_600))
    await line.begin("reply")
    await line.stream("no newline yet")
    #expect(paper.writes == [])
    await line.stream(", now\n")
    #expect(paper.writes == [indent + "no newline yet, now\n"])
    await line.end()
    #expect(paper.writes.count == 1)
  }

  @Test func `writes nothing where there is no width`() async throws {
    let line = line(width: nil)
    await line.begin("reply")
    await line.stream("a\nb")
    await line.end()
    #expect(paper.text == indent + "a\n" + indent + "b\n")
  }

  @Test func `lets the lines of a stream scroll by above it, whatever the pieces`() async throws {
    let text = "one\n\ntwo\r\nthree é漢\nunfinished"
    for size in 1...9 {
      let paper = Paper()
      let line = WaitingLine(style: Style(color: false), width: { 60 }, patience: .zero, write: paper.add)
      await line.begin("reply")
      var rest = Substring(text).unicodeScalars[...]
      while !rest.isEmpty {
        await line.stream(String(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      await line.end()
      #expect(paper.rows == ["one", "", "two", "three é漢", "unfinished"].map { indent + $0 } + [""])
    }
  }

  @Test func `shows the end of a line that is not finished, and how fast it comes`() async throws {
    let line = line()
    await line.begin("reply")
    await line.stream("The value ")
    try await Task.sleep(for: .milliseconds(120))
    await line.stream("is wrong")
    #expect(paper.writes.last?.hasSuffix("  The value is wrong") == true)
    #expect(paper.writes.last?.firstMatch(of: /reply {6}[0-9.]+ s  [0-9]+ tokens\/s  The value is wrong$/) != nil)
  }

  @Test func `stays in its row, however narrow the terminal is and whatever streams in`() async throws {
    for width in [1, 2, 12, 20, 41, 80] {
      for text in [String(repeating: "x", count: 500), String(repeating: "漢字", count: 100), "e\u{301}\u{301}🙂"] {
        let paper = Paper()
        let line = WaitingLine(style: Style(color: false), width: { width }, patience: .zero, write: paper.add)
        await line.begin("reply")
        await line.stream(text)
        #expect(paper.writes.count > 0)
        for drawn in paper.writes {
          #expect(drawn.hasPrefix("\r\u{1B}[K"))
          #expect(Width.of(String(drawn.dropFirst(4))) <= max(1, width - 1), "\(width)")
        }
      }
    }
  }

  @Test func `shows hostile text and never obeys it`() async throws {
    let line = line(color: true)
    await line.begin("reply")
    // A sequence cut in two, a title, a cleared screen, an 8-bit control, an overwritten line, an override.
    for piece in ["a\u{1B}", "[2Jb\u{1B}]0;title\u{7}", "\rc\u{9B}31m\n", "d\u{8}\u{202E}e", "\u{1B}"] {
      await line.stream(piece)
    }
    await line.end()
    let shown = paper.text.replacing("\r\u{1B}[K", with: "").replacing("\u{1B}[2m", with: "").replacing(
      "\u{1B}[0m", with: "")
    #expect(shown == Untrusted.clean(shown))
    #expect(paper.text.contains("a␛[2Jb␛]0;title␇␍c<U+009B>31m"))
    #expect(paper.text.contains("d␈<U+202E>e␛"))
  }

  @Test func `begins anew for the next thing that is waited for`() async throws {
    let line = line()
    await line.begin("reply")
    await line.stream("a\nb")
    await line.begin("tests")
    #expect(try await paper.wait { $0.writes.last?.contains("tests") == true })
    await line.end()
    #expect(!paper.writes.contains { $0.contains("tests") && $0.contains("tokens") })
    #expect(paper.rows == [indent + "a", indent + "b", ""])
  }

  @Test func `breaks a long line behind a blank, and lets no row out of the terminal`() async throws {
    let line = line(width: 60)
    await line.begin("reply")
    await line.stream("    The list is made in full_clean(), where its class is left out, so that x.y is lost.\n")
    await line.stream(String(repeating: "漢", count: 30) + "\n")
    await line.end()
    let rows = [
      "    The list is made in full_clean(), where ", "its class is left out, so that x.y is lost.",
      String(repeating: "漢", count: 23), String(repeating: "漢", count: 7),
    ]
    #expect(paper.rows == rows.map { indent + $0 } + [""])
  }

  @Test func `takes a megabyte without a newline, a piece at a time`() async throws {
    let line = line()
    await line.begin("reply")
    for _ in 0..<4_000 { await line.stream(String(repeating: "word ", count: 50)) }
    #expect(paper.writes.last?.hasSuffix("word word ") == true)
    await line.end()
    #expect(paper.rows.joined().ranges(of: "word ").count >= 200_000)
  }
}
