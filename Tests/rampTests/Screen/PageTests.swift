import Foundation
import TestWorld
import Testing

/// A sitting in a page of the documentation: lines typed at a prompt, with what is said to them.
struct Page {
  struct Exchange {
    let line: String
    /// `...` stands for any lines.
    let answer: [String]
  }

  let exchanges: [Exchange]

  init(_ text: String) {
    var found: [(line: String, answer: [String])] = []
    var isOpen = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") { isOpen = !isOpen && line == "```" }
      if line.hasPrefix("```") || !isOpen { continue }
      if line.hasPrefix("ramp> ") {
        found.append((String(line.dropFirst(6)), []))
      } else if !found.isEmpty, !line.hasPrefix("$ ") {
        found[found.count - 1].answer.append(line)
      }
    }
    exchanges = found.map { Exchange(line: $0.line, answer: $0.answer) }
  }

  /// Whether lines are as the page has them; times and the blanks before them play no part.
  static func matches(_ found: [String], _ expected: [String]) -> Bool {
    guard let first = expected.first else { return found.isEmpty }
    let rest = Array(expected.dropFirst())
    if first == "..." { return (0...found.count).contains { matches(Array(found[$0...]), rest) } }
    guard let line = found.first, plain(line) == plain(first) else { return false }
    return matches(Array(found.dropFirst()), rest)
  }

  private static func plain(_ line: String) -> String {
    line.replacing(/,?\ +([0-9]+ m )?[0-9.]+ s\b/, with: "").replacing(/\ +$/, with: "")
  }
}

@Suite(
  .enabled(if: Pane.isHere && TestWorld.hasSandbox, "it takes tmux and a sandbox")
)
struct `the page about a post-mortem` {
  @Test func `is what a prompt says`() async throws {
    let text = try String(contentsOfFile: project.path + "/docs/post-mortem.md", encoding: .utf8)
    let page = Page(text)
    try #require(page.exchanges.count > 7)
    try await Pane.with(columns: 160, rows: 60) { pane in
      for exchange in page.exchanges {
        let said = try await pane.line(exchange.line).split(separator: "\n").map(String.init)
        #expect(Page.matches(said, exchange.answer), "\(exchange.line)\n\(said.joined(separator: "\n"))")
      }
    }
  }

  @Test func `is compared line by line, with room for what is left out`() {
    let page = Page("```\nramp> a\nx  0.31 s\n...\ny\nramp> b\n```\nramp> c\n```sh\n$ d\n```\n")
    #expect(page.exchanges.map(\.line) == ["a", "b"])
    #expect(Page.matches(["x   12.3 s", "1", "2", "y"], page.exchanges[0].answer))
    #expect(Page.matches(["x", "y"], page.exchanges[0].answer))
    #expect(!Page.matches(["x", "1"], page.exchanges[0].answer))
    #expect(!Page.matches(["z", "y"], page.exchanges[0].answer))
    #expect(!Page.matches(["1"], page.exchanges[1].answer))
  }
}
