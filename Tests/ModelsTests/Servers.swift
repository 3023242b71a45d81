import Foundation
import TestPrograms
import Testing

@testable import Models
@testable import Transfer

/// A server process of a test; it ends when its standard input does, so with this program whatever happens.
struct TestServer: Sendable {
  /// The URL that it printed.
  let url: String
  let child: Child

  /// Starts `program`, which prints its URL as its first line.
  init(_ program: String, _ arguments: [String]) async throws {
    child = try Child(program, arguments)
    url = await child.line()
  }

  /// Ends it and waits until it is gone.
  func stop() async {
    child.send(SIGKILL)
    _ = await child.ended()
  }
}

/// Starts a stand-in that answers with `text`, gives it to `body`, and ends it.
func withStandIn<Value>(
  answer text: String = "x = 1\n", way: [String] = [], _ body: (StandIn) async throws -> Value
) async throws -> Value {
  try await withFolder { folder in
    let file = folder + "/answer.txt"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let server = try await TestServer(
      "python3", ["-c", standInScript, file] + way.map { $0.replacing("FOLDER", with: folder) })
    let result: Result<Value, any Error>
    do { result = .success(try await body(StandIn(server: server, folder: folder))) } catch { result = .failure(error) }
    await server.stop()
    return try result.get()
  }
}

/// Serves fixed bodies of JSON by their paths, gives the URL to `body`, and ends it.
func withRoutes(_ routes: [String: String], _ body: (String) async throws -> Void) async throws {
  let script = """
    import http.server, json, sys, threading
    routes = json.loads(sys.argv[1])
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            text = routes.get(self.path)
            body = (text or "{}").encode()
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        do_GET = do_POST = answer
        def log_message(self, *arguments): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("http://127.0.0.1:%d" % server.server_port, flush=True)
    sys.stdin.read()
    """
  let text = String(decoding: try JSONEncoder().encode(routes), as: UTF8.self)
  let server = try await TestServer("python3", ["-c", script, text])
  let result: Result<Void, any Error>
  do { result = .success(try await body(server.url)) } catch { result = .failure(error) }
  await server.stop()
  try result.get()
}

/// Makes a folder, gives it to `body`, and takes it away.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

extension ServerRoute {
  /// The usual way, and nothing is asked twice.
  static var once: ServerRoute {
    var route = ServerRoute()
    route.retries = 0
    return route
  }
}

/// A running stand-in of ``standInScript``.
struct StandIn: Sendable {
  let server: TestServer
  /// Where its socket and certificate are.
  let folder: String

  /// The base URL: `/ollama` speaks Ollama's protocol alone, `/openai` the other, `/both` both.
  func url(_ side: String) -> String { "\(server.url)/\(side)" }

  /// A model of it; `environment` and `keyHosts` as the program has them.
  func model(
    _ kind: ModelName.Kind, _ name: String, side: String = "both", environment: [String: String] = [:],
    keyHosts: [String] = [], route: ServerRoute = .once
  ) throws -> any ServerModel {
    try ModelServers(environment: environment).model(
      ModelName(kind, name), url: url(side), route: route, keyHosts: keyHosts)
  }

  /// One of its own routes.
  @discardableResult
  func ask(_ route: String) async throws -> String {
    String(decoding: try await Transfer().fetch(HTTPRequest(url: server.url + route)).body, as: UTF8.self)
  }

  /// The last request to `path`, of those that were logged.
  func logged(_ path: String) async throws -> [String: Any] {
    let log = try JSONSerialization.jsonObject(with: Data(try await ask("/log").utf8)) as? [[String: Any]] ?? []
    return try #require(log.last { $0["path"] as? String == path })
  }

  /// Expects that the other side of an answer was seen to leave, now or within a few seconds.
  func expectLeft(at place: SourceLocation = #_sourceLocation) async throws {
    for _ in 0..<300 {
      if try await ask("/log").contains("\"left\":true") { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("the server still sends", sourceLocation: place)
  }
}

/// The text and end of one reply, and the error that it ended with, which is nil where there was none.
func outcome(
  of model: some Model, to asked: ModelRequest = request("hello")
) async -> (text: String, end: ReplyEnd?, error: (any Error)?) {
  var text = ""
  var end: ReplyEnd?
  do {
    for try await event in model.reply(to: asked) {
      switch event {
      case .text(let more): text += more
      case .retry: break
      case .end(let last): end = last
      }
    }
    return (text, end, nil)
  } catch {
    return (text, end, error)
  }
}
