import Foundation
import TestPrograms
import Testing

@testable import Models
@testable import Transfer

/// A real llama.cpp server with a model whose answer is known, from `scripts/tiny-model`.
enum TinyModel {
  static let isOffline = ProcessInfo.processInfo.environment["RAMP_OFFLINE"]?.isEmpty == false
  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scripts/tiny-model")

  /// The Python that can make and serve it; nil where it cannot be had. Made once, which takes half a minute.
  static let python: Task<String?, Never> = Task {
    guard !isOffline else { return nil }
    let (status, output) = await finish(scripts.appendingPathComponent("setup").path, [])
    return status == 0 ? output.trimmingCharacters(in: .whitespacesAndNewlines) : nil
  }

  /// Serves a model that answers with `text`, gives its URL to `body`, and ends it.
  static func serve<Value>(
    _ text: String, isEndless: Bool = false, options: [String] = [], _ body: (TestServer) async throws -> Value
  ) async throws -> Value {
    try await make(text, isEndless: isEndless) { python, arguments in
      let server = try await TestServer(python, arguments + options)
      let result: Result<Value, any Error>
      do { result = .success(try await body(server)) } catch { result = .failure(error) }
      await server.stop()
      return try result.get()
    }
  }

  /// Makes a model that answers with `text`, and gives `body` the program and the arguments that serve it.
  static func make<Value>(
    _ text: String, isEndless: Bool = false, _ body: (String, [String]) async throws -> Value
  ) async throws -> Value {
    let python = try #require(await python.value)
    return try await withFolder { folder in
      let (file, model) = ("\(folder)/answer.txt", "\(folder)/tiny.gguf")
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      let make = [scripts.appendingPathComponent("make.py").path, model, "--answer", file]
      let (status, output) = await finish(python, make + (isEndless ? ["--endless"] : []))
      #expect(status == 0, "\(output)")
      return try await body(python, [scripts.appendingPathComponent("serve.py").path, model])
    }
  }

  private static func finish(_ program: String, _ arguments: [String]) async -> (Int32, String) {
    guard let child = try? Child(program, arguments) else { return (127, "") }
    child.closeInput()
    let text = String(decoding: await child.output(), as: UTF8.self)
    return (await child.ended(), text)
  }
}

/// Whether the one slot of a llama.cpp server is at work.
private func isBusy(_ url: String) async throws -> Bool {
  struct Slot: Decodable { let is_processing: Bool }
  let body = try await Transfer().fetch(HTTPRequest(url: url + "/slots")).body
  return try JSONDecoder().decode([Slot].self, from: Data(body)).contains { $0.is_processing }
}

@Suite(
  .serialized, .disabled(if: TinyModel.isOffline, "RAMP_OFFLINE is set"),
  .enabled("a llama.cpp server cannot be had from PyPI") { await TinyModel.python.value != nil })
struct `a real llama.cpp server` {
  @Test func `streams an answer byte for byte, with its counts`() async throws {
    let text = "a <b> \"c\" \\ \t é€😀\n\n```python\nx = 1\n```\nx = 1\nx = 1\n" + (1...60).map { "\($0)\n" }.joined()
    try await TinyModel.serve(text) { server in
      let model = try ModelServers().model(ModelName(.openai, "tiny"), url: server.url)
      let report = try await model.report(.question)
      #expect(report.software == "llama.cpp" && model.isServed(in: report))
      let reply = await outcome(of: model)
      #expect(reply.error == nil)
      #expect(Array(reply.text.utf8) == Array(text.utf8))
      #expect(reply.end?.reason == .stop && reply.end?.model == "openai:tiny")
      #expect(reply.end?.promptTokens ?? 0 > 1 && reply.end?.replyTokens ?? 0 > 60)

      var sampling = Sampling()
      sampling.numPredict = 3
      let short = ModelRequest(messages: request("hello").messages, sampling: sampling, instanceID: "i")
      let cut = await outcome(of: model, to: short)
      #expect(cut.end?.reason == .length && cut.end?.replyTokens == 3)
      #expect(!cut.text.isEmpty && text.hasPrefix(cut.text))

      let long = request(String(repeating: "word ", count: 40_000))
      let refused = await outcome(of: model, to: long)
      #expect(refused.error == nil && refused.end?.reason == .broken && refused.end?.promptTokens ?? 0 > 32768)
      #expect(refused.end?.window == .refused(prompt: refused.end?.promptTokens, window: 32768))
      #expect(refused.end?.passport?[.window] == "32768")
      let ollama = try ModelServers().model(ModelName(.ollama, "tiny"), url: server.url)
      let other = try #require(await outcome(of: ollama).error as? ServerError)
      #expect(other.fault == .notModelServer(what: "it answers 404: File Not Found", speaks: .openai))
    }
  }

