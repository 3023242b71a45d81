import Foundation
import TestPrograms
import Testing
import Transfer

@testable import Instances

/// A datasets server of our own, which behaves as the real one is documented to. It serves `made/rows` (205 rows in one
/// split called `train`), `made/long` (whose third row it cuts), `made/wide` (cut in pages of more than 10), `made/busy`
/// (503 at first), `made/short` (fewer rows than it says), and says how often it was asked.
private let script = """
  import http.server, json, urllib.parse
  asked = {}
  def row(i):
      return {"instance_id": "made__rows-%d" % i, "repo": "made/rows", "base_commit": "%040x" % i, "patch": "p",
              "test_patch": "t\\n\\u00e9", "problem_statement": "line\\r\\nline", "FAIL_TO_PASS": '["a"]',
              "PASS_TO_PASS": "[]", "version": "1"}
  class Handler(http.server.BaseHTTPRequestHandler):
      def log_message(self, *words): pass
      def answer(self, status, value, kind="application/json"):
          body = (json.dumps(value, indent=1, ensure_ascii=False) if kind.endswith("json") else value).encode()
          self.send_response(status)
          self.send_header("Content-Type", kind)
          self.send_header("Content-Length", str(len(body)))
          self.end_headers()
          self.wfile.write(body)
      def do_GET(self):
          url = urllib.parse.urlparse(self.path)
          query = dict(urllib.parse.parse_qsl(url.query))
          name = query.get("dataset")
          asked[name] = asked.get(name, 0) + 1
          if url.path == "/asked": return self.answer(200, asked)
          if name == "made/page": return self.answer(200, "<html>not that</html>", "text/html")
          if name == "made/busy" and asked[name] < 3: return self.answer(503, {"error": "busy"})
          if name == "made/often": return self.answer(429, {"error": "too often"})
          if name not in ("made/rows", "made/long", "made/wide", "made/busy", "made/short"):
              return self.answer(404, {"error": "not found"})
          if url.path == "/splits":
              splits = ["train"] if name == "made/rows" else ["dev", "test"]
              return self.answer(200, {"splits": [
                  {"dataset": name, "config": "default", "split": split} for split in splits]})
          start, length = int(query["offset"]), min(100, int(query["length"]))
          total = 205
          there = 150 if name == "made/short" else total
          cut = name == "made/wide" and length > 10
          rows = [{"row_idx": i, "row": row(i), "truncated_cells": ["patch"] if cut or name == "made/long" and i == 2 else []}
                  for i in range(start, min(start + length, there))]
          self.answer(200, {"features": [], "rows": rows, "num_rows_total": total, "partial": False})
  server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
  print(server.server_address[1], flush=True)
  server.serve_forever()
  """

private func withHub(_ body: (_ hub: Hub, _ url: String, _ cache: String) async throws -> Void) async throws {
  let cache = FileManager.default.temporaryDirectory.appendingPathComponent("hub-\(UUID().uuidString)").path
  defer { try? FileManager.default.removeItem(atPath: cache) }
  let child = try Child("python3", ["-c", script])
  defer {
    child.send(SIGKILL)
    _ = child.wait()
  }
  let port = try #require(Int(await child.line()))
  let url = "http://127.0.0.1:\(port)"
  try await body(Hub(server: url, cache: cache, transfer: Transfer(), pause: .milliseconds(20)), url, cache)
}

/// How often each set was asked for.
private func asked(of url: String) async throws -> [String: Int] {
  let body = try await Transfer().fetch(HTTPRequest(url: url + "/asked?dataset=-")).body
  return try JSONDecoder().decode([String: Int].self, from: Data(body)).filter { $0.key != "-" }
}

