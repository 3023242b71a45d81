import Content
import Testing

@testable import Script

private func parse(_ text: String) throws -> ScriptFile {
  try ScriptFile.parse(Array(text.utf8), name: "x.ramp")
}

@Suite struct `a script file` {
  static let session = """
    # ramp session 1
    # Asks again.
    load practice
    run a; expect verdict \\
      unresolved

    -- template/repair format=search note="two words" --
    \\-- not a header --
    \\\\-- nor this
    --nor this
    -- reply/django__django-11000/1.1 no-eol --
    last line
    -- empty --
    -- newline --

    -- bytes/x base64 --
    AA0K/w==

    """

  @Test func `is commands and sections`() throws {
    let file = try parse(Self.session)
    #expect(file.version == 1)
    #expect(file.lines.map(\.text) == ["load practice", "run a", "expect verdict   unresolved"])
    #expect(file.lines.map(\.number) == [3, 4, 4])
    #expect(
      file.sections.map(\.title) == [
        "template/repair", "reply/django__django-11000/1.1", "empty", "newline", "bytes/x",
      ])
    #expect(file.sections.map(\.line) == [7, 11, 13, 14, 16])
    #expect(file.section("template", "repair")?.text == "-- not a header --\n\\-- nor this\n--nor this\n")
    #expect(file.section("template", "repair")?[attribute: "note"] == "two words")
    #expect(file.section("reply", "django__django-11000/1.1")?.text == "last line")
    #expect(file.section("empty")?.body == [])
    #expect(file.section("newline")?.body == [10])
    #expect(file.section("bytes", "x")?.body == [0, 13, 10, 255])
    #expect(file.serialized() == Array(Self.session.utf8))
  }

  @Test func `shows carriage returns as text, and reads what was kept in base64`() throws {
    let body = Array("a\r\nb\\r\\\\\r\n\\d \r r\n-- c\r\n\\\\".utf8)
    let section = Section(kind: "prompt", name: "x", body: body).pinned()
    let written = String(decoding: try ScriptFile(text: "", sections: [section]).serialized(), as: UTF8.self)
    #expect(
      written.hasSuffix(
        """
         cr no-eol --
        a\\r
        b\\\\r\\\\\\\\\\r
        \\d \\r r
        \\-- c\\r
        \\\\

        """))
    #expect(try parse(written).sections == [section])
    #expect(try parse("-- prompt/x base64 --\nYQ0KYg0K\n").sections.first?.text == "a\r\nb\r\n")
  }

  @Test func `may have CRLF line ends, a byte order mark and no last line end`() throws {
    let file = try parse("\u{FEFF}# ramp session 1\r\nrun \\\r\n a\r\nquit\r\n-- x --\r\nbody")
    #expect(file.text == "# ramp session 1\nrun \\\n a\nquit\n")
    #expect(file.lines.map(\.text) == ["run  a", "quit"])
    #expect(file.sections.map(\.text) == ["body\n"])
    #expect(try parse("quit\r").lines.map(\.text) == ["quit"])
    #expect(try parse("").lines.isEmpty)
  }

  static let faults: [(String, ScriptError)] = [
    ("a\nb 'c\n", ScriptError.unclosedQuote(line: 2, column: 3, quote: "'")),
    ("# ramp session 2\nquit\n-- x", .newerVersion(line: 1, found: 2, supported: 1)),
    ("# ramp session one\n", .unreadableVersion(line: 1, text: "# ramp session one")),
    ("# ramp session\n", .unreadableVersion(line: 1, text: "# ramp session")),
    ("a\n\0\n", .nul(line: 2)),
    ("a\n--\n", .malformedHeader(line: 2, fault: .frame)),
    ("a\n--x/y--\n", .malformedHeader(line: 2, fault: .frame)),
    ("-- x --\nbody\n-- y\n", .malformedHeader(line: 3, fault: .frame)),
    ("-- --\n", .malformedHeader(line: 1, fault: .frame)),
    ("--  --\n", .malformedHeader(line: 1, fault: .frame)),
    ("-- /x --\n", .malformedHeader(line: 1, fault: .kind(""))),
    ("-- x/ --\n", .malformedHeader(line: 1, fault: .name("x/"))),
    ("-- x/ä --\n", .malformedHeader(line: 1, fault: .name("x/ä"))),
    ("-- x a= --\n", .malformedHeader(line: 1, fault: .attribute("a="))),
    ("-- x a=\"b --\n", .malformedHeader(line: 1, fault: .attribute("a=\"b"))),
    ("-- x a=\"b\"c --\n", .malformedHeader(line: 1, fault: .attribute("a=\"b\"c"))),
    ("-- x a a=1 --\n", .malformedHeader(line: 1, fault: .repeatedAttribute("a"))),
    ("-- x sha256=ab --\n", .malformedHeader(line: 1, fault: .hash("ab"))),
    ("-- x/y --\n-- x --\n-- x/y --\n", .duplicateSection(line: 3, first: 1, section: "x/y")),
    ("-- x base64 --\n*\n", .badBase64(line: 1, section: "x")),
  ]

  @Test(arguments: faults)
  func `that cannot be read says on which line, and what to do`(text: String, error: ScriptError) {
    #expect(throws: error) { try parse(text) }
    #expect(error.line != nil)
    #expect(error.errorDescription?.isEmpty == false && error.recoverySuggestion?.isEmpty == false)
  }

  @Test func `holds no bytes but UTF-8 among its commands`() {
    #expect(throws: ScriptError.notUTF8(line: 2)) { try ScriptFile.parse([97, 10, 0xFF, 10], name: "") }
  }

  @Test func `refuses a section that was edited under its hash, until the hash is removed`() throws {
    let pinned = Section(kind: "reply", name: "a/1.1", body: Array("one\ntwo\n".utf8)).pinned()
    let text = String(decoding: try ScriptFile(text: "", sections: [pinned]).serialized(), as: UTF8.self)
    #expect(try parse(text).sections == [pinned])

    let error = ScriptError.hashMismatch(
      line: 1, section: "reply/a/1.1", expected: Hash(of: "one\ntwo\n").hex, actual: Hash(of: "one\n2\n").hex,
      lineEnds: false)
    #expect(throws: error) { try parse(text.replacing("two", with: "2")) }
    #expect(error.recoverySuggestion == "to accept the edit, remove `sha256=...` from the header")
    #expect(try parse("-- reply/a/1.1 --\none\n2\n").sections.first?.text == "one\n2\n")
    #expect(
      throws: ScriptError.hashMismatch(
        line: 1, section: "reply/a/1.1", expected: Hash(of: "one\ntwo\n").hex, actual: Hash(of: "one\r\ntwo\r\n").hex,
        lineEnds: true)
    ) { try parse(text.replacing("\n", with: "\r\n")) }
  }

  @Test func `cannot be made of what could not be read back`() {
    #expect(throws: ScriptError.malformedHeader(line: 2, fault: .frame)) { try ScriptFile(text: "a\n-- b\n") }
    #expect(throws: ScriptError.malformedHeader(line: 0, fault: .kind("a b"))) {
      try ScriptFile(text: "", sections: [Section(kind: "a b", body: [])])
    }
  }

  @Test func `of any commands and any bytes is read back as it was`() throws {
    var random = Seeded(2)
    for _ in 0..<1_500 {
      let file = try ScriptFile(
        name: "x", text: randomCommands(&random),
        sections: (0..<Int.random(in: 0...4, using: &random)).map { randomSection($0, &random) })
      let bytes = file.serialized()
      let again = try ScriptFile.parse(bytes, name: "x")
      #expect(again == file)
      #expect(again.serialized() == bytes)
    }
  }
}

