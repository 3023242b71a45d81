import Content
import Grading
import Models
import Terminal
import Testing

@testable import Attempts
@testable import Commands

/// What is said to be tried after a take of `lines`.
private func tried(_ lines: String) async throws -> String {
  let sitting = try await Sitting()
  try sitting.write("There is nothing to change.\n", to: "prose.md")
  try sitting.write(
    "src/flask/cli.py\n<<<<<<< SEARCH\nno such line\n=======\nx\n>>>>>>> REPLACE\n", to: "nowhere.md")
  let text = try await sitting.type(lines)
  return String(try #require(text.firstRange(of: "\n  try: ").map { text[$0.upperBound...] }))
}

@Suite struct `what to try next` {
  @Test func `says that the model is told only where it is`() async throws {
    let run = "model use scripted:nowhere.md; run \(flask)"
    #expect(try await tried(run) == "`show edits` says why; `run \(flask)` again tells the model\n")
    #expect(
      try await tried("set feedback none; " + run)
        == "`show edits` says why; without feedback `run \(flask)` does not tell the model\n")
    let prose = try await tried("set feedback none; model use scripted:prose.md; run \(flask)")
    #expect(!prose.contains("tells the model"))
  }

  @Test(
    arguments: [
      (ReplyEnd.Reason.broken, FailureCode.modelError, "`rerun reply` asks the model again"),
      (.length, .contextTruncated, "`set model.num_predict 4096`, then rerun"),
    ])
  func `after a reply that is not complete is not another attempt`(
    end: ReplyEnd.Reason, failure: FailureCode, text: String
  ) {
    #expect(Hint.next(after: take(.unresolved, failure)) == text)
  }

  @Test(
    arguments: [
      ("ollama:m", .broken, 20_000, "`set model.num_ctx 22528`, or a shorter prompt"),
      (
        "ollama:m", .broken, 9000, "`set model.num_ctx` to the server's window, which `model check` tells, or a shorter"
      ),
      ("ollama:m", .broken, nil, "`set model.num_ctx` to the server's window, which `model check` tells, or a shorter"),
      ("ollama:m", .stop, 515, "`set model.num_ctx` to the server's window, which `model check` tells, or a shorter"),
      (
        "openai:m", .broken, 9000, "`set model.num_ctx` to the server's window, which `model check` tells, or a shorter"
      ),
      ("anthropic:m", .broken, 9000, "a shorter prompt by `set context.budget` or a shorter template, then rerun"),
    ] as [(String, ReplyEnd.Reason, Int?, String)])
  func `after a prompt that was refused or cut is another window, or a shorter prompt`(
    model: String, end: ReplyEnd.Reason, read: Int?, begins: String
  ) {
    let reply = ReplyArtifact(
      text: "", model: model, end: end, promptTokens: read, replyTokens: nil, window: .truncated("refused: 1 of 2"))
    let text = Hint.next(after: take(.unresolved, .contextTruncated, reply: reply, model: model)) ?? ""
    #expect(text.hasPrefix(begins) && !text.contains("num_predict"), "\(text)")
    #expect(text.hasSuffix("a shorter prompt by `set context.budget` or a shorter template, then rerun"))
  }

  @Test func `after an answer that filled the window is not a larger budget`() {
    let reply = ReplyArtifact(
      text: "x", model: "m", end: .length, promptTokens: 16_000, replyTokens: 384, why: "the window was full")
    for (model, begins) in [("ollama:m", "`set model.num_ctx 18432`, or"), ("openai:m", "`set model.num_ctx` to the")] {
      let text = Hint.next(after: take(.unresolved, .contextTruncated, reply: reply, model: model)) ?? ""
      #expect(text.hasPrefix(begins) && !text.contains("num_predict"), "\(text)")
    }
  }

  @Test func `after a suspect patch is to look at it`() {
    let hint = Hint.next(after: take(.suspect, nil, ["conftest.py is changed"]))
    #expect(hint?.hasPrefix("`show patch`") == true)
    #expect(hint?.hasSuffix(": conftest.py is changed") == true)
  }

  /// A take of which only the verdict is known, and the reply where one is given.
  private func take(
    _ word: VerdictWord, _ failure: FailureCode?, _ suspicions: [String] = [], reply: ReplyArtifact? = nil,
    model: String? = nil
  ) -> Take {
    var settings = Settings()
    settings.model = model
    let verdict = VerdictArtifact(
      word: word, failure: failure, resolution: .no, tally: nil, sentence: "", evidence: [], failures: [],
      suspicions: suspicions)
    let artifacts = (reply.map { [(Stage.reply, Artifact.reply($0))] } ?? []) + [(.verdict, .verdict(verdict))]
    return Take(
      instanceID: flask, id: TakeID(attempt: 1, take: 1), settings: settings,
      records: artifacts.map { stage, artifact in
        StageRecord(stage: stage, key: Hash(of: ""), content: Hash(of: ""), artifact: artifact, how: .made)
      }, changes: [])
  }
}

@Suite struct `the line of a reply` {
  @Test(arguments: [
    (2000, "100 tokens, 50 tokens/s"), (30_000, "100 tokens, 3.3 tokens/s"), (nil, "100 tokens, complete"),
  ])
  func `counts the tokens of a second that the model wrote, and no other`(milliseconds: Int?, said: String) {
    let reply = ReplyArtifact(text: "x", model: "m", end: .stop, promptTokens: 9, replyTokens: 100)
    let record = StageRecord(
      stage: .reply, key: Hash(of: ""), content: Hash(of: ""), artifact: .reply(reply), how: .made,
      milliseconds: 60_000, writingMilliseconds: milliseconds)
    let text = StageLine(record: record, chain: Chain([record])).text(Look(style: Style(color: false), width: nil))
    #expect(text.contains("m: \(said)"))
  }
}
