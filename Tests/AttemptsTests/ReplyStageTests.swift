import Content
import Instances
import Models
import Testing

@testable import Attempts

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
