import Attempts
import Content
import Foundation
import Grading
import Processes
import TestWorld
import Testing

@testable import Campaigns

/// What a model may say in order to be more than text.
private let harm = [
  "</script><script>document.title = 'taken'</script>", "<img src=x onerror=\"document.title = 'taken'\">",
  "\u{202E}gnp.exe\u{2066}x\u{2069}\u{200B}", "<!-- <script>", "]]>&lt;b&gt;\u{1B}[31m\0\u{FEFF}",
]

private func cause(_ sentence: String, next: String) -> Cause? {
  let value: [String: Any] = [
    "kind": "logic", "stage": "verdict", "sentence": sentence, "evidence": [sentence], "next": next,
  ]
  return try? JSONDecoder().decode(Cause.self, from: JSONSerialization.data(withJSONObject: value))
}

private func story(_ id: String, _ texts: [String], prompt: String = "the issue") -> InstanceStory {
  let attempts = texts.enumerated().map { index, text in
    InstanceStory.Attempt(
      id: TakeID(attempt: index + 1, take: 1), outcome: "test_failure", isResolved: false, reason: text,
      cause: cause(text, next: text), model: text, seconds: 1,
      passages: [
        .init(.prompt, prompt, title: "user, issue"), .init(.reply, text), .init(.patch, "+\(text)\n"),
        .init(.failure, text),
      ])
  }
  return InstanceStory(
    record: record(id, .testFailure, attempts: texts.count, error: texts.first), run: nil, issue: prompt,
    attempts: attempts)
}

/// Reads a page as a browser does: prints the scripts that it would carry out, whether the policy names them, and the
/// texts of the packs.
private let reading = """
  import base64, gzip, hashlib, json, sys
  from html.parser import HTMLParser
  class Page(HTMLParser):
      def __init__(self):
          super().__init__(); self.scripts = []; self.packs = []; self.index = None; self.kind = None; self.policy = ""
          self.tags = set(); self.rows = []
      def handle_starttag(self, tag, attrs):
          attrs = dict(attrs); self.tags.add(tag)
          if any(name.startswith("on") for name in attrs): self.tags.add("on*")
          if tag == "meta" and "http-equiv" in attrs: self.policy = attrs["content"]
          if tag == "tr" and "data-n" in attrs: self.rows.append(attrs["data-n"])
          self.kind = (attrs.get("id") or attrs.get("class") or "own") if tag == "script" else None
      def handle_data(self, data):
          if self.kind == "own": self.scripts.append(data)
          elif self.kind == "pack": self.packs += json.loads(gzip.decompress(base64.b64decode(data)))
          elif self.kind == "index": self.index = json.loads(gzip.decompress(base64.b64decode(data)))
          self.kind = None
  page = Page(); page.feed(sys.stdin.buffer.read().decode()); page.close()
  own = "".join(page.scripts)
  named = "sha256-" + base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
  print(json.dumps({"scripts": len(page.scripts), "named": f"script-src '{named}'" in page.policy, "texts": page.packs,
      "index": json.dumps(page.index), "tags": sorted(page.tags), "rows": len(page.rows)}))
  """

private struct Read: Decodable {
  let scripts, rows: Int
  let named: Bool
  let texts, tags: [String]
  let index: String
}

