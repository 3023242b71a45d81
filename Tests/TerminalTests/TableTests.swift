import Terminal
import Testing

@Suite struct `a line that is too long` {
  @Test(arguments: [
    ("  try: run it again", 80, "  try: run it again"),
    ("  try: run it again, then look", 20, "  try: run it again,\n       then look"),
    ("  try: aaaaaaaaaaaaaaaaaaaaaaaa b", 12, "  try:\n       aaaaaaaaaaaaaaaaaaaaaaaa\n       b"),
    ("aaaa bbbb", 4, "aaaa\n       bbbb"), ("größe größe größe", 11, "größe größe\n       größe"), ("", 3, ""),
    ("日本 日本", 5, "日本\n       日本"),
  ])
  func `is broken at blanks, and goes on under its text`(text: String, width: Int, wrapped: String) {
    #expect(Width.wrapped(text, to: width, indent: 7) == wrapped)
    #expect(Width.wrapped(text, to: nil, indent: 7) == text)
  }
}

@Suite struct `a table` {
  private let attempts = Table(
    columns: [
      .init("take"), .init("verdict"), .init("tokens", alignment: .trailing), .init("changed"),
    ],
    rows: [
      [.init("1.1"), .init("unresolved", meaning: .bad), .init("2,338"), .init("")],
      [
        .init("1.2"), .init("resolved", meaning: .good), .init("2,818"),
        .init("context + forms/formsets.py:40-80"),
      ],
    ])

  @Test func `stands in columns without boxes, and no line ends in blanks`() {
    #expect(
      attempts.rendered(style: Style(color: false), width: nil) == """
          TAKE  VERDICT     TOKENS  CHANGED
          1.1   unresolved   2,338
          1.2   resolved     2,818  context + forms/formsets.py:40-80

        """)
  }

  @Test func `has its widest text cut where the screen is narrow, never its numbers`() {
    #expect(
      attempts.rendered(style: Style(color: false), width: 50) == """
          TAKE  VERDICT     TOKENS  CHANGED
          1.1   unresolved   2,338
          1.2   resolved     2,818  context + forms/forms…

        """)
  }

  @Test func `has the same columns in colour`() {
    let colored = attempts.rendered(style: Style(color: true), width: 50)
    #expect(colored.contains("\u{1B}[31munresolved\u{1B}[0m   2,338\n"))
    #expect(colored.contains("\u{1B}[32mresolved\u{1B}[0m     2,818"))
  }

  @Test func `shows cells from outside as one harmless line`() {
    let table = Table(columns: [.init("id")], rows: [[.init("a\u{1B}[2J\nb")]], indent: 0)
    #expect(table.rendered(style: Style(color: false), width: nil) == "ID\na␛[2J␊b\n")
  }

  @Test func `takes rows that are too short or too long`() {
    let table = Table(columns: [.init("a"), .init("b")], rows: [[.init("1")], [.init("1"), .init("2"), .init("3")]])
    #expect(table.rendered(style: Style(color: false), width: nil) == "  A  B\n  1\n  1  2  3\n")
  }

  @Test func `is its head alone without rows, and nothing without columns`() {
    #expect(Table(columns: [.init("a")], rows: []).rendered(style: Style(color: false), width: 80) == "  A\n")
    #expect(Table(columns: [], rows: []).rendered(style: Style(color: false), width: 80) == "")
  }

  @Test func `fits every screen that its columns allow`() {
    var generator = Generator(seed: 2)
    for width in 40..<120 {
      let rows = (0..<5).map { _ in
        (0..<3).map { _ in
          Table.Cell(String(repeating: "漢x", count: Int.random(in: 0..<30, using: &generator)))
        }
      }
      let table = Table(columns: [.init("one"), .init("two"), .init("three")], rows: rows)
      for line in table.rendered(style: Style(color: false), width: width).split(separator: "\n") {
        #expect(Width.of(String(line)) <= width)
      }
    }
  }
}
