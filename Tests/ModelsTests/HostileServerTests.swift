import Foundation
import Testing

@testable import Models
@testable import Transfer

private let kinds: [ModelName.Kind] = [.ollama, .openai, .anthropic]

/// Whether this machine has the address `::1`.
private let hasIPv6 = FileManager.default.contents(atPath: "/proc/net/if_inet6")?.isEmpty == false

@Suite struct `a server that answers in another way than it should` {
  @Test(arguments: kinds) func `may send bytes that are no UTF-8, or name another type`(kind: ModelName.Kind)
    async throws
  {
    try await withStandIn { stand in
      let bad = await outcome(of: try stand.model(kind, "bad-utf8"))
      #expect(bad.text == "x \u{FFFD}\u{FFFD} = " && bad.end?.reason == .stop)
      let type = await outcome(of: try stand.model(kind, "wrong-type"))
      #expect(type.text == "x = " && type.end?.reason == .stop)
    }
  }

  @Test(arguments: kinds) func `may compress what nobody asked it to`(kind: ModelName.Kind) async throws {
    try await withStandIn { stand in
      let found = await outcome(of: try stand.model(kind, "gzip"))
      #expect(found.text == "x = " && found.end?.reason == .stop)
    }
  }

  @Test(arguments: kinds) func `is stopped where its reply has no end`(kind: ModelName.Kind) async throws {
    try await withStandIn { stand in
      let found = await outcome(of: try stand.model(kind, "huge"))
      #expect(found.end?.reason == .broken)
      #expect(found.end?.why == "the answer is longer than 32 MB")
      #expect((ReplyReader.limit...(ReplyReader.limit + 4 << 20)).contains(found.text.utf8.count))
    }
  }

  @Test func `sends the request to another host, where neither it nor the key goes`() async throws {
    try await withStandIn { stand in
      let model = try stand.model(
        .openai, "redirect-away", environment: ["OPENAI_API_KEY": "sk-secret"], keyHosts: ["127.0.0.1"])
      let error = try #require(await outcome(of: model).error as? ServerError)
      guard case .redirected(let target) = error.fault else {
        Issue.record("\(error)")
        return
      }
      #expect(target.hasPrefix("http://localhost:"))
      let log = try await stand.ask("/log")
      #expect(log.contains("redirect-away") && !log.contains("\"host\":\"localhost"))
    }
  }

  @Test func `is something else on that port`() async throws {
    // One waits to be spoken to, the other speaks first and then waits, as a real one does.
    for wait in ["c.recv(65536)", "pass"] {
      let script = """
        import socket
        s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(8)
        print("http://127.0.0.1:%d" % s.getsockname()[1], flush=True)
        while True:
            c, _ = s.accept(); \(wait); c.sendall(b"SSH-2.0-OpenSSH_9.2\\r\\n"); c.recv(65536); c.close()
        """
      let server = try await TestServer("python3", ["-c", script])
      for kind in kinds {
        let model = try ModelServers().model(ModelName(kind, "m"), url: server.url)
        let error = try #require(await outcome(of: model).error as? ServerError)
        #expect(error.errorDescription?.hasSuffix(": what is there is no HTTP server") == true)
        expectAdvice(error, kind)
      }
      await server.stop()
    }
  }

  @Test(arguments: kinds) func `is a server of files or of pages, which is not asked again`(kind: ModelName.Kind)
    async throws
  {
    let files = try await TestServer("python3", ["-u", "-m", "http.server", "--bind", "127.0.0.1", "0"])
    // `Serving HTTP on 127.0.0.1 port 1 (http://127.0.0.1:1/) ...`
    let url = try #require(files.url.split { "()".contains($0) }.dropFirst().first)
    let script = """
      import http.server, sys, threading
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
              self.rfile.read(int(self.headers["Content-Length"]))
              self.send_error(int(self.path.split("/")[1]))
          def do_GET(self): self.send_error(404)
          def log_message(self, *arguments): pass
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
      threading.Thread(target=server.serve_forever, daemon=True).start()
      print("http://127.0.0.1:%d" % server.server_port, flush=True)
      sys.stdin.read()
      """
    let pages = try await TestServer("python3", ["-c", script])
    for (url, status) in [(String(url), 501), (pages.url + "/404", 404), (pages.url + "/405", 405)] {
      var retries = 0
      let model = try ModelServers().model(ModelName(kind, "m"), url: url)
      let error: (any Error)?
      do {
        for try await event in model.reply(to: request("hello")) { if case .retry = event { retries += 1 } }
        error = nil
      } catch let thrown { error = thrown }
      let found = try #require(error as? ServerError)
      #expect(
        found.fault == .notModelServer(what: "it answers \(status) with a page of HTML", speaks: nil), "\(found)")
      #expect(retries == 0)
      expectAdvice(found, kind)
    }
    await files.stop()
    await pages.stop()
  }

  /// Expects to be told how to look again, and how to name another server.
  private func expectAdvice(_ error: ServerError, _ kind: ModelName.Kind) {
    let next = error.recoverySuggestion ?? ""
    #expect(
      next.contains("`model check` asks there again") && next.contains("`model use \(kind.rawValue):m --url URL`"))
  }
}

