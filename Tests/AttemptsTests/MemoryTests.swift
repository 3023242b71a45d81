import Content
import Edits
import Grading
import Models
import Prompts
import Testing
import Workspaces

@testable import Attempts

/// A take that failed with `code`, as far as what comes after it looks at it.
func told(
  _ attempt: Int, failing code: FailureCode?, word: VerdictWord? = nil, saying reply: String? = nil,
  code text: String? = nil, path: String = "m.py", targets: Int? = nil, broken: Int = 0, milliseconds: Int = 1,
  settings: Settings = Settings()
) -> Take {
  let key = Hash(of: "key")
  func record(_ artifact: Artifact) -> StageRecord {
    StageRecord(
      stage: artifact.stage, key: key, content: Hash(of: "\(artifact)"), artifact: artifact, how: .made,
      milliseconds: artifact.stage == .verdict ? milliseconds : 0)
  }
  var records: [StageRecord] = []
  if let reply {
    records.append(
      record(.reply(ReplyArtifact(text: reply, model: "told", end: .stop, promptTokens: 100, replyTokens: 10))))
  }
  if let text {
    let change = FileChange(path: path, before: bytes("x = 0\n"), after: bytes(text))
    records.append(
      record(.patch(PatchArtifact(diff: "--- a/\(path)\n+++ b/\(path)\n@@ -1 +1 @@\n-x\n+y\n", changes: [change]))))
  }
  let tally = targets.map { count in
    Tally(
      failToPass: .init(success: [], failure: (0..<count).map { "t\($0)" }),
      passToPass: .init(success: [], failure: (0..<broken).map { "p\($0)" }))
  }
  let word = word ?? (code == nil ? .resolved : code?.isEnvironment == true ? .environmentError : .unresolved)
  records.append(
    record(
      .verdict(
        VerdictArtifact(
          word: word, failure: code, resolution: .no, tally: tally, sentence: "", evidence: [], failures: [],
          suspicions: []))))
  return Take(
    instanceID: "o__shop-1", id: TakeID(attempt: attempt, take: 1), settings: settings, records: records, changes: [])
}

private let body = """
  def total(prices):
      \"\"\"The sum.\"\"\"
      result = 0
      for price in prices:
          result += price
      return result

  """

@Suite struct `the form of a change` {
  private func form(_ text: String) -> Hash? {
    PatchArtifact(diff: "d", changes: [FileChange(path: "m.py", before: bytes("x\n"), after: bytes(text))]).code
  }

