import Attempts
import Context
import Foundation
import Models
import Sessions
import TestWorld
import Testing

@testable import Sessions

@Suite struct `a replay whose prompt differs` {
  /// A sitting with one take of a practice row, as far as its edits.
  private func recorded() async throws -> Session {
    let session = try await sitting()
    _ = try await session.run(flask, through: .edits)
    return session
  }

  /// Where the replay of `recorded`, its text edited and after `change`, differs.
  private func divergence(
    _ change: (Session) async throws -> Void = { _ in }, edited: (String) -> String = { $0 }
  ) async throws -> Divergence {
    let session = try await replay(of: recorded(), edited)
    do {
      try await change(session)
      _ = try await session.run(flask, through: .edits)
    } catch SessionError.diverged(let divergence) {
      #expect(await session.takes.isEmpty)
      return divergence
    }
    throw SessionError.badExpectation("a replay that differs")
  }

  @Test func `names the setting of the context`() async throws {
    let found = try await divergence { session in
      _ = try await session.set("context.files", to: "2")
      _ = try await session.set("tests.timeout", to: "9")
    }
    #expect(found.cause == "stage context: setting context.files (recorded 5, now 2)")
    #expect(found.take == TakeID(attempt: 1, take: 1))
    #expect(found.recorded != found.now)
  }

  @Test func `names a budget that cuts the prompt`() async throws {
    let found = try await divergence { _ = try await $0.set("model.num_ctx", to: "9000") }
    #expect(found.cause == "setting model.num_ctx (recorded 16384, now 9000)")
  }

  @Test func `names the format, and the template that was asked for`() async throws {
    let format = try await divergence { _ = try await $0.set("format", to: "lines") }
    #expect(format.cause == "setting format (recorded search, now lines)")
    let template = try await divergence { _ = try await $0.set("template", to: "baseline") }
    #expect(template.cause == "setting template (recorded default, now baseline)")
  }

  @Test func `names a sampling that leaves the prompt as it is`() async throws {
    let found = try await divergence { _ = try await $0.set("temperature", to: "0.4") }
    #expect(found.cause == "setting model.temperature (recorded 0,0.5, now 0.4)")
    #expect(found.line == nil)
    #expect(found.description.hasPrefix("no reply was recorded for \(flask) 1.1\n  caused by: setting model."))
  }