private func read(_ page: [UInt8]) async throws -> Read {
  let lines = try #require(try await Python.lines(reading, String(decoding: page, as: UTF8.self)))
  return try JSONDecoder().decode(Read.self, from: Data(try #require(lines.last).utf8))
}

@Suite struct `the instances of a page` {
  @Test func `are there once each, as the latest phase found them, and their texts once by content`() async throws {
    let all = ids(10)
    let micro = phase(.micro, all.prefix(5).map { record($0, .testFailure) })
    let small = phase(.small, all.map { record($0) })
    let stories = [story(all[0], ["same", "same"]), story("alone__a-1", ["other"])]
    let found = try await read(HTMLReport([micro, small], stories: stories).html)
    #expect(found.rows == 12)
    #expect(Set(found.texts).count == found.texts.count)
    #expect(found.texts.filter { $0 == "same" }.count == 1)
    #expect(found.texts.filter { $0 == "the issue" }.count == 1)
    #expect(found.scripts == 1 && found.named)
  }

  @Test func `are text whatever a model said`() async throws {
    let page = HTMLReport([phase(.micro, ids(5).map { record($0) })], stories: harm.map { story($0, [$0]) }).html
    let found = try await read(page)
    #expect(found.scripts == 1 && found.named)
    #expect(Set(found.tags).isDisjoint(with: ["img", "iframe", "object", "embed", "link", "base", "a", "on*", "b"]))
    let text = String(decoding: page, as: UTF8.self)
    #expect(
      !text.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value) })
    #expect(found.texts.contains(harm[0]))
    #expect(found.texts.contains("⟨U+202E⟩gnp.exe⟨U+2066⟩x⟨U+2069⟩⟨U+200B⟩"))
    #expect(!(found.texts.joined() + found.index).unicodeScalars.contains { $0.value == 0x1B || $0.value == 0 })
  }

  /// `scripts/page` looks at the same page with a size that counts.
  @Test(
    .enabled("no chromium here") { Launcher.find("chromium", path: ProcessInfo.processInfo.environment["PATH"]) != nil }
  )
  func `open in a browser, where nothing that a model said is carried out`() async throws {
    for text in harm {
      let folder = try Scratch.newFolder()
      let page = HTMLReport([phase(.micro, ids(5).map { record($0) })], stories: [story("a__b-1", [text, text])]).html
      try Data(page).write(to: URL(filePath: "\(folder)/page.html"))
      let done = try await Launcher.run(
        Command(
          "chromium",
          [
            "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000",
            "--user-data-dir=\(folder)/profile",
            "--dump-dom", "file://\(folder)/page.html#a__b-1",
          ], environment: ProcessInfo.processInfo.environment, timeout: .seconds(120), outputLimit: 16 << 20))
      let dom = String(decoding: done.output, as: UTF8.self)
      #expect(dom.contains("<title>new, llama3.1:8b, 2026-02-15</title>"))
      #expect(dom.contains("class=\"story\""))
      #expect(dom.contains("class=\"attempt\""))
      // The reply is there as text.
      #expect(
        dom.contains(
          "<pre>"
            + SafeText.visible(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;") + "</pre>"), "\(text)")
      #expect(!dom.contains("<img"))
    }
  }

  @Test func `lose texts before a page grows too large, and the page says how many`() {
    var store = TextStore(limit: 1000)
    var chance = SystemRandomNumberGenerator()
    let texts = (0..<40).map { _ in (0..<20_000).map { _ in "\(chance.next())" }.joined() }
    let numbers = texts.map { store.number(of: $0) }
    store.close()
    #expect(numbers.first == .some(0) && numbers.last == .some(nil))
    #expect(store.leftOut > 0 && store.leftOut == numbers.count { $0 == nil })
    #expect(store.number(of: texts[0]) == 0)
    #expect(store.packs.count == store.starts.count)
  }
}

/// With `RAMP_PAGE_OUT` in the environment: a page of 300 instances with six attempts each, for `scripts/page`.
@Suite struct `a page of a whole campaign` {
  static let folder = ProcessInfo.processInfo.environment["RAMP_PAGE_OUT"]

  @Test(.enabled(if: folder != nil, "for scripts/page, which names a folder in RAMP_PAGE_OUT"))
  func `is written`() throws {
    var seed: UInt64 = 1
    func word() -> String {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return ["self", "return", "value", "def", "import", "None", "queryset", "request", "x", "("][Int(seed >> 33) % 10]
        + String(seed >> 52, radix: 36)
    }
    func code(_ lines: Int) -> String {
      (0..<lines).map { _ in "    " + (0..<6).map { _ in word() }.joined(separator: " ") + "\n" }.joined()
    }
    let all = ids(300, repositories: 12)
    let records = all.enumerated().map { index, id in
      index % 3 == 0
        ? record(id, attempts: 6) : record(id, .testFailure, attempts: 6, seconds: Double(index), patch: "diff")
    }
    let stories = zip(all, records).map { id, record in
      // 30 KB of context, the same in all attempts, and a reply, a patch and feedback of each attempt's own.
      let context = code(450)
      let attempts = (1...6).map { number in
        let isResolved = record.verified && number == 6
        let reply = code(40)
        return InstanceStory.Attempt(
          id: TakeID(attempt: number, take: 1), outcome: isResolved ? "resolved" : "test_failure",
          isResolved: isResolved,
          reason: "1 of 2 FAIL_TO_PASS tests fails",
          cause: isResolved
            ? nil : cause("in the right place, and the test still fails with \(number) != 2", next: "`diff patch`"),
          model: "llama3.1:8b", seconds: 21.5,
          passages: [
            .init(.prompt, "You repair one bug in a Python project.", title: "system, rules"),
            .init(.prompt, context, title: "user, context"), .init(.prompt, code(10), title: "user, feedback"),
            .init(.reply, reply), .init(.patch, "--- a/m.py\n+++ b/m.py\n@@ -1,2 +1,2 @@\n-\(word())\n+\(reply)"),
            .init(.failure, code(4)),
          ])
      }
      return InstanceStory(record: record, run: "new/phase 5", issue: code(30), attempts: attempts)
    }
    let phases = Phase.allCases.map { one in phase(one, Array(records.prefix(one.size))) }
    let page = HTMLReport(phases, stories: stories).html
    #expect(page.count < 20_000_000)
    try Data(page).write(to: URL(filePath: "\(try #require(`a page of a whole campaign`.folder))/page.html"))
  }
}
