import Foundation
import Testing

@testable import Context

/// Issues that were written to keep a machine busy; all but the last of these took minutes.
@Suite(.timeLimit(.minutes(1))) struct `a hostile issue` {
  private let paths = (0..<2_000).map { "pkg/sub\($0)/__init__.py" } + ["a/a/a.py", "b.py"]

  /// Ranks the paths, each an empty source, by `issue`.
  private func ranked(_ issue: String) -> [String] {
    let bytes = Array(issue.utf8)
    let mentions = Mentions(issue: bytes)
    let query = Query(issue: bytes, names: mentions.names)
    var counts = [Int32](repeating: 0, count: query.terms.count)
    let empty = SourceScan([], query: query, counts: &counts)
    let scanned = paths.map { ScannedFile(path: $0, kind: PathKind($0), scan: empty, pathTerms: []) }
    let evidence = Evidence(mentions, table: PathTable(paths), scanned: scanned)
    return Ranking(scanned, query: query, evidence: evidence).files.map(\.path)
  }

  @Test func `may have a name of any number of parts`() {
    #expect(ranked(Array(repeating: "a", count: 60_000).joined(separator: ".")) == ["a/a/a.py"])
  }

  @Test func `may have any number of names`() {
    let names = (0..<10_000).map { "pkg.sub\($0 % 2_500).x\($0).y.z" }.joined(separator: " ")
    #expect(ranked(names).count <= Mentions.limit)
  }

  @Test func `may have any number of paths`() {
    let names = (0..<10_000).map { "any\($0)/__init__.py" }.joined(separator: " ")
    #expect(ranked(names).isEmpty)
  }

  @Test func `may take any number of words back`() {
    // A letter alone is no word, even where a name had it as a part before.
    let words = (0..<60_000).map { "x_q\($0) x" }.joined(separator: " ")
    let query = Query(issue: Array(words.utf8), names: [])
    #expect(query.terms.count > 50_000)
  }
}

@Suite struct `the logarithm of a ranking` {
  @Test(arguments: [1e-9, 0.1, 0.5, 1, 1.5, 2, 2.718281828, 3, 10, 123.456, 6_001, 1e9])
  func `is the library's to its last digits`(x: Double) {
    #expect(abs(Ranking.naturalLogarithm(x) - log(x)) <= 4e-16 * max(1, abs(log(x))))
  }

  @Test func `is the same bits on every machine`() {
    #expect(Ranking.naturalLogarithm(1) == 0)
    #expect(Ranking.naturalLogarithm(3).bitPattern == 0x3FF1_93EA_7AAD_030B)
  }
}