private func randomCommands(_ random: inout Seeded) -> String {
  let pool = ["run a", "# note -- x --", "", "note 'a;b'; quit", "a \\\n b", "x\r", " -- y --", "é \"\\n\"", "\t"]
  let lines = (0..<Int.random(in: 0...5, using: &random)).map { _ in pool.randomElement(using: &random) ?? "" }
  return (Bool.random(using: &random) ? ScriptFile.header : "") + lines.joined(separator: "\n")
}

private func randomSection(_ number: Int, _ random: inout Seeded) -> Section {
  let pieces: [[UInt8]] = [
    Array("-- ".utf8), Array("-- a/b --".utf8), [92], [92, 92], [92, 114], Array("r".utf8), [10], [10], [13], [0],
    [255], Array("é".utf8),
    Array("--".utf8), Array("text ".utf8), Array("👩‍👩‍👧".utf8), [0xC3], [32],
  ]
  let isText = Bool.random(using: &random)
  var body: [UInt8] = []
  for _ in 0..<Int.random(in: 0...(Bool.random(using: &random) ? 8 : 90), using: &random) {
    let piece = pieces.randomElement(using: &random) ?? []
    if isText, [[13], [0], [255], [0xC3]].contains(piece) { continue }
    body += piece
  }
  let values: [String?] = [nil, "1", "two words", "", "a\"b\\c\nd\re\tf\0", "--", "x --", "é=", "base64"]
  let attributes = ["b", "a-1", "no-eol", "c.d"].filter { _ in Bool.random(using: &random) }
    .map { Attribute($0, values.randomElement(using: &random) ?? nil) }
  let section = Section(
    kind: "kind\(number)", name: Bool.random(using: &random) ? "a/1.\(number)@x+y:z" : "", attributes: attributes,
    body: body)
  return Bool.random(using: &random) ? section.pinned() : section
}