  @Test func `frees its slot when its reader is cancelled, and answers the next`() async throws {
    try await TinyModel.serve("one two three four five six seven eight nine ten\n", isEndless: true) { server in
      let model = try ModelServers().model(ModelName(.openai, "tiny"), url: server.url)
      var sampling = Sampling()
      sampling.numPredict = 1_000_000
      let endless = ModelRequest(messages: request("hello").messages, sampling: sampling, instanceID: "i")
      let (begun, tell) = AsyncStream<Void>.makeStream()
      let reading = Task {
        for try await case .text in model.reply(to: endless) { tell.yield() }
        try Task.checkCancellation()
      }
      for await _ in begun { break }
      #expect(try await isBusy(server.url))
      reading.cancel()
      await #expect(throws: CancellationError.self) { try await reading.value }
      // The reply would go on for hours. How soon the slot is free is printed and decides nothing: other tests may have
      // the processors.
      let cancelled = ContinuousClock.now
      var isFree = false
      for _ in 0..<6000 where !isFree {
        isFree = try await !isBusy(server.url)
        if !isFree { try await Task.sleep(for: .milliseconds(10)) }
      }
      #expect(isFree)
      print("the slot was free after \(ContinuousClock.now - cancelled)")
      sampling.numPredict = 5
      let next = ModelRequest(messages: request("hello").messages, sampling: sampling, instanceID: "i")
      let reply = await outcome(of: model, to: next)
      #expect(reply.text.hasPrefix("one two") && reply.end?.reason == .length)
    }
  }

  @Test func `keeps what it said before it was killed`() async throws {
    try await TinyModel.serve("one two three four five six seven eight nine ten\n", isEndless: true) { server in
      let model = try ModelServers().model(ModelName(.openai, "tiny"), url: server.url)
      var sampling = Sampling()
      sampling.numPredict = 1_000_000
      let endless = ModelRequest(messages: request("hello").messages, sampling: sampling, instanceID: "i")
      var text = ""
      var end: ReplyEnd?
      for try await event in model.reply(to: endless) {
        switch event {
        case .text(let more):
          text += more
          server.child.send(SIGKILL)
        case .retry: Issue.record("asked again in the middle of an answer")
        case .end(let last): end = last
        }
      }
      #expect(text.hasPrefix("one two"))
      #expect(end?.reason == .broken)
      #expect(end?.why?.hasPrefix("the answer was cut off after ") == true)
    }
  }

  @Test func `counts a prompt exactly, by either protocol, and tells what it is`() async throws {
    try await TinyModel.serve("one two three\n") { server in
      for kind in [ModelName.Kind.openai, .anthropic] {
        let model = try ModelServers().model(ModelName(kind, "tiny"), url: server.url)
        let asked = ModelRequest(
          messages: [
            ModelMessage(role: "system", text: "You fix code."),
            ModelMessage(role: "user", text: String(repeating: "def f(x):\n    return x\n", count: 50)),
          ], sampling: Sampling(), instanceID: "i")
        let reply = await outcome(of: model, to: asked)
        #expect(reply.error == nil && reply.text == "one two three\n" && reply.end?.reason == .stop)
        let read = try #require(reply.end?.promptTokens)
        #expect(read > 100)
        #expect(reply.end?.window == .intact("\(read) tokens sent, \(read) read"))
        #expect(reply.end?.ledger?.prefill ?? 0 > 0 || kind == .anthropic)
        // The same again: the server reads next to nothing of it anew.
        let again = await outcome(of: model, to: asked)
        #expect(again.end?.ledger?.cachedTokens ?? 0 > read / 2)
        #expect(again.end?.window?.state == .intact)
        let passport = try #require(reply.end?.passport)
        #expect(passport[.server]?.hasPrefix("llama.cpp") == true && passport[.window] == "32768")
        #expect(passport[.slots] == "1" && passport[.template]?.count == 12)
        let check = try await ModelCheck.of(model, Sampling())
        #expect(check.remarks == [] && check.text.hasPrefix("one"))
        let long = request(String(repeating: "word ", count: 40_000))
        let refused = await outcome(of: model, to: long)
        #expect(refused.error == nil && refused.end?.promptTokens ?? 0 > 32768)
        #expect(refused.end?.window == .refused(prompt: refused.end?.promptTokens, window: 32768))
      }
    }
  }

  @Test func `answers two at once on one slot, the second after the first`() async throws {
    let text = (1...300).map { "\($0)\n" }.joined()
    try await TinyModel.serve(text) { server in
      let model = try ModelServers().model(ModelName(.openai, "tiny"), url: server.url)
      async let first = outcome(of: model, to: request("first"))
      async let second = outcome(of: model, to: request("second"))
      let both = await [first, second]
      #expect(both.allSatisfy { $0.error == nil && $0.text == text && $0.end?.window?.state == .intact })
      let waits = both.map { $0.end?.ledger?.queue ?? 0 }.sorted()
      #expect(waits[1] > waits[0])
    }
  }