  @Test func `names the sampling of an older version, and what brings it back`() async throws {
    let session = try await sitting()
    // So all attempts were asked, and no setting told of it.
    _ = try await session.set("model.temperature", to: "0")
    _ = try await session.set("model.seed", to: "1,1")
    for _ in 1...2 { _ = try await session.run(flask, through: .feedback) }
    func older() async throws -> Session {
      try await replay(of: session) { text in
        text.replacing(/set model\.(temperature|seed) .*\n/, with: "")
          .replacing(/model\.(temperature|seed)=[0-9,]+;?/, with: "").replacing(/\ settings=(?=[ \n])/, with: "")
      }
    }
    let again = try await older()
    _ = try await again.run(flask, through: .feedback)
    #expect(
      await said { try await again.run(flask, through: .feedback) } == """
        no reply was recorded for \(flask) 2.1
          caused by: an older version asked each attempt alike: model.temperature (recorded 0, now 0.5), model.seed \
        (recorded 1, now 2)
        at the top of the file `set model.temperature 0` and `set model.seed 1,1` (one for each attempt) replay it as it \
        was recorded; to accept it and ask the model again: run the file with `--record new_episodes`
        """)
    let mended = try await older()
    _ = try await mended.set("model.temperature", to: "0")
    _ = try await mended.set("model.seed", to: "1,1")
    for _ in 1...2 { _ = try await mended.run(flask, through: .feedback) }
    #expect(await mended.takes[flask]?.count == 2)
  }

  @Test func `names another model`() async throws {
    let found = try await divergence { session in
      try await session.useModel(ModelName(.gold))
      _ = try await session.set("tests.timeout", to: "9")
    }
    #expect(found.cause == "model (recorded practice (hand-written), now gold)")
    #expect(found.line == nil)
  }

  /// The text with `new` in place of `old` in its sections of one kind, whose hashes are taken away.
  private func editing(_ kind: String, _ old: String, _ new: String) -> (String) -> String {
    { text in
      var isInside = false
      return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        guard line.hasPrefix("-- ") else { return isInside ? String(line.replacing(old, with: new)) : String(line) }
        isInside = line.hasPrefix("-- \(kind)/")
        return isInside ? String(line.replacing(/\ sha256=[0-9a-f]+/, with: "")) : String(line)
      }.joined(separator: "\n")
    }
  }

  @Test func `names the template of the session that was edited, and its first differing line`() async throws {
    let found = try await divergence(edited: editing("template", "Change the code that", "Leave the code that"))
    #expect(found.cause == "template repair (of the session)")
    #expect(found.recorded == "- Change the code that causes the issue. One small edit is usually enough.")
    #expect(found.now == "- Leave the code that causes the issue. One small edit is usually enough.")
    #expect(found.line == 7)
  }

  @Test func `names a built-in template that is another now`() async throws {
    let found = try await divergence(edited: { text in
      let start = text.range(of: "-- template/")?.lowerBound ?? text.startIndex
      let end = text.range(of: "-- reply/")?.lowerBound ?? text.endIndex
      let older = editing("prompt", "Allowed:", "Permitted:")(String(text[end...]))
      return text[..<start]
        + older.replacing(/(template|request)=[0-9a-f]{12}/, with: { "\($0.output.1)=000000000000" })
    })
    #expect(found.cause == "template repair (built in)")
    #expect((found.recorded, found.now) == ("Permitted:", "Allowed:"))
  }

  @Test func `names a recorded prompt that was edited`() async throws {
    let found = try await divergence(edited: { text in
      editing("prompt", "Allowed:", "Permitted:")(text).replacing(/request=[0-9a-f]{12}/, with: "request=000000000000")
    })
    #expect(found.cause == "the recorded prompt was edited, or another version of ramp made it")
  }

  @Test func `names lines that were added or dropped`() async throws {
    let found = try await divergence {
      _ = try await $0.addContext([Span(path: "src/flask/cli.py", first: 1, last: 9)], of: flask)
    }
    #expect(found.cause == "stage context: other lines were added or dropped")
  }

  @Test func `names the row, and the first differing line of the issue`() async throws {
    let found = try await divergence(edited: editing("row", "For our application it raises", "For others it raises"))
    #expect(found.cause == "the row (another text of the same id is loaded)")
    #expect(found.recorded == "it. For our application it raises instead. This is all that it takes:")
    #expect(found.now == "it. For others it raises instead. This is all that it takes:")
  }

  /// The cause for which the second attempt of a replay differs, whose first was `first`.
  private func secondCause(_ first: (Session) async throws -> Void) async throws -> String {
    let session = try await sitting()
    for _ in 1...2 { _ = try await session.run(flask, through: .feedback) }
    let again = try await replay(of: session)
    try await first(again)
    do {
      _ = try await again.run(flask, through: .feedback)
      return "none"
    } catch SessionError.diverged(let divergence) {
      #expect(divergence.take == TakeID(attempt: 2, take: 1))
      return divergence.cause
    }
  }

  @Test func `names the setting of what the attempt before leaves behind`() async throws {
    let cause = try await secondCause { session in
      _ = try await session.set("feedback", to: "none")
      _ = try await session.run(flask, through: .feedback)
    }
    #expect(cause == "stage feedback: setting feedback (recorded hidden, now none)")
  }

  @Test func `names an attempt before that ended differently`() async throws {
    let cause = try await secondCause { _ = try await $0.run(flask, through: .patch) }
    #expect(cause == "stage feedback: the attempt before ended differently")
  }

  @Test func `is none where only what plays no part in it has changed`() async throws {
    // The edits did not apply, so no hidden test ran, and `visible` tells the same.
    let cause = try await secondCause { session in
      _ = try await session.set("feedback", to: "visible")
      _ = try await session.set("tests.timeout", to: "99")
      _ = try await session.run(flask, through: .feedback)
    }
    #expect(cause == "none")
  }

  @Test func `names a take that was not recorded`() async throws {
    let again = try await replay(of: recorded())
    _ = try await again.run(flask, through: .edits)
    #expect(
      await said { try await again.rerun(from: .reply, through: .edits) } == """
        no reply was recorded for \(flask) 1.2
          caused by: the session has no section prompt/\(flask)/1.2; the nearest is \(flask)/1.1
        to accept it and ask the model again: run the file with `--record new_episodes`
        """)
  }

  @Test func `names a reply that is asked for more often than it was recorded`() async throws {
    let session = try await sitting()
    _ = try await session.run(flask, through: .edits)
    _ = try await session.rerun(from: .reply, through: .edits)
    // The second reply says that it was asked for something else.
    let again = try await replay(of: session) { text in
      text.replacing(/(-- reply\S+1\.2 request=)[0-9a-f]{12}/, with: { "\($0.output.1)000000000000" })
    }
    _ = try await again.run(flask, through: .edits)
    #expect(
      await said { try await again.rerun(from: .reply, through: .edits) } == """
        no reply was recorded for \(flask) 1.2
          caused by: the same prompt is asked once more than it was recorded, or the header's `request` was edited
        to accept it and ask the model again: run the file with `--record new_episodes`
        """)
  }

  @Test func `says all of it in four lines`() async throws {
    let text = Divergence(
      instanceID: "i", take: TakeID(attempt: 2, take: 3), cause: "template x (built in)", line: 3, lineCount: 9,
      recorded: String(repeating: "a", count: 201), now: nil
    ).description
    #expect(
      text == """
        the prompt of 2.3 differs from the recorded one
          caused by: template x (built in)
          first difference, line 3 of 9
            - \(String(repeating: "a", count: 140))...
            + (the text ends here)
        """)
  }
}

@Suite struct `the first difference of two texts` {
  @Test(
    arguments: [
      ("a\nb\n", "a\nb\n", nil), ("", "", nil), ("a\nb", "a\nc", 2), ("a", "a\nb", 2), ("a\nb", "a", 2), ("", "x", 1),
      ("a\r\nb", "a\nb", 1), ("é", "e\u{301}", 1), ("a\n", "a", 2),
    ] as [(String, String, Int?)])
  func `is the first line whose bytes differ`(old: String, new: String, line: Int?) {
    #expect(Divergence.firstDifference(old, new)?.line == line)
    #expect(Divergence.firstDifference(new, old)?.line == line)
  }

  @Test func `lies in equal lines before it, for texts of all kinds`() {
    var random = Seeded(7)
    for _ in 0..<300 {
      func text() -> String {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in ["a", "b", "\r", ""].randomElement(using: &random) ?? ""
        }.joined(separator: "\n")
      }
      let (old, new) = (text(), text())
      guard let found = Divergence.firstDifference(old, new) else {
        #expect(old.utf8.elementsEqual(new.utf8))
        continue
      }
      let (left, right) = (
        old.utf8.split(separator: 10, omittingEmptySubsequences: false),
        new.utf8.split(separator: 10, omittingEmptySubsequences: false)
      )
      for index in 0..<(found.line - 1) { #expect(left[index].elementsEqual(right[index])) }
      #expect(found.old.map { Array($0.utf8) } != found.new.map { Array($0.utf8) })
    }
  }
}
