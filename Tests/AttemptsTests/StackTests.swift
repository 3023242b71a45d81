import Content
import Context
import Edits
import Grading
import Instances
import Models
import Prompts
import Testing
import Workspaces

@testable import Attempts

/// Attempts with these replies in turn on the shop, each with what an attempt of a session is made with.
private func attempts(
  _ replies: [String], ladder: String = "feedback, feedback, feedback", _ change: (inout Settings) -> Void
) async throws -> [Take] {
  var settings = defaults
  settings.ladder = ladder
  change(&settings)
  let model = ScriptedModel(
    name: "told", replies: replies.map { ScriptedReply(instanceID: nil, text: $0, repeats: false) })
  return try await withBench(model) { [settings] bench in
    let row = try await Shop.row(in: bench.folder)
    var takes: [Take] = []
    for number in 1...replies.count {
      let memory = Memory(takes, before: number)
      let directive = try Directive(
        attempt: number, instanceID: row.id, settings: settings, memory: memory, shown: takes.last?.chain,
        behind: takes
      ) { name, _, _ in throw Missing(name: name) }
      var next = plan(
        row, TakeID(attempt: number, take: 1), settings: directive.settings, base: takes.last, from: .reply,
        earlier: directive.tells ? takes.last?.chain.feedback : nil)
      (next.memory, next.stack) = (memory, directive.stack)
      if settings.reproduce == .on { next.reproduction = ReproductionScript(in: takes) }
      takes.append(try await bench.make(next))
    }
    return takes
  }
}

extension Take {
  fileprivate var prompt: String { chain.prompt?.prompt.messages.map(\.text).joined(separator: "\n") ?? "" }
}

/// Half of a repair: a name for what the other half changes.
private let half = block("shop/cart.py", "    result = 0\n", "    result = 0\n    first = 1\n")
private let rest = block("shop/cart.py", "    first = 1\n    for price in prices[1:]:", "    for price in prices:")

@Suite struct `an attempt that is stacked` {
  @Test func `goes on from the change of the one before, and its patch is that of both`() async throws {
    let takes = try await attempts([half, rest]) { $0.stack = .on }
    #expect(takes[1].verdict?.word == .resolved)
    #expect(takes[1].prompt.contains("    first = 1\n") && takes[1].prompt.contains("hold the change of attempt 1"))
    let change = try #require(takes[1].chain.patch?.changes.first)
    #expect(change.before == bytes(Shop.cart))
    #expect(change.after == bytes(Shop.cart.replacing("prices[1:]", with: "prices")))
    #expect(takes[1].chain.patch?.diff.contains("first") == false)
    // What it is shown of the change was chosen by hidden tests.
    let part = takes[1].chain.context?.parts.first { $0.span.path == "shop/cart.py" }
    #expect(part?.origin == .hiddenTest)
  }

  @Test func `is not, unless it is asked for`() async throws {
    let takes = try await attempts([half, rest]) { _ in }
    #expect(takes[1].verdict?.failure == .applyFailed)
    #expect(takes[1].prompt.contains("The files are again as shown above.") && !takes[1].prompt.contains("hold the"))
  }

  @Test func `builds on what it may know: the last change under visible, the best under hidden`() async throws {
    let worse = block("shop/cart.py", "    result = 0\n", "    result = 1\n")
    for (mode, base) in [(FeedbackMode.visible, 2), (.hidden, 1)] {
      let takes = try await attempts([half, block("shop/cart.py", "    return result", "    return None"), worse]) {
        ($0.stack, $0.feedback) = (.on, mode)
      }
      let stack = try #require(Stack(behind: Array(takes.prefix(2)), feedback: mode))
      #expect(stack.attempt == base && stack.isTainted == (mode == .hidden))
      let parts = takes[2].chain.context?.parts.filter { $0.span.path == "shop/cart.py" } ?? []
      #expect(parts.allSatisfy { $0.origin == (mode == .hidden ? .hiddenTest : .feedback(attempt: base)) })
      #expect(takes[2].isAssisted == (mode == .hidden))
    }
  }

  @Test func `begins again from the commit where its rung is fresh, and never from what is no Python`() async throws {
    let broken = block("shop/cart.py", "    result = 0\n", "    result = (0\n")
    let takes = try await attempts([half, broken, rest], ladder: "as_is, feedback, fresh") { $0.stack = .on }
    #expect(takes[1].verdict?.failure == .syntaxError)
    #expect(takes[2].verdict?.failure == .applyFailed && !takes[2].prompt.contains("first = 1"))
    #expect(Stack(behind: takes, feedback: .visible)?.attempt == 1)
  }

  @Test func `is nothing where a stricter mode may not know of it, nor of what may have made the tests pass`()
    async throws
  {
    let takes = try await attempts([half, rest]) { ($0.stack, $0.feedback) = (.on, .hidden) }
    #expect(takes[0].chain.isTainted == false && takes[1].chain.isTainted)
    #expect(Stack(behind: [takes[1]], feedback: .visible) == nil)
    #expect(Stack(behind: takes, feedback: .none)?.attempt == 1)
    let cheat = told(2, failing: nil, word: .suspect, code: "x = 2\n", targets: 0)
    let honest = told(1, failing: .logicError, code: "x = 1\n", targets: 1)
    #expect(Take.best(of: [honest, cheat])?.id.attempt == 1)
    #expect(Stack(behind: [honest, cheat], feedback: .hidden)?.attempt == 1)
  }