@Suite struct `the way to a server` {
  @Test(.enabled(if: hasIPv6, "this machine has no IPv6")) func `may be IPv6`() async throws {
    try await withStandIn(way: ["ipv6"]) { stand in
      let model = try stand.model(.ollama, "answer")
      #expect(await outcome(of: model).text == "x = 1\n")
    }
  }

  @Test(arguments: kinds) func `may be a Unix socket`(kind: ModelName.Kind) async throws {
    try await withStandIn(way: ["socket", "FOLDER/s"]) { stand in
      var route = ServerRoute.once
      route.socket = stand.folder + "/s"
      let model = try ModelServers().model(ModelName(kind, "answer"), url: "http://model/both", route: route)
      #expect(await outcome(of: model).text == "x = 1\n")
      route.socket = stand.folder + "/none"
      let none = try ModelServers().model(ModelName(kind, "answer"), url: "http://model/both", route: route)
      let error = try #require(await outcome(of: none).error as? ServerError)
      #expect(error.errorDescription?.hasSuffix("/none: no such file or directory") == true)
    }
  }

  @Test func `may be a proxy`() async throws {
    try await withStandIn { stand in
      var route = ServerRoute.once
      route.proxy = stand.server.url
      let model = try ModelServers().model(ModelName(.ollama, "m"), url: "http://model.invalid", route: route)
      // The stand-in is no proxy, and says 404 to what it is asked for.
      let error = try #require(await outcome(of: model).error as? ServerError)
      #expect(error.fault == .notModelServer(what: "it answers 404", speaks: nil))
      #expect(try await stand.ask("/log").contains("http://model.invalid/api/chat"))
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "openssl makes the certificate"))
  func `trusts the authorities of a file, and a certificate for its host alone`() async throws {
    try await withStandIn(way: ["tls", "FOLDER"]) { stand in
      var route = ServerRoute.once
      func error() async throws -> String {
        let model = try ModelServers().model(ModelName(.ollama, "answer"), url: stand.url("both"), route: route)
        return (await outcome(of: model).error as? ServerError)?.errorDescription ?? "none"
      }
      #expect(try await error().contains("its certificate is not trusted"))
      route.caFile = stand.folder + "/certificate.pem"
      #expect(try await error() == "none")
      let other = stand.url("both").replacing("localhost", with: "127.0.0.1")
      let model = try ModelServers().model(ModelName(.ollama, "answer"), url: other, route: route)
      let found = try #require(await outcome(of: model).error as? ServerError)
      #expect(found.errorDescription?.contains("its certificate is not trusted") == true)
      route.caFile = "/nowhere.pem"
      #expect(try await error().contains("/nowhere.pem: not a file of certificates"))
    }
  }

  @Test func `has limits of its own`() async throws {
    try await withStandIn { stand in
      var route = ServerRoute.once
      route.firstByte = 0.15
      let mute = try #require(await outcome(of: try stand.model(.ollama, "mute", route: route)).error as? ServerError)
      #expect(mute.fault == .transfer(.timedOut(.firstByte, after: .seconds(0.15))))
      route = .once
      route.total = 0.3
      let slow = await outcome(of: try stand.model(.ollama, "slow", route: route))
      #expect(slow.end?.reason == .broken && slow.end?.why == "the answer was not complete after 0.3 s")
      route = .once
      route.idle = 0.15
      let gated = await outcome(of: try stand.model(.ollama, "gated", route: route))
      #expect(gated.end?.why == "the answer stopped: nothing came for 0.15 s" || gated.text.isEmpty)
    }
  }

  @Test func `is one thread's for 32 answers at once`() async throws {
    try await withStandIn(answer: "first piece, second piece") { stand in
      let servers = ModelServers()
      _ = await outcome(of: try servers.model(ModelName(.openai, "answer"), url: stand.url("both")))
      let before = threads()
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        let (begun, tell) = AsyncStream<Void>.makeStream()
        for _ in 0..<32 {
          let model = try servers.model(ModelName(.openai, "gated"), url: stand.url("both"), route: .once)
          group.addTask {
            var text = ""
            for try await case .text(let more) in model.reply(to: request("hello")) {
              if text.isEmpty { tell.yield() }
              text += more
            }
            return text
          }
        }
        var count = 0
        for await _ in begun {
          count += 1
          if count == 32 { break }
        }
        // Other tests have threads that come and go; the answers wait until the gate is opened.
        for _ in 0..<500 where threads() > before + 4 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(threads() <= before + 4)
        try await stand.ask("/go")
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(texts == Array(repeating: "first piece, second piece", count: 32))
    }
  }

  private func threads() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task"))?.count ?? 0
  }
}