  @Test func `is asked again while it loads its model, and then answers`() async throws {
    let port = try await TestServer("python3", ["-c", Self.freePort]).url
    try await TinyModel.make("one two three\n") { python, arguments in
      // So large a window takes a second to make.
      let child = try Child(python, arguments + ["--port", port, "--window", "8000000"])
      let url = "http://127.0.0.1:\(port)"
      var status = 0
      for _ in 0..<2000 where status == 0 {
        status = (try? await Transfer().fetch(HTTPRequest(url: url + "/health")).status) ?? 0
        if status == 0 { try await Task.sleep(for: .milliseconds(5)) }
      }
      #expect(status == 503)
      var route = ServerRoute()
      route.retries = 20
      let model = try ModelServers().model(ModelName(.openai, "tiny"), url: url, route: route)
      var (text, retries) = ("", [Retry]())
      for try await event in model.reply(to: request("hello")) {
        if case .text(let more) = event { text += more }
        if case .retry(let retry) = event { retries.append(retry) }
      }
      #expect(text == "one two three\n")
      #expect(retries.first?.why.contains("is not ready (503): Loading model") == true)
      child.send(SIGKILL)
      _ = await child.ended()
    }
  }

  /// Prints a port that was free a moment ago.
  private static let freePort =
    "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"

  @Test func `follows a grammar and a schema`() async throws {
    try await TinyModel.serve("one two three\n") { server in
      let model = try ModelServers().model(ModelName(.openai, "tiny"), url: server.url)
      var sampling = Sampling()
      sampling.grammar = "root ::= \"yes\""
      let asked = ModelRequest(messages: request("hello").messages, sampling: sampling, instanceID: "i")
      #expect(await outcome(of: model, to: asked).text == "yes")
      sampling.grammar = "root ::= ("
      let bad = ModelRequest(messages: request("hello").messages, sampling: sampling, instanceID: "i")
      guard case .refused(400, _)? = (await outcome(of: model, to: bad).error as? ServerError)?.fault else {
        Issue.record("a bad grammar is not refused")
        return
      }
    }
  }

  @Test func `wants its key, which goes where a person typed`() async throws {
    try await TinyModel.serve("yes\n", options: ["--key", "sk-tiny"]) { server in
      let name = ModelName(.openai, "tiny")
      for (key, hosts) in [("sk-tiny", []), ("sk-wrong", ["127.0.0.1"])] as [(String, [String])] {
        let model = try ModelServers(environment: ["OPENAI_API_KEY": key]).model(name, url: server.url, keyHosts: hosts)
        let error = try #require(await outcome(of: model).error as? ServerError)
        #expect(error.fault == .unauthorized(isThere: true, isSent: !hosts.isEmpty, said: "Invalid API Key"))
      }
      let servers = ModelServers(environment: ["OPENAI_API_KEY": "sk-tiny"])
      let reply = await outcome(of: try servers.model(name, url: server.url, keyHosts: ["127.0.0.1"]))
      #expect(reply.text == "yes\n")
    }
  }

  @Test func `resolves an instance; the session replays once it is gone`() async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let reply = try await program.resolvingReply()
      try await TinyModel.serve(reply) { server in
        let output = try await program.lines(
          "model use llamacpp:tiny --url \(server.url)", "model check", "run django__django-11000", "save kept.ramp")
        #expect(output.contains("llama.cpp at") && output.contains("tiny: there"))
        #expect(output.contains("  reply      openai:tiny: "))
        #expect(output.contains("verdict    resolved"))
      }
      let replay = try await program.run(["kept.ramp"])
      #expect(replay.status == 0, "\(replay.errors)")
      #expect(replay.output.contains("2 of 2 expectations hold"))
      try await TinyModel.serve("one two three four five six seven eight nine ten\n", isEndless: true) { server in
        let lines = [
          "model use llamacpp:tiny --url \(server.url)", "set model.num_ctx 1000000", "set model.num_predict 900000",
          "run django__django-11000 --through reply",
        ]
        let cut = try await program.run(["-c", lines.joined(separator: "; ")]) { process in
          while try await !isBusy(server.url) { try await Task.sleep(for: .milliseconds(10)) }
          process.send(SIGINT)
        }
        #expect(cut.status == 130)
        for _ in 0..<500 where try await isBusy(server.url) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await !isBusy(server.url))
      }
      try await TinyModel.serve(reply) { server in
        let again = try await program.lines(
          "model use llamacpp:tiny --url \(server.url)", "run django__django-11000")
        #expect(again.contains("verdict    resolved"))
      }
    }
  }
}
