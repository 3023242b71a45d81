import Testing

@testable import Context

@Suite struct `a span` {
  @Test func `comes back from the text it is printed as`() throws {
    var random = Seeded(state: 1)
    let paths = ["a.py", "a b/c-d.py", "a:b.py", "x:", "日本/語.py", "a:-", "no suffix", "-c", "a.py:"]
    for path in paths {
      for _ in 0..<50 {
        let first = Int.random(in: 1...Int.random(in: 1..<Int.max - 1, using: &random), using: &random)
        let last = Bool.random(using: &random) ? first : Int.random(in: first..<Int.max, using: &random)
        let span = Span(path: path, first: first, last: last)
        try #require(try Span(parsing: span.description) == span)
      }
    }
    for path in ["a.py", "a b/c-d.py", "a:b.py", "日本/語.py", "no suffix", "-c"] {
      #expect(try Span(parsing: path) == Span(path: path))
      #expect(Span(path: path).description == path)
    }
  }

  @Test(arguments: [
    ("a.py", "a.py", 1, Int.max), ("a.py:7", "a.py", 7, 7), ("a.py:7-7", "a.py", 7, 7), ("a.py:007-12", "a.py", 7, 12),
    ("a:b", "a:b", 1, .max), ("a:3:4", "a:3", 4, 4), ("a:1-2:x", "a:1-2:x", 1, .max), ("a:５", "a:５", 1, .max),
  ])
  func `is a path and lines`(text: String, path: String, first: Int, last: Int) throws {
    #expect(try Span(parsing: text) == Span(path: path, first: first, last: last))
  }

  @Test(arguments: [
    "", ":", ":4", ":4-5", "a.py:", "a.py:0", "a.py:0-3", "a.py:9-8", "a.py:-", "a.py:-5", "a.py:5-", "a.py:1-2-3",
    "a.py:5x", "a.py:5 ", "a.py:5-x", "a.py:9223372036854775807", "a.py:1-99999999999999999999",
  ])
  func `is refused where it names no lines`(text: String) {
    #expect(throws: ContextError.notASpan(text)) { try Span(parsing: text) }
  }

  @Test func `stands for the whole file where no line is given`() {
    #expect(Span(path: "a.py").isWholeFile)
    #expect(!Span(path: "a.py", first: 2).isWholeFile)
    #expect(!Span(path: "a.py", first: 1, last: 9).isWholeFile)
  }

  @Test func `comes before another by path, then first line, then last`() {
    let sorted = [
      Span(path: "a.py", first: 1, last: 9), Span(path: "a.py", first: 2, last: 3),
      Span(path: "a.py", first: 2, last: 4),
      Span(path: "b.py", first: 1, last: 1),
    ]
    #expect(Array(sorted.reversed()).sorted() == sorted)
  }

  @Test(arguments: [
    ([], ["a:10-20"]), (["b:1-99"], ["a:10-20"]), (["a:1-9", "a:21-30"], ["a:10-20"]), (["a:10-20"], []),
    (["a"], []), (["a:1-12"], ["a:13-20"]), (["a:15"], ["a:10-14", "a:16-20"]),
    (["a:19-40", "a:12-13"], ["a:10-11", "a:14-18"]), (["a:12-14", "a:13-17"], ["a:10-11", "a:18-20"]),
  ])
  func `without others is what they leave of it`(others: [String], rest: [String]) throws {
    let span = try Span(parsing: "a:10-20")
    #expect(span.subtracting(try others.map { try Span(parsing: $0) }).map(\.description) == rest)
  }

  @Test func `without others holds exactly the lines that are in none of them`() {
    var random = Seeded(state: 2)
    for _ in 0..<500 {
      let span = Seeded.span(&random)
      let others = (0..<Int.random(in: 0...5, using: &random)).map { _ in Seeded.span(&random) }
      let rest = span.subtracting(others)
      let left = Set(span.lines).subtracting(others.filter { $0.path == span.path }.flatMap { $0.lines })
      #expect(rest.flatMap { Array($0.lines) } == left.sorted())
      #expect(zip(rest, rest.dropFirst()).allSatisfy { $0.last + 1 < $1.first })
    }
  }

  @Test func `of a whole file keeps its open end`() {
    let rest = Span(path: "a").subtracting([Span(path: "a", first: 3, last: 4)])
    #expect(rest == [Span(path: "a", first: 1, last: 2), Span(path: "a", first: 5, last: .max)])
  }
}

extension Seeded {
  fileprivate static func span(_ random: inout Seeded) -> Span {
    let first = Int.random(in: 1...20, using: &random)
    return Span(
      path: ["a", "a", "b"].randomElement(using: &random) ?? "a", first: first,
      last: Int.random(in: first...24, using: &random))
  }
}

extension Span {
  fileprivate var lines: ClosedRange<Int> { first...last }
}

@Suite struct `a set of lines` {
  @Test func `holds what was put in and not taken out, in ranges that neither overlap nor touch`() {
    var random = Seeded(state: 3)
    for _ in 0..<300 {
      var set = LineSet()
      var lines: Set<Int> = []
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let first = Int.random(in: 1...30, using: &random)
        let range = first...Int.random(in: first...34, using: &random)
        if Int.random(in: 0..<3, using: &random) == 0 {
          set.subtract(range)
          lines.subtract(range)
        } else {
          set.insert(range)
          lines.formUnion(range)
        }
      }
      #expect(set.ranges.flatMap { Array($0) } == lines.sorted())
      #expect(zip(set.ranges, set.ranges.dropFirst()).allSatisfy { $0.upperBound + 1 < $1.lowerBound })
      #expect(set.isEmpty == lines.isEmpty)
    }
  }

  @Test func `may reach to the end of all numbers`() {
    var set = LineSet(5 ... .max)
    set.insert(1...2)
    set.insert(3 ... .max)
    #expect(set.ranges == [1 ... .max])
    set.subtract(9 ... .max)
    #expect(set.ranges == [1...8])
  }
}
