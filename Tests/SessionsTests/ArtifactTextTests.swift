import Attempts
import Content
import Context
import Testing

@testable import Sessions

@Suite struct `the text of a context` {
  private static let commit = String(repeating: "0", count: 40)

  private static func part(_ path: String, _ first: Int, _ last: Int, _ text: String) -> ContextPart {
    ContextPart(
      span: Span(path: path, first: first, last: last), text: text, tokens: 1, reason: .bm25, rank: 1,
      origin: .repository(commit: commit, path: path, firstLine: first, lastLine: last))
  }

  @Test func `names its parts as a person does, with their lines, and nothing that was left out`() {
    let selection = ContextSelection(
      strategy: .bm25, parts: [Self.part("a/b.py", 3, 4, "x = 1\ny = 2\n"), Self.part("c.py", 9, 9, "z = 3")],
      leftOut: [Candidate(span: Span(path: "d.py", first: 1, last: 5), tokens: 1, rank: 2)], tokens: 2, budget: 10)
    #expect(Artifact.context(selection).plainText == "a/b.py:3-4\nx = 1\ny = 2\nc.py:9\nz = 3\n")
  }
}
