import Content
import Foundation
import Instances
import Journal
import Models
import TestPrograms
import Testing

@testable import Attempts

/// Makes takes until the parts of one are its time by a clock that was read beside it: within 1 %, or 5 ms where that is
/// more. Between two readings of a clock other tests may have the processor, so that one of five has to be whole.
/// What nothing accounts for is not among the parts.
private func wholeTake(
  at place: SourceLocation = #_sourceLocation, _ make: (_ attempt: Int) async throws -> Take
) async throws -> Take {
  var said = ""
  for attempt in 1...5 {
    let start = ContinuousClock.now
    let take = try await make(attempt)
    let wall = (ContinuousClock.now - start).microseconds
    let own = try #require(take.own, sourceLocation: place)
    let parts = take.milliseconds * 1000 + own.total
    let told = try #require(take.wallMilliseconds, sourceLocation: place) * 1000
    if [parts, told].allSatisfy({ abs($0 - wall) <= max(wall / 100, 5000) }) { return take }
    said += "\(parts) in parts, \(told) told, of \(wall) µs, \(own)\n"
  }
  Issue.record("\(said)", sourceLocation: place)
  throw CancellationError()
}

/// A server of Ollama that takes its time, in Python: `WAIT` before the first word and before each of the others. It
/// answers with its first argument, in five pieces.
private let slowServer = """
  import http.server, json, sys, threading, time
  text, wait = sys.argv[1], float(sys.argv[2])
  class Handler(http.server.BaseHTTPRequestHandler):
      def do_POST(self):
          self.rfile.read(int(self.headers["Content-Length"]))
          self.send_response(200)
          self.send_header("Content-Type", "application/x-ndjson")
          self.end_headers()
          size = len(text) // 5 + 1
          for start in range(0, len(text), size):
              time.sleep(wait)
              self.line({"message": {"content": text[start:start + size]}, "done": False})
          self.line({"message": {"content": ""}, "done": True, "done_reason": "stop", "prompt_eval_count": 900,
                     "eval_count": 50})
      def line(self, value):
          self.wfile.write(json.dumps(dict(value, model="slow")).encode() + b"\\n")
          self.wfile.flush()
      def do_GET(self): self.send_error(404)
      def log_message(self, *arguments): pass
  server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
  threading.Thread(target=server.serve_forever, daemon=True).start()
  print("http://127.0.0.1:%d" % server.server_port, flush=True)
  sys.stdin.read()
  """

@Suite(.serialized) struct `the time of a take` {
  @Test func `is that of its stages and of what ramp itself did, of a practice row`() async throws {
    try await withBench(practiceModel) { bench in
      let row = try practice("django__django-11000")
      // Whoever watches takes 20 ms before each stage that is made and after each that is there.
      let watcher = Watcher(
        will: { _ in try await Task.sleep(for: .milliseconds(20)) },
        did: { _ in try await Task.sleep(for: .milliseconds(20)) })
      let take = try await wholeTake {
        try await bench.make(plan(row, TakeID(attempt: 1, take: $0)), watching: [watcher])
      }
      let own = try #require(take.own)
      #expect(own.screen >= take.records.count * 40_000 && own.journal > 0 && own.keys > 0)
      #expect(try bench.world.journal.takes(of: "tests").values.joined().contains { $0.own == own })

      // What is kept is found out by its keys, written down and told all the same.
      let kept = try await wholeTake { try await bench.make(plan(row, TakeID(attempt: 1, take: 10 + $0), base: take)) }
      #expect(kept.milliseconds == 0 && kept.own?.keys ?? 0 > 0)
    }
  }

  @Test func `is that of its stages, and the reply's that of its parts, with a slow server`() async throws {
    let child = try Child("python3", ["-c", slowServer, Shop.mend, "0.12"])
    let url = await child.line()
    let model = try ModelServers().model(ModelName(.ollama, "slow"), url: url)
    try await withBench(model) { bench in
      let row = try await Shop.row(in: bench.folder)
      let take = try await wholeTake { try await bench.make(plan(row, TakeID(attempt: 1, take: $0))) }
      #expect(take.verdict?.word == .resolved)
      let record = try #require(take.chain[.reply])
      let hash = try #require(record.attachments[ReplyArtifact.ledger])
      let ledger = try Canonical.value(Ledger.self, from: try #require(try bench.world.journal.bytes(of: hash)))
      #expect(ledger.queue >= 120_000 && ledger.queue + ledger.decode >= 600_000, "\(ledger)")
      #expect(abs(ledger.total - record.milliseconds * 1000) <= 5000, "\(ledger) of \(record.milliseconds) ms")
    }
    child.closeInput()
    _ = await child.ended()
  }
}
