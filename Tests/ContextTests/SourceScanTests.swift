import Testing

@testable import Context

private func hashes(_ text: String) -> [UInt64] {
  let bytes = Array(text.utf8)
  var found: [UInt64] = []
  bytes.withUnsafeBufferPointer { bytes in
    Words.kinds.withUnsafeBufferPointer { kinds in
      var index = 0
      while index < bytes.count {
        if kinds[Int(bytes[index])] == Words.Kind.other {
          index += 1
        } else {
          index = Words.read(bytes, from: index, kinds: kinds) { found.append($0) }
        }
      }
    }
  }
  return found
}

@Suite struct `an identifier` {
  @Test(arguments: [
    ("form", ["form"]), ("BaseFormSet", ["base", "form", "set", "baseformset"]),
    ("base_form_set", ["base", "form", "set", "base_form_set"]), ("HTTPServer", ["http", "server", "httpserver"]),
    ("_x", ["x"]), ("__init__", ["init", "__init__"]), ("utf8", ["utf8"]), ("getURL", ["get", "url", "geturl"]),
    ("forms", ["form"]), ("formSets", ["form", "set", "formset"]), ("gas", ["gas"]), ("naïve", ["naïve"]),
    ("a b-c", ["a", "b", "c"]), ("", []),
  ])
  func `is read whole and in its parts, without case or plural`(text: String, words: [String]) {
    #expect(hashes(text) == words.map { Words.hash(of: $0) })
  }

  @Test func `has the hash of its lower case`() {
    #expect(Words.hash(of: "FormSet") == Words.hash(of: "formset"))
    #expect(Words.hash(of: "forms") == Words.hash(of: "Form"))
    #expect(Words.hash(of: "form") != Words.hash(of: "from"))
  }
}

@Suite struct `a scan` {
  private func scan(_ text: String, for issue: String) -> (SourceScan, Query, Mentions) {
    let mentions = Mentions(issue: Array(issue.utf8))
    let query = Query(issue: Array(issue.utf8), names: mentions.names)
    var counts = [Int32](repeating: 0, count: query.terms.count)
    let scan = SourceScan(Array(text.utf8), query: query, counts: &counts)
    #expect(counts.allSatisfy { $0 == 0 })
    return (scan, query, mentions)
  }

  @Test func `counts the words of the query, and all words for the length`() {
    let (scan, query, _) = scan("gauge = Gauge(gauges)  # the total\nread_gauge()\n", for: "gauge total")
    #expect(query.terms.map(\.hash) == ["gauge", "total"].map { Words.hash(of: $0) })
    #expect(scan.hits.map(\.term) == [0, 1])
    #expect(scan.hits.map(\.count) == [4, 1])
    #expect(scan.length == 6)
  }

  @Test func `finds where mentioned names are defined, spelt as they are`() {
    let text = """
      def read_value(x):
          pass
      class Gauge(Base): pass
        async def  fill_up(self):
      define read_value
      x = 1; def read_value()
      class gauge:
      """
    let (scan, _, mentions) = scan(text, for: "`read_value`, `Gauge` and `fill_up`")
    #expect(
      scan.definitions.map { "\(mentions.names[$0.name]) \($0.line)" } == ["read_value 1", "Gauge 3", "fill_up 4"])
  }

  @Test func `of a part of a file finds what that part has`() {
    let text = Array("gauge\ndef read_value():\n  gauge\n".utf8)
    let query = Query(issue: Array("gauge".utf8), names: ["read_value"])
    var counts = [Int32](repeating: 0, count: query.terms.count)
    let scan = SourceScan(text, in: 6..<text.count, firstLine: 2, query: query, counts: &counts)
    #expect(scan.hits.map(\.count) == [1])
    #expect(scan.definitions.map(\.line) == [2])
  }

  @Test func `of all parts of a file adds up to that of the whole`() {
    var random = Seeded(state: 6)
    let words = ["gauge", "total", "def read_value():", "x", "\n", " ", "FooBar", "(", "é", "\r\n"]
    let query = Query(issue: Array("gauge foo bar total".utf8), names: ["read_value"])
    var counts = [Int32](repeating: 0, count: query.terms.count)
    for _ in 0..<200 {
      let lines = (0..<5).map { _ in
        (0..<4).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ") + "\n"
      }
      let whole = SourceScan(Array(lines.joined().utf8), query: query, counts: &counts)
      var length = 0
      var hits: [Int: Int] = [:]
      var definitions = 0
      for line in lines {
        let scan = SourceScan(Array(line.utf8), query: query, counts: &counts)
        length += scan.length
        definitions += scan.definitions.count
        for hit in scan.hits { hits[hit.term, default: 0] += hit.count }
      }
      #expect(whole.length == length && whole.definitions.count == definitions)
      #expect(Dictionary(uniqueKeysWithValues: whole.hits) == hits)
    }
  }
}

@Suite struct `a query` {
  @Test func `has the words of an issue in their order, without those that say nothing`() {
    let query = Query(issue: Array("The Gauge is 17 x\nfails: gauge of warehouses, 3 x".utf8), names: [])
    #expect(query.terms.map(\.hash) == ["gauge", "warehouse"].map { Words.hash(of: $0) })
    #expect(query.terms.map(\.weight) == [3, 1])
  }

  @Test func `finds each of its terms, and no other`() {
    let words = (0..<500).map { "w\($0 * 7919)q" }
    let query = Query(issue: Array(words.joined(separator: " ").utf8), names: [])
    #expect(query.terms.count == 500)
    query.withTables { slots, filter in
      for (place, word) in words.enumerated() {
        #expect(query.index(of: Words.hash(of: word), slots: slots, filter: filter) == place)
        #expect(query.index(of: Words.hash(of: word + "z"), slots: slots, filter: filter) == -1)
      }
    }
  }

  @Test func `weighs a word by how often it stands there, and twice in the title`() {
    let query = Query(issue: Array("gauge\ntotal total total render".utf8), names: [])
    let three: Double = 1 + 1 / 2 + 1 / 3
    #expect(query.terms.map(\.weight) == [2, three, 1])
  }
}
