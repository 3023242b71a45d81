import Foundation
import TestPrograms
import Testing

@testable import Models

/// The loop of a sitting with a server: run, resolve, save, replay with the server gone; cancel in the middle, run again.
@Suite struct `a sitting with a model server` {
  @Test(arguments: [ModelName.Kind.ollama, .openai])
  func `resolves, and its session replays once the server is gone`(kind: ModelName.Kind) async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let reply = try await program.resolvingReply()
      let made = try await withStandIn(answer: reply) { stand in
        let use = "model use \(kind.rawValue):answer --url \(stand.url("both"))"
        let check = try await program.lines(use, "model check")
        #expect(check.contains(kind == .ollama ? "Ollama 0.33.0" : "OpenAI-compatible"))
        let run = try await program.lines(use, "run django__django-11000", "save kept.ramp")
        #expect(run.contains("\(kind.rawValue):answer: \((reply.unicodeScalars.count + 6) / 7) tokens"))
        #expect(run.contains("verdict    resolved"))
        let shown = try await program.lines(use, "run django__django-11000 --through reply", "show reply --raw")
        #expect(shown.contains(reply))
        return stand.server.url
      }
      let replay = try await program.run(["kept.ramp"])
      #expect(replay.status == 0, "\(replay.errors)")
      #expect(replay.output.contains("network off") && replay.output.contains("2 of 2 expectations hold"))
      // The server is gone: asked live, the same file says so and where it looked.
      let live = try await program.run(["--live", "kept.ramp"])
      #expect(live.status == 69)
      #expect(live.errors.contains("kept.ramp:3: no model server answers at \(made)/both: nothing listens there"))
    }
  }

  @Test(arguments: [ModelName.Kind.ollama, .openai])
  func `is interrupted in the middle of a reply, and runs again`(kind: ModelName.Kind) async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let reply = try await program.resolvingReply()
      try await withStandIn(answer: reply) { stand in
        let url = stand.url("both")
        let lines = "model use \(kind.rawValue):slow --url \(url); run django__django-11000 --through reply"
        let cut = try await program.run(["-c", lines]) { process in
          while try await Int(stand.ask("/sent")) ?? 0 < 2000 { try await Task.sleep(for: .milliseconds(10)) }
          process.send(SIGINT)
        }
        #expect(cut.status == 130)
        try await stand.expectLeft()
        // A program is told on its own channel, in one line.
        let told = try await program.run(["--json", "-c", lines]) { process in
          let before = try await Int(stand.ask("/sent")) ?? 0
          while try await Int(stand.ask("/sent")) ?? 0 < before + 2000 { try await Task.sleep(for: .milliseconds(10)) }
          process.send(SIGINT)
        }
        #expect(told.status == 130)
        let ends = told.output.split(separator: "\n").filter { $0.contains(#""ok":false"#) }
        #expect(ends == [#"{"error":"interrupted","ok":false}"#] && told.output.hasSuffix("\(ends.first ?? "")\n"))
        let again = try await program.lines(
          "model use \(kind.rawValue):answer --url \(url)", "run django__django-11000")
        #expect(again.contains("verdict    resolved"))
      }
    }
  }

  @Test func `tells of each take where its time went, its tokens and cost, and what answered`() async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let reply = try await program.resolvingReply()
      try await withStandIn(answer: reply) { stand in
        let use = "model use openai:answer --url \(stand.url("both"))"
        let output = try await program.lines(
          use, "set model.price.input 2", "set model.price.output 10", "run django__django-11000", "show time",
          "show tokens", "show model", "set model.num_ctx 20000", "rerun reply", "diff model 1.1 1.2", "show tokens")
        for line in [
          "prompt unknown (the server cannot count", "  STAGE", "by the clock", "by ramp's estimate",
          "cost     $0.0", "protocol       openai", "options        num_ctx 16384", "options  num_ctx 16384, ",
          "num_ctx 20000, ", "bytes are those of 1.1",
        ] { #expect(output.contains(line), "\(line) in \(output)") }
        let json = try await program.lines(use, "run django__django-11000", "show time --json")
        struct Time: Decodable {
          struct Stage: Decodable { let milliseconds: Int }
          let stages: [Stage]
          let other_milliseconds, wall_milliseconds: Int
          let reply, own: [String: Int]
        }
        let line = try #require(json.split(separator: "\n").last)
        let time = try JSONDecoder().decode(Time.self, from: Data(line.utf8))
        #expect(time.reply["decode"] ?? 0 > 0)
        #expect(Set(time.own.keys) == ["journal", "keys", "screen"] && time.own["journal"] ?? 0 > 0)
        // Stages are rounded to a millisecond each.
        let parts = time.stages.map(\.milliseconds).reduce(0, +) + time.own.values.reduce(0, +) / 1000
        #expect(abs(parts - time.wall_milliseconds) <= max(10, time.wall_milliseconds / 100))
        #expect(abs(time.other_milliseconds - max(0, time.wall_milliseconds - parts)) <= 10)
      }
    }
  }

  @Test func `shows each retry as it happens, and is not a second attempt`() async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      try await withStandIn { stand in
        let run = try await program.run([
          "-c",
          "model use ollama:flaky-503-2 --url \(stand.url("both")); run django__django-11000 --through reply; attempts",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("is not ready (503): not; asked again in 0.0 s (retry 1 of 2)"))
        #expect(run.errors.contains("(retry 2 of 2)"))
        let rows = ["1.1", "1.2", "2.1"].map { run.output.contains("\n  \($0) ") }
        #expect(rows == [true, false, false], "\(run.output)")
      }
    }
  }

  @Test func `stops where an old server cut the prompt, with context_truncated, and its session replays so`()
    async throws
  {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let server = try await TestServer("python3", ["-c", windowScript])
      let output = try await program.lines(
        "model use ollama:m --url \(server.url)/0.5.7/half/3000", "run django__django-11000", "model check",
        "save kept.ramp")
      await server.stop()
      #expect(output.contains("complete; prompt truncated by server ("))
      #expect(output.contains("verdict    unresolved, context_truncated: the server did not read the whole prompt"))
      #expect(!output.contains("  edits  "))
      let replay = try await program.run(["kept.ramp"])
      #expect(replay.status == 0, "\(replay.errors)")
      #expect(replay.output.contains("unresolved, context_truncated"))
    }
  }

  @Test(
    arguments: [
      ("ollama", "refuses"), ("openai", "refuses"), ("openai", "refuses-typed"), ("anthropic", "refuses"),
    ])
  func `makes a take of a prompt that the server refused, and its session replays so`(
    kind: String, model: String
  ) async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let output = try await withStandIn { stand in
        try await program.lines(
          "model use \(kind):\(model) --url \(stand.url("both"))", "run django__django-11000", "attempts", "show model",
          "save kept.ramp")
      }
      let numbers = "refused: 9000 tokens by the server's count, and its window has 4096"
      #expect(output.contains("0 bytes, incomplete (broken): the server refused the prompt: "))
      #expect(output.contains("; prompt truncated by server (\(numbers))"))
      #expect(
        output.contains("unresolved, context_truncated: the server did not read the prompt: \(numbers)"))
      #expect(output.contains("  protocol       \(kind)\n"))
      #expect(!output.contains("  edits  ") && !output.contains("\u{1B}"))
      let next = try #require(output.split(separator: "\n").first { $0.hasPrefix("  try: ") })
      #expect(next.contains("a shorter prompt by `set context.budget` (") && next.contains("a shorter template"))
      #expect(next.contains("model.num_ctx") == (kind != "anthropic") && !next.contains("num_predict"))
      let replay = try await program.run(["kept.ramp"])
      #expect(replay.status == 0, "\(replay.errors)")
      #expect(replay.output.contains("unresolved, context_truncated"))
    }
  }

  @Test func `says of what is no model server that it is none, at once, and what to type`() async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let files = try await TestServer("python3", ["-u", "-m", "http.server", "--bind", "127.0.0.1", "0"])
      let url = try #require(files.url.split { "()".contains($0) }.dropFirst().first)
      let run = try await program.run(["-c", "model use openai:m --url \(url); run django__django-11000"])
      await files.stop()
      #expect(run.status == 69)
      #expect(run.errors.contains("is no OpenAI-compatible server: it answers 501 with a page of HTML"))
      #expect(run.errors.contains("`model check` asks there again; another server: `model use openai:m --url URL`"))
      #expect(!run.errors.contains("asked again") && !run.output.contains("asked again"))
    }
  }

  @Test func `checks a model: warms it up, asks it, and says in plain words what is wrong`() async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let server = try await TestServer("python3", ["-c", windowScript])
      let small = try await program.run(["-c", "model use ollama:m --url \(server.url)/0.12.5/half/2048; model check"])
      #expect(small.status == 0, "\(small.errors)")
      #expect(small.errors.contains("the window is smaller than asked: 2048 of 16384 tokens; `set model.num_ctx 2048`"))
      #expect(small.errors.contains("Ollama 0.12.5 is too old for `truncate: false`"))
      await server.stop()
      try await withStandIn { stand in
        let use = "model use openai:answer --url \(stand.url("both"))"
        let check = try await program.run(["-c", "\(use); model check"])
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.output.contains("  probe          x = 1") && check.output.contains("protocol       openai"))
        #expect(check.errors.contains("whether prompts are read whole cannot be shown"))
        let posts = try await stand.ask("/log").components(separatedBy: "/both/v1/chat/completions").count - 1
        #expect(posts >= 2)
        let none = try await program.run(["-c", "model use openai:gone --url \(stand.url("both")); model check"])
        #expect(none.status == 69)
        #expect(none.errors.contains("has no model `gone`; it has: answer, slow, llama3.1:latest"))
      }
    }
  }

  @Test func `keeps a reply that is not complete, and never applies it`() async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let reply = try await program.resolvingReply()
      try await withStandIn(answer: reply) { stand in
        for (name, why) in [
          ("length", "incomplete (length)"), ("crash", "incomplete (broken): the server said: an error was"),
          ("silent", "incomplete (broken): the server ended its answer before the model was done"),
        ] {
          let run = try await program.lines(
            "model use ollama:\(name) --url \(stand.url("ollama"))", "run django__django-11000", "show reply --raw",
            "save --force kept.ramp")
          #expect(run.contains(why))
          #expect(run.contains(reply.prefix(20)))
          #expect(!run.contains("verdict    resolved") && !run.contains("edits      "))
          let replay = try await program.run(["kept.ramp"])
          #expect(replay.status == 0, "\(replay.errors)")
        }
      }
    }
  }

  @Test func `leaves no key and no password behind`() async throws {
    try await withFolder { folder in
      var program = Program(folder: folder)
      program.environment = ["OPENAI_API_KEY": "sk-topsecret"]
      let reply = try await program.resolvingReply()
      try await withStandIn(answer: reply) { stand in
        let url = stand.url("both")
        let withPassword = url.replacing("http://", with: "http://user:hunter2@")
        for line in ["set model.url \(withPassword)", "model use openai:answer --url \(withPassword)"] {
          let refused = try await program.run(["-c", line])
          #expect(refused.status == 1)
          #expect(refused.errors.contains("`model.url` holds no user and no password"))
          #expect(!refused.errors.contains("hunter2"))
        }
        let output = try await program.lines(
          "model use openai:answer --url \(url) --key-host 127.0.0.1", "settings model.url", "run django__django-11000",
          "show", "save kept.ramp")
        #expect(output.contains("verdict    resolved"))
        let sent = try await stand.logged("/both/v1/chat/completions")["authorization"] as? String
        #expect(sent == "Bearer sk-topsecret")
        let refused = try await program.run([
          "-c", "model use openai:key-echo --url \(url) --key-host 127.0.0.1; run flask__flask-5063",
        ])
        #expect(refused.status == 69)
        for text in [output, refused.output, refused.errors] {
          #expect(!text.contains("topsecret") && !text.contains("hunter2"))
        }
        for (path, bytes) in try program.remains() {
          let isClean = ["topsecret", "hunter2"].allSatisfy { bytes.firstRange(of: Data($0.utf8)) == nil }
          #expect(isClean, "in \(path)")
        }
        let kept = String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/kept.ramp")), as: UTF8.self)
        #expect(kept.contains("\nmodel use openai:answer --url \(url)\n"))
      }
    }
  }

  @Test func `sends a key where a script says only by an option of the program`() async throws {
    try await withFolder { folder in
      var program = Program(folder: folder)
      program.environment = ["OPENAI_API_KEY": "sk-topsecret"]
      try await withStandIn { stand in
        let script = """
          model use openai:answer --url \(stand.url("both")) --key-host 127.0.0.1
          run django__django-11000 --through reply

          """
        try Data(script.utf8).write(to: URL(fileURLWithPath: folder + "/s.ramp"))
        let refused = try await program.run(["s.ramp"])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("s.ramp:1: `model use --key-host` may not stand in a script"))
        #expect(refused.errors.contains("`ramp --key-host 127.0.0.1 SCRIPT` allows it"))
        #expect(try await !stand.ask("/log").contains("topsecret"))
        let allowed = try await program.run(["--key-host", "127.0.0.1", "s.ramp"])
        #expect(allowed.status == 0, "\(allowed.errors)")
        #expect(try await stand.ask("/log").contains("topsecret"))
      }
    }
  }

  @Test func `asks at OLLAMA_HOST, and says where there is nothing`() async throws {
    try await withFolder { folder in
      var program = Program(folder: folder)
      try await withStandIn { stand in
        program.environment = ["OLLAMA_HOST": stand.url("ollama")]
        let list = try await program.lines("model use ollama", "model list")
        #expect(list.contains("ollama:answer") && list.contains("8.0B, Q4_K_M, 4.9 GB"))
        let missing = try await program.run(["-c", "model use ollama; model check"])
        #expect(missing.status == 69)
        #expect(missing.errors.contains("has no model `llama3.1:8b`; it has: answer, slow, llama3.1:latest"))
      }
      let run = try await program.run(["-c", "model use ollama:m; run django__django-11000"])
      #expect(run.status == 69)
      #expect(run.errors.contains("/ollama: nothing listens there") && run.errors.contains("`ollama serve`"))
    }
  }

  @Test func `has another place for another kind of server`() async throws {
    try await withFolder { folder in
      let program = Program(folder: folder)
      let output = try await program.lines(
        "model use llamacpp:m", "model use openai:n", "model use ollama:o", "set model.url http://gpu:1",
        "model use ollama:p", "model use gold", "model use ollama:p")
      let places = output.split(separator: "\n").filter { $0.hasPrefix("model ") && $0.contains(" at ") }
      #expect(
        places == [
          "model openai:m at 127.0.0.1:8080", "model openai:n at 127.0.0.1:8080", "model ollama:o at 127.0.0.1:11434",
          "model ollama:p at gpu:1", "model ollama:p at 127.0.0.1:11434",
        ])
    }
  }
}