private func name(_ text: String) throws -> HubName { try #require(HubName(text)) }

@Suite struct `a set of the hub` {
  @Test func `comes page by page, whole, and then from the cache`() async throws {
    try await withHub { hub, url, cache in
      let told = Told()
      let set = try await hub.dataset(name("made/rows")) { await told.add($0, $1) }
      #expect(set.rows.map(\.id) == (0..<205).map { "made__rows-\($0)" })
      #expect(set.name == "rows")
      #expect(try set.row("made__rows-7")?.instance().problemStatement == "line\r\nline")
      #expect(try set.row("made__rows-7")?.instance().testPatch == "t\n\u{e9}")
      #expect(await told.pairs.map(\.0) == [100, 200, 205])
      #expect(await told.pairs.allSatisfy { $0.1 == 205 })
      let before = try await asked(of: url)
      let again = try await hub.dataset(name("made/rows")) { _, _ in }
      let after = try await asked(of: url)
      #expect(after == before)
      #expect(again.rows.map(\.id) == set.rows.map(\.id))
      let (old, new) = (try set.rows.map { try $0.instance() }, try again.rows.map { try $0.instance() })
      #expect(old == new)
    }
  }

  @Test func `is asked for in smaller pages where the server cuts cells`() async throws {
    try await withHub { hub, _, _ in
      let set = try await hub.dataset(name("made/wide")) { _, _ in }
      #expect(set.rows.count == 205)
    }
  }

  @Test func `is refused where a single row is cut, and nothing is kept`() async throws {
    try await withHub { hub, _, cache in
      await #expect(throws: HubError.cellCut(name: "made/long", row: 2)) {
        try await hub.dataset(name("made/long")) { _, _ in }
      }
      #expect(!FileManager.default.fileExists(atPath: cache))
    }
  }

  @Test func `is waited for while the server is busy`() async throws {
    try await withHub { hub, _, _ in
      let set = try await hub.dataset(name("made/busy")) { _, _ in }
      #expect(set.rows.count == 205)
    }
  }

  @Test func `is kept by its server and split`() async throws {
    try await withHub { hub, _, cache in
      _ = try await hub.dataset(name("made/rows")) { _, _ in }
      let other = Hub(server: "http://127.0.0.1:1", cache: cache, transfer: Transfer())
      #expect(try other.cached(name("made/rows")) == nil)
      // Its only split, `train`, was what came; a split `test` it has not.
      #expect(try hub.cached(name("made/rows:test")) == nil)
      #expect(try hub.cached(name("made/rows")) != nil)
      let splits = try ["made/rows", "made/rows:test", "made/rows:chosen"].map { try name($0).cachePath }
      #expect(Set(splits).count == 3)
    }
  }

  @Test func `is asked for three times where the server has been asked too often`() async throws {
    try await withHub { hub, url, _ in
      await #expect(throws: HubError.refused(server: url, status: 429)) {
        try await hub.dataset(name("made/often")) { _, _ in }
      }
      let asked = try await asked(of: url)
      #expect(asked["made/often"] == 3)
    }
    #expect(Hub.asked("7") == .seconds(7) && Hub.asked("86400") == .seconds(60) && Hub.asked("-1") == .zero)
    #expect(Hub.asked("-9223372036854775808") == .zero && Hub.asked("Wed, 25 Nov 2026 10:00:00 GMT") == nil)
  }

  @Test func `is waited for no longer than its reader waits`() async throws {
    try await withHub { _, url, cache in
      let hub = Hub(server: url, cache: cache, transfer: Transfer(), pause: .seconds(600))
      let set = try name("made/often")
      let waiting = Task { try await hub.dataset(set) { _, _ in } }
      while try await asked(of: url)["made/often"] == nil { try await Task.sleep(for: .milliseconds(5)) }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
    }
  }

  @Test func `is named in errors without user and password`() async throws {
    try await withHub { _, url, cache in
      let hub = Hub(server: url.replacing("http://", with: "http://me:secret@"), cache: cache, transfer: Transfer())
      for (set, fault) in [
        ("made/page", HubError.notADatasetsServer(server: url)), ("made/often", .refused(server: url, status: 429)),
      ] {
        let set = try name(set)
        await #expect(throws: fault) { try await hub.dataset(set) { _, _ in } }
      }
    }
  }

  @Test func `must come to its end`() async throws {
    try await withHub { hub, _, cache in
      await #expect(throws: HubError.ended(name: "made/short", rows: 150, expected: 205)) {
        try await hub.dataset(name("made/short")) { _, _ in }
      }
      #expect(!FileManager.default.fileExists(atPath: cache))
    }
  }

  @Test func `has its faults named`() async throws {
    try await withHub { hub, url, _ in
      await #expect(throws: HubError.notFound(name: "made/none", status: 404)) {
        try await hub.dataset(name("made/none")) { _, _ in }
      }
      await #expect(throws: HubError.noSplit(name: "made/rows", split: "dev", splits: ["train"])) {
        try await hub.dataset(name("made/rows:dev")) { _, _ in }
      }
      await #expect(throws: HubError.notADatasetsServer(server: url)) {
        try await hub.dataset(name("made/page")) { _, _ in }
      }
    }
    let nobody = Hub(server: "http://127.0.0.1:1", cache: "/nowhere", transfer: Transfer())
    await #expect { try await nobody.dataset(name("lite")) { _, _ in } } throws: { error in
      if case HubError.unreachable = error { true } else { false }
    }
  }
}

private actor Told {
  var pairs: [(Int, Int)] = []
  func add(_ done: Int, _ total: Int) { pairs.append((done, total)) }
}

@Suite struct `a name on the hub` {
  @Test(arguments: [
    ("lite", "SWE-bench/SWE-bench_Lite", "lite"), ("verified", "SWE-bench/SWE-bench_Verified", "verified"),
    ("a/b", "a/b", "b"), ("a/b:dev", "a/b:dev", "b"), ("lite:dev", "SWE-bench/SWE-bench_Lite:dev", "lite"),
  ])
  func `is short or has an owner`(text: String, description: String, title: String) throws {
    let name = try name(text)
    #expect(name.description == description)
    #expect(name.title == title)
  }

  @Test(arguments: [
    "rows.jsonl", "data/rows.jsonl", "./a", "/a/b", "a/b/c", "../b", "a/..", "a b/c", "", "a/", "a/b:", "practice",
    "a/b.json",
  ])
  func `is nothing else`(text: String) {
    #expect(HubName(text) == nil)
  }
}