  @Test(arguments: [
    body.replacing("    ", with: "  "), body.replacing("result = 0", with: "result  =  0  # none yet"),
    body.replacing("    result = 0\n", with: "\n    # begin\n    result = 0\n\n"),
    body.replacing("(prices)", with: "(\n    prices\n)"), body.replacing("\n", with: "\r\n"),
  ]) func `is the same in another layout`(text: String) { #expect(form(text) == form(body)) }

  @Test(arguments: [
    body.replacing("The sum.", with: "A sum."), body.replacing("result = 0", with: "result = 1"),
    body.replacing("        result += price\n    return", with: "        result += price\n        return"),
    body.replacing("+=", with: "-="),
  ]) func `is another where the code is`(text: String) { #expect(form(text) != form(body)) }

  @Test func `does not know the order of edits, nor their format`() async throws {
    let one = block("shop/cart.py", "    result = 0\n", "    result = 1\n")
    let other = block("shop/cart.py", "prices[1:]:", "prices[2:]:").replacing(
      "prices[1:]:", with: "    for price in prices[1:]:"
    )
    .replacing("\nprices[2:]:", with: "\n    for price in prices[2:]:")
    let diff = """
      ```diff
      --- a/shop/cart.py
      +++ b/shop/cart.py
      @@ -3,4 +3,4 @@
      -    result = 0
      -    for price in prices[1:]:
      +    result = 1
      +    for price in prices[2:]:
               result += price
           return result
      ```

      """
    var forms: Set<Hash?> = []
    for reply in [one + other, other + one, diff] {
      var settings = defaults
      if reply == diff { settings.format = .diff }
      let chain = try await withBench(saying(reply)) { [settings] bench in
        try await bench.make(
          plan(try await Shop.row(in: bench.folder), settings: settings, through: .patch)
        ).chain
      }
      #expect(chain.patch != nil, "\(chain.edits?.problem?.message ?? "no edits")")
      forms.insert(chain.patch?.code)
    }
    #expect(forms.count == 1 && !forms.contains(nil))
  }
}

@Suite struct `memory` {
  @Test func `refuses a change whose tests were run and failed, and no other`() throws {
    let (first, second) = (
      told(1, failing: .logicError, code: "x = 1\n", targets: 1), told(2, failing: .noEditsGenerated)
    )
    let memory = Memory([first, second], before: 3)
    let same = told(3, failing: .logicError, code: "x  =  1  # again\n").chain.patch
    #expect(memory.tried(same, WorkspaceOptions())?.attempt == 1)
    #expect(memory.tried(told(3, failing: .logicError, code: "x = 2\n").chain.patch, WorkspaceOptions()) == nil)
    #expect(Memory([told(1, failing: .timeout, code: "x = 1\n")], before: 2).tried(same, WorkspaceOptions()) == nil)
    var other = WorkspaceOptions()
    other.timeoutSeconds = 7
    #expect(memory.tried(same, other) == nil)
    #expect(Memory([first], before: 1).entries.isEmpty)
  }

  @Test func `counts equal answers in a row`() {
    func repetitions(_ replies: String...) -> Int {
      Memory(replies.enumerated().map { told($0 + 1, failing: .noEditsGenerated, saying: $1) }, before: 100).repetitions
    }
    #expect(repetitions("a") == 0)
    #expect(repetitions("a", "b") == 0)
    #expect(repetitions("a", " a\n") == 1)
    #expect(repetitions("a", "b", "a", "b", "a") == 3)
    #expect(repetitions("a", "a", "c") == 0)
    #expect(repetitions("", "", "", "") == 3)
  }
}

@Suite struct `the reason to stop` {
  private func stop(_ takes: [Take], attempts: Int = 6, _ change: (inout Settings) -> Void = { _ in }) -> StopReason? {
    var settings = Settings()
    change(&settings)
    return StopReason.after(takes, attempts: attempts, settings)
  }

  private func failed(_ count: Int) -> [Take] {
    (1...count).map {
      told($0, failing: .logicError, saying: "\($0)", code: "x = \($0)\n", targets: 1, milliseconds: 1000)
    }
  }

  @Test func `is each of its words in its case`() {
    #expect(stop([]) == nil)
    #expect(stop(failed(5)) == nil)
    #expect(stop(failed(6)) == .attemptsExhausted)
    #expect(stop(failed(10), attempts: 10) == .attemptsExhausted)
    #expect(stop(failed(1) + [told(2, failing: nil)]) == .resolved)
    #expect(stop([told(1, failing: .environmentError)]) == .environmentError)
    #expect(stop([told(1, failing: .modelError, word: .unresolved)]) == nil)
    #expect(stop((1...2).map { told($0, failing: .modelError, word: .unresolved) }) == .modelError)
    #expect(stop((1...3).map { told($0, failing: .noEditsGenerated, saying: "") }) == nil)
    #expect(stop((1...4).map { told($0, failing: .noEditsGenerated, saying: "") }) == .stuck)
  }

  @Test func `is the budget where tokens, seconds or dollars are spent`() {
    #expect(stop(failed(2)) { $0.budgetTokens = 221 } == nil)
    #expect(stop(failed(2)) { $0.budgetTokens = 220 } == .budget)
    #expect(stop(failed(2)) { $0.budgetSeconds = 2.1 } == nil)
    #expect(stop(failed(2)) { $0.budgetSeconds = 2 } == .budget)
    #expect(stop(failed(2)) { $0.budgetCost = 0.0001 } == nil)
    var priced = Settings()
    priced.inputPrice = 1
    let take = told(1, failing: .logicError, saying: "a", settings: priced)
    #expect(stop([take]) { $0.budgetCost = 0.000_1 } == .budget)
    #expect(stop([take]) { $0.budgetCost = 0.000_2 } == nil)
  }
}

@Suite struct `the best patch` {
  @Test func `resolves, or breaks nothing with the fewest targets failing, or breaks the least`() {
    func best(_ takes: Take...) -> Int? { Take.best(of: takes)?.id.attempt }
    let two = told(1, failing: .testFailure, code: "x = 1\n", targets: 2)
    let one = told(2, failing: .testFailure, code: "x = 2\n", targets: 1)
    let breaking = told(3, failing: .regression, code: "x = 3\n", targets: 0, broken: 1)
    let worse = told(4, failing: .regression, code: "x = 4\n", targets: 0, broken: 2)
    let right = told(5, failing: nil, code: "x = 5\n", targets: 0)
    #expect(best(two, one, breaking, worse, right) == 5)
    #expect(best(two, one, breaking, worse) == 2)
    #expect(best(worse, breaking) == 3)
    #expect(best(one, told(6, failing: .testFailure, code: "x = 6\n", targets: 1)) == 2)
    #expect(best(told(1, failing: .noEditsGenerated)) == nil)
  }
}
