import Testing

@testable import Content

@Suite struct `a hash` {
  @Test func `is SHA-256 in lower-case hexadecimal`() {
    #expect(Hash(of: "abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Hash(of: [UInt8]()).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func `is read back from its 64 digits and from nothing else`() throws {
    let hash = Hash(of: "x")
    #expect(Hash(hex: hash.hex) == hash)
    #expect(Hash(hex: hash.hex.uppercased()) == nil)
    #expect(Hash(hex: "12") == nil)
    #expect(try Canonical.value(Hash.self, from: try Canonical.bytes(hash)) == hash)
  }
}

@Suite struct `a key` {
  @Test func `depends on what was added and not on the order`() {
    var one = Key(stage: "prompt", version: 1)
    one.add(option: "format", "search")
    one.add(input: "context", Hash(of: "c"))
    var two = Key(stage: "prompt", version: 1)
    two.add(input: "context", Hash(of: "c"))
    two.add(option: "format", "search")
    #expect(one.hash == two.hash)
    two.add(option: "format", "lines")
    #expect(one.hash != two.hash)
    #expect(Key(stage: "prompt", version: 2).hash != Key(stage: "prompt", version: 1).hash)
  }

  @Test func `does not let one field run into the next`() {
    var one = Key(stage: "s", version: 1)
    one.add(option: "a", "1\n1:b=1:2")
    var two = Key(stage: "s", version: 1)
    two.add(option: "a", "1")
    two.add(option: "b", "2")
    #expect(one.hash != two.hash)
  }

  @Test func `tells an input that was not made from one that was`() {
    var one = Key(stage: "s", version: 1)
    one.add(input: "patch", nil)
    var two = Key(stage: "s", version: 1)
    two.add(input: "patch", Hash(of: "p"))
    #expect(one.hash != two.hash)
  }
}

@Suite struct `an origin` {
  @Test func `is hidden where it tells what only the judge knows`() {
    let hidden: [Origin] = [.hiddenTest, .gold, .hints]
    let open: [Origin] = [
      .issue, .repository(commit: "c", path: "p", firstLine: 1, lastLine: 2), .visibleTest, .skill("s"),
      .template("t"), .feedback(attempt: 1), .tweak(of: Hash(of: "x")),
    ]
    #expect(hidden.allSatisfy { $0.isHidden })
    #expect(!open.contains { $0.isHidden })
  }

  @Test func `survives being written and read`() throws {
    let repository = Origin.repository(commit: "0123456789", path: "a b.py", firstLine: 3, lastLine: 9)
    let all: [Origin] = [
      repository, .issue, .visibleTest, .hiddenTest, .gold, .hints, .skill("s"), .template("t"), .feedback(attempt: 2),
      .tweak(of: Hash(of: "x")),
    ]
    for origin in all { #expect(try Canonical.value(Origin.self, from: try Canonical.bytes(origin)) == origin) }
    #expect(Set(try all.map(Canonical.bytes)).count == all.count)
    #expect(repository.description == "repository@0123456:a b.py:3-9")
  }

  @Test func `is written as an object whose keys have names`() throws {
    let bytes = try Canonical.bytes(Origin.template("repair"))
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"kind":"template","name":"repair"}"#)
  }
}

@Suite struct `a token estimate` {
  @Test func `is never below a third of the bytes`() {
    for text in ["", "x", "def f(a, b):\n    return a\n", String(repeating: "é", count: 50), "((()))"] {
      #expect(Tokens.estimate(text) * 3 >= text.utf8.count)
    }
  }

  @Test func `grows with the ratio and counts punctuation one by one`() {
    #expect(Tokens.estimate("((((((((((") == 12)
    #expect(Tokens.estimate("((((((((((", ratio: 2) == 24)
  }
}

@Suite struct `near misses` {
  @Test func `are ordered by distance, a prefix first`() {
    let words = ["run", "rerun", "quit", "context", "compare"]
    #expect(Nearest.names(to: "rum", in: words) == ["run"])
    #expect(Nearest.names(to: "con", in: words).first == "context")
    #expect(Nearest.names(to: "xyzzyxyzzy", in: words).isEmpty)
  }

  @Test func `count swapped neighbours as one`() {
    #expect(Nearest.distance(Array("settings".utf8), Array("setitngs".utf8), limit: 3) == 1)
    #expect(Nearest.distance(Array("".utf8), Array("abc".utf8), limit: 2) == 3)
  }
}

@Suite struct `a path's folder` {
  @Test(
    arguments: [
      ("j", ""), (".", ""), ("é", ""), ("", ""), ("/", "/"), ("/j", "/"), ("//j", "/"), ("a/b", "a"), ("a/b/", "a"),
      ("a//b", "a"), ("/a/b.c/d", "/a/b.c"), ("./x", "."), ("j/", ""),
    ])
  func `is what stands before the last slash`(path: String, folder: String) {
    #expect(PathText.folder(of: path) == folder)
  }
}

@Suite struct `bytes made smaller` {
  @Test func `are a gzip member, the same for the same bytes`() throws {
    let text = Array(String(repeating: "one line of many\n", count: 1000).utf8)
    let member = try #require(Gzip.compressed(text))
    // RFC 1952: the marks, deflate, no name, no time.
    #expect(member.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    #expect(member.count < text.count / 50)
    #expect(member == Gzip.compressed(text))
    // It ends with the length of what it holds.
    #expect(member.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) } == text.count)
    #expect(try #require(Gzip.compressed([])).count > 10)
  }
}