  @Test func `or wider shows lines that failed as the hidden tests' own`() async throws {
    try await withBench(saying("No.\n")) { bench in
      let row = try await Shop.row(in: bench.folder)
      var wide = plan(row, through: .prompt)
      wide.widened = [Span(path: "shop/cart.py", first: 2, last: 4)]
      let take = try await bench.make(wide)
      #expect(take.chain.prompt?.prompt.isTainted == true && take.chain.isTainted)
      #expect(try await bench.make(plan(row, TakeID(attempt: 1, take: 2), through: .prompt)).chain.isTainted == false)
    }
  }

  @Test func `makes, changes and deletes files once more`() {
    let stack = Stack(
      attempt: 1,
      changes: [
        FileChange(path: "a", before: [1], after: [2]), FileChange(path: "b", before: nil, after: [3]),
        FileChange(path: "c", before: [4], after: nil),
      ], isTainted: false)
    let merged = stack.merged(with: [
      FileChange(path: "a", before: [2], after: [1]), FileChange(path: "b", before: [3], after: nil),
      FileChange(path: "d", before: [5], after: [6]),
    ])
    #expect(
      merged == [
        FileChange(path: "a", before: [1], after: [1]), FileChange(path: "b", before: nil, after: nil),
        FileChange(path: "c", before: [4], after: nil), FileChange(path: "d", before: [5], after: [6]),
      ])
  }
}

@Suite struct `a script that shows the bug` {
  private static func script(_ code: String) -> String { "reproduce.py\n```python\n\(code)\n```\n\n" }

  private static let wrong = block("shop/cart.py", "    result = 0\n", "    result = 0.0\n")
  private static let shows = "from shop.cart import total\nassert total([5, 7]) == 12, total([5, 7])"

  @Test(arguments: [
    ("reproduce.py\n```python\nx = 1\n```\nrest\n", "x = 1\n", "rest\n"),
    ("a\n**`reproduce.py`**\n\n```\nx\ny\n```\nb\n", "x\ny\n", "a\nb\n"),
    ("```python reproduce.py\nx\n```\n", "x\n", ""), ("```python:reproduce.py\nx\n```", "x\n", ""),
    ("```reproduce.py\nx\n```", "x\n", ""),
    ("reproduce.py\n```python\nx = 1\n", nil, "reproduce.py\n```python\nx = 1\n"),
    ("I would run reproduce.py\n```python\nx\n```\n", nil, "I would run reproduce.py\n```python\nx\n```\n"),
    ("reproduce.py\n```python\na\n```\nreproduce.py\n```python\nb\n```\n", "b\n", ""),
    (block("reproduce.py", "", "x"), nil, block("reproduce.py", "", "x")), ("", nil, ""),
    ("reproduce.py", nil, "reproduce.py"),
  ]) func `is read from a reply`(reply: String, script: String?, rest: String) {
    let (found, left) = ReproductionScript.split(reply)
    #expect(found == script && left == rest)
  }

  @Test func `runs without the change and with it, and is told`() async throws {
    let takes = try await attempts([
      Self.script(Self.shows) + Self.wrong,
      block("shop/cart.py", "    for price in prices[1:]:", "    for price in prices[2:]:"), Shop.mend,
    ]) { ($0.reproduce, $0.feedback) = (.on, .visible) }
    let first = try #require(takes[0].chain.outcomes?.reproduction)
    #expect(first.before.exit == 1 && first.before.output.contains("AssertionError: 7"))
    #expect(first.after.output.contains("AssertionError: 7.0"))
    #expect(takes[0].prompt.contains("Before the edits write a script") && !takes[0].prompt.contains("This script"))
    #expect(takes[0].prompt.contains("But for the script that you are asked for at the end, nothing else"))
    // It is no part of the patch, and is kept for the next.
    #expect(takes[0].chain.patch?.changes.map(\.path) == ["shop/cart.py"])
    #expect(takes[1].prompt.contains("Your reproduce.py still fails with your change:\n"))
    #expect(takes[1].prompt.contains("This script of yours is kept") && takes[1].prompt.contains(Self.shows))
    #expect(takes[1].chain.outcomes?.reproduction?.after.output.contains("AssertionError: 0") == true)
    #expect(takes[2].chain.outcomes?.reproduction?.after.isWell == true)
    #expect(takes[2].verdict?.word == .resolved)
    #expect(takes.allSatisfy { !$0.isAssisted })
  }

  @Test func `that shows nothing, shows only a part or does not end is told as such`() async throws {
    let takes = try await attempts([
      Self.script("print('fine')") + Self.wrong,
      Self.script("from shop.cart import total\nassert isinstance(total([]), float)")
        + Self.wrong
        .replacing("0.0", with: "0.00"),
      Self.script("while True: pass") + Self.wrong.replacing("0.0", with: "0.000"),
    ]) {
      ($0.reproduce, $0.feedback) = (.on, .visible)
      $0.workspace.timeoutSeconds = 3
    }
    let told = takes.map { $0.chain.feedback?.text ?? "" }
    #expect(told[0].contains("it does not show the bug. Write it again."))
    #expect(told[1].contains("fails without your change and ends well with it, and yet"))
    #expect(told[2].contains("does not come to an end with your change"))
  }

  @Test func `is not asked for, nor taken out of a reply, unless it is set`() async throws {
    let takes = try await attempts([Self.script(Self.shows) + Self.wrong]) { _ in }
    #expect(!takes[0].prompt.contains("reproduce.py") && takes[0].chain.outcomes?.reproduction == nil)
  }
}
