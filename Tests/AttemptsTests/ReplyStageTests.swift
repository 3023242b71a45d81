import Content
import Context
import Grading
import Instances
import Journal
import Models
import Prompts
import Synchronization
import Testing

@testable import Attempts

/// Remembers what was asked again.
private final class Retries: Interceptor {
  private let state = Mutex<[Retry]>([])
  var all: [Retry] { state.withLock { $0 } }

  func retrying(_ retry: Retry, in plan: Plan) async { state.withLock { $0.append(retry) } }
}

@Suite struct `a reply` {
  @Test func `is kept with how long the model wrote, which its content does not show`() async throws {
    try await withBench(
      ToldModel(events: [.text("One.\n"), .end(ReplyEnd(reason: .stop, model: "m", writing: .milliseconds(1500)))])
    ) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder), through: .reply))
      let record = try #require(take.chain[.reply])
      #expect(record.writingMilliseconds == 1500)
      let kept = try #require(try bench.world.journal.takes(of: "tests").values.first?.first)
      #expect(kept.chain[.reply]?.writingMilliseconds == 1500)
      let untimed = ReplyArtifact(text: "One.\n", model: "m", end: .stop, promptTokens: nil, replyTokens: nil)
      #expect(record.content == Hash(of: try Artifact.reply(untimed).bytes()))
    }
  }

  @Test func `of another server, or of another text of a file, is another one`() throws {
    let prompt = StageRecord(
      stage: .prompt, key: Hash(of: "p"), content: Hash(of: "p"),
      artifact: .feedback(FeedbackArtifact(mode: .none, parts: [])), how: .made)
    func key(_ model: String?, url: String? = nil, file: Hash? = nil) throws -> Hash {
      var settings = Settings()
      (settings.model, settings.modelURL) = (model, url)
      var plan = plan(try practice("flask__flask-5063"), settings: settings)
      plan.modelFile = file
      return try #require(ReplyStage().key(plan, Chain([prompt]))).hash
    }
    #expect(try key("ollama:m") != key("ollama:m", url: "http://127.0.0.1:9"))
    #expect(try key("ollama:m", url: "http://127.0.0.1:8") != key("ollama:m", url: "http://127.0.0.1:9"))
    #expect(try key("gold") == key("gold", url: "http://127.0.0.1:9"))
    #expect(try key(nil) == key(nil, url: "http://127.0.0.1:9"))
    #expect(try key("scripted:a", file: Hash(of: "1")) != key("scripted:a", file: Hash(of: "2")))
  }

  /// A reply that mends the shop, of whose prompt the server says this.
  private func mended(_ window: WindowProof?) -> ToldModel {
    ToldModel(events: [.text(Shop.mend), .end(ReplyEnd(reason: .stop, model: "m", window: window))])
  }

  @Test func `to a prompt that the server cut is kept, shown and never applied`() async throws {
    try await withBench(mended(.truncated("4029 tokens sent, 515 read"))) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder)))
      #expect(take.chain.reply?.text == Shop.mend && take.chain.reply?.isComplete == true)
      #expect(take.chain.edits == nil && take.chain.patch == nil && take.chain.outcomes == nil)
      #expect(take.verdict?.word == .unresolved && take.verdict?.failure == .contextTruncated)
      #expect(take.verdict?.sentence == "the server did not read the whole prompt: 4029 tokens sent, 515 read")
      #expect(take.chain.feedback?.isEmpty == true)
    }
  }

  @Test func `that a server refused to give is kept with its numbers, and nothing is learnt from it`() async throws {
    let end = ReplyEnd(
      reason: .broken, model: "m", promptTokens: 9000, why: "the server refused the prompt: too long",
      window: .refused(prompt: 9000, window: 4096))
    try await withBench(ToldModel(events: [.end(end)])) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder)))
      #expect(take.chain.reply?.why == end.why && take.chain.reply?.promptTokens == 9000)
      #expect(take.chain.edits == nil && take.verdict?.failure == .contextTruncated)
      #expect(
        take.verdict?.sentence
          == "the server did not read the prompt: refused: 9000 tokens by the server's count, and its window has 4096")
      #expect(take.chain.feedback?.isEmpty == true)
    }
  }

  @Test(
    arguments: [
      (384, nil, "the window was full after 384 of 2048 tokens"), (2048, nil, nil), (2047, nil, nil),
      (384, "the answer filled the window", "the answer filled the window"), (nil, nil, nil),
    ] as [(Int?, String?, String?)])
  func `that ended before its budget was used up had no more room in the window`(
    tokens: Int?, said: String?, why: String?
  ) async throws {
    let end = ReplyEnd(reason: .length, model: "m", promptTokens: 9, replyTokens: tokens, why: said)
    try await withBench(ToldModel(events: [.text("a"), .end(end)])) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder)))
      #expect(take.chain.reply?.why == why)
      let sentence = why.map { "the reply was cut: \($0)" }
      #expect(
        take.verdict?.sentence == sentence ?? "the reply was cut at the answer's budget (model.num_predict)")
      #expect(take.verdict?.failure == .contextTruncated)
    }
  }

  @Test(arguments: [WindowProof.intact("7 tokens sent, 7 read"), .unknown("it does not say"), nil])
  func `to a prompt that was read, or may have been, is applied`(window: WindowProof?) async throws {
    try await withBench(mended(window)) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder)))
      #expect(take.verdict?.word == .resolved && take.chain.reply?.window == window)
    }
  }

  @Test func `to a prompt that ramp cut says what is missing, and how many tokens`() async throws {
    try await withBench(mended(.intact("7 tokens sent, 7 read"))) { bench in
      let row = try await Shop.row(in: bench.folder)
      let whole = try await bench.make(plan(row, through: .prompt))
      var settings = defaults
      settings.sampling.numPredict = 100
      settings.sampling.numCtx = 100 + (whole.chain.prompt?.prompt.tokens ?? 0) - 1
      let take = try await bench.make(plan(row, settings: settings, through: .reply))
      let cut = try #require(take.chain.prompt?.cut.first)
      let part = try #require(whole.chain.context?.parts.first { $0.span == cut })
      let window = try #require(take.chain.reply?.window)
      #expect(window.state == .cut)
      #expect(window.evidence.hasPrefix("\(cut): \(part.tokens) tokens; the rest is intact (7 tokens"))
    }
  }

  @Test func `is kept with what answered and where the time went, which its content does not show`() async throws {
    var end = ReplyEnd(reason: .stop, model: "m")
    var ledger = Ledger()
    (ledger.decode, ledger.replyTokens, ledger.retries) = (10, 5, 1)
    (end.ledger, end.passport) = (ledger, Passport(model: "m", sampling: Sampling()))
    let retry = Retry(number: 1, most: 2, wait: .milliseconds(500), why: "busy")
    try await withBench(ToldModel(events: [.retry(retry), .text("One.\n"), .end(end)])) { bench in
      let watcher = Retries()
      let take = try await bench.make(
        plan(try await Shop.row(in: bench.folder), through: .reply), watching: [watcher])
      #expect(watcher.all == [retry])
      let record = try #require(take.chain[.reply])
      func kept<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
        let hash = try #require(record.attachments[name])
        return try Canonical.value(type, from: try #require(try bench.world.journal.bytes(of: hash)))
      }
      #expect(try kept(ReplyArtifact.passport, Passport.self) == end.passport)
      let found = try kept(ReplyArtifact.ledger, Ledger.self)
      #expect(found.decode == 10 && found.retries == 1 && found.total >= 10)
      #expect(found.parts.map(\.microseconds).reduce(0, +) == found.total)
      let untimed = ReplyArtifact(text: "One.\n", model: "m", end: .stop, promptTokens: nil, replyTokens: nil)
      #expect(record.content == Hash(of: try Artifact.reply(untimed).bytes()))
      let wall = try #require(take.wallMilliseconds)
      #expect(wall >= take.records.map(\.milliseconds).max() ?? 0)
      #expect(try bench.world.journal.takes(of: "tests").values.first?.first?.wallMilliseconds == wall)
    }
  }

  @Test func `of a later attempt is asked for more warmly, with another seed`() throws {
    let row = try practice("flask__flask-5063")
    let first = plan(row).sampling
    let second = plan(row, TakeID(attempt: 2, take: 1)).sampling
    #expect((first.temperature, first.seed) == (0, 1) && (second.temperature, second.seed) == (0.5, 2))
    #expect(plan(row, TakeID(attempt: 2, take: 3)).sampling == second)
  }

  @Test(arguments: [(ReplyEnd.Reason.length, true), (.broken, false)])
  func `that is cut is to be briefer, and a broken connection is nobody's fault`(
    end: ReplyEnd.Reason, isTold: Bool
  ) async throws {
    try await withBench(ToldModel(events: [.text(Shop.mend), .end(ReplyEnd(reason: end, model: "m"))])) { bench in
      let feedback = try await bench.make(plan(try await Shop.row(in: bench.folder))).chain.feedback
      #expect(feedback?.text.contains("Answer more briefly.") == isTold)
      #expect(feedback?.isEmpty == !isTold)
    }
  }
}
