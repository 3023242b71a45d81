import Attempts
import Foundation
import Grading
import TestWorld
import Testing

@testable import Campaigns

private let campaign: [PhaseResults] = [
  phase(.micro, ids(5).enumerated().map { $0 < 1 ? record($1) : record($1, .applyFailed, attempts: 6, seconds: 20) }),
  phase(
    .small,
    ids(10).enumerated().map {
      $0 < 4 ? record($1, attempts: $0 + 1, seconds: 9) : record($1, .testFailure, attempts: 6, seconds: 31)
    }),
]

@Suite struct `a report in the terminal` {
  @Test func `draws bars, sparklines, errors and the analysis`() {
    let lines = TerminalReport(campaign).lines()
    #expect(lines[0].hasPrefix("phase 1 (micro) █"))
    #expect(lines[0].hasSuffix("1/5 20.0 % [3.6, 62.4]"))
    #expect(lines.contains("optimistic    ▂▅▆▇▇  20 50 67 85 90"))
    #expect(lines.contains("real          ▂▄  20 40"))
    #expect(lines.contains("test_failure ████████████████████ 6"))
    #expect(lines.contains("resolved by attempt 1 to 6: ▂▂▃▄▄▄  1 2 3 4 4 4"))
    #expect(lines.contains("against the phase before"))
    #expect(TerminalReport([]).lines() == ["no phase was run: `phase 1` runs the first"])
    #expect(lines.prefix(2).allSatisfy { $0.count <= 80 })
  }

  @Test func `has bars of the width that is asked for`() {
    for share in [-1, 0, 0.01, 0.5, 0.999, 1, 2] {
      #expect(TerminalReport.bar(share, width: 10).count == 10)
    }
    #expect(TerminalReport.bar(0.5, width: 4) == "██··")
    #expect(TerminalReport.spark([0, 0.5, 1]) == "▁▅█")
  }
}

@Suite struct `a report as a page` {
  @Test func `stands alone, and escapes whatever comes from outside`() throws {
    let bad = phase(.small, hostile.map { record($0, .testFailure, error: $0) }, campaign: "<script>alert(1)</script>")
    let again = try Comparison(bad, bad)
    let text = String(decoding: HTMLReport(campaign + [bad], comparisons: [again]).html, as: UTF8.self)
    // The page's own script, and the packs, which no browser carries out.
    #expect(text.components(separatedBy: "<script").count - 1 == 2)
    for outside in ["src=", "href=", "url(", "@import", "onload", "\u{1B}", "\u{202E}", "http://", "https://"] {
      let isOutside = text.contains(outside) && outside != "http://"
      #expect(!isOutside, "\(outside)")
    }
    // The one address there is stands in an id, as text.
    #expect(
      text.components(separatedBy: "http://").count - 1 == text.components(separatedBy: "(&quot;http://x").count - 1)
    #expect(text.contains("default-src 'none'"))
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(text.contains("prefers-color-scheme:dark"))
  }

  @Test(.enabled("no python3 here") { await Python.has("html.parser") })
  func `is well formed, its charts show the numbers`() async throws {
    let page = String(decoding: HTMLReport(campaign).html, as: UTF8.self)
    let script = """
      import sys
      from html.parser import HTMLParser
      class P(HTMLParser):
          def __init__(self):
              super().__init__(); self.open = []; self.titles = []; self.bad = []
          def handle_starttag(self, tag, attrs):
              if tag not in ("meta", "br", "line", "circle", "rect", "polyline", "input") or tag in ("circle", "rect"): self.open.append(tag)
              if tag == "meta": return
          def handle_startendtag(self, tag, attrs): pass
          def handle_endtag(self, tag):
              if not self.open or self.open.pop() != tag: self.bad.append(tag)
          def handle_data(self, data):
              if self.open and self.open[-1] == "title": self.titles.append(data)
      p = P(); p.feed(sys.stdin.read()); p.close()
      print(len(p.bad), len(p.open))
      print("|".join(p.titles))
      """
    let lines = try #require(try await Python.lines(script, page))
    #expect(lines[0] == "0 0")
    #expect(lines[1].contains("new, llama3.1:8b, 2026-02-15|"))
    #expect(lines[1].contains("real: 20.0 %|real: 40.0 %"))
    #expect(lines[1].contains("optimistic: 90.0 %"))
    if let folder = ProcessInfo.processInfo.environment["RAMP_REPORT_OUT"] {
      try Data(page.utf8).write(to: URL(filePath: "\(folder)/report.html"))
    }
  }

  @Test func `of nothing says so`() {
    #expect(String(decoding: HTMLReport([]).html, as: UTF8.self).contains("No phase was run."))
  }
}
