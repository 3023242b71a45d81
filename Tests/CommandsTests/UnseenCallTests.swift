import Content
import Context
import Testing

@testable import Attempts
@testable import Commands

@Suite struct `a call that was not shown` {
  /// A take that changed `before` to `after` and was shown its first line.
  private func chain(_ before: String, _ after: String) -> Chain {
    let part = ContextPart(
      span: Span(path: "m.py", first: 1, last: 1), text: "", tokens: 0, reason: .bm25, rank: 1, origin: .issue)
    let selection = ContextSelection(strategy: .bm25, parts: [part], leftOut: [], tokens: 0, budget: 0)
    let change = FileChange(path: "m.py", before: Array(before.utf8), after: Array(after.utf8))
    let artifacts: [Artifact] = [.context(selection), .patch(PatchArtifact(diff: "", changes: [change]))]
    let hash = Hash(of: "")
    return Chain(artifacts.map { StageRecord(stage: $0.stage, key: hash, content: hash, artifact: $0, how: .made) })
  }

  @Test(arguments: [("\n", 4), ("", 4)])
  func `is found on another line, in a file with as many lines as it has`(end: String, lines: Int) throws {
    let rest = "\ndef render(x):\n    pass\ny = 1 + render(2)" + end
    let call = try #require(UnseenCall(chain("x = render(1)" + rest, "x = render(9)" + rest)))
    #expect(call.name == "render")
    #expect(call.path == "m.py")
    #expect(call.line == 4)
    #expect(call.lines == lines)
  }

  @Test(arguments: [
    ("x = render(1)\ny = rendered(2)\n", "x = render(9)\ny = rendered(2)\n"),
    ("x = render(1)\ny = render\n", "x = render(9)\ny = render\n"),
    ("x = get(1)\ny = get(2)\n", "x = get(9)\ny = get(2)\n"),
    ("x = render(1)\ny = render(2)\n", "x = render(1)\ny = render(2)\n"),
  ])
  func `is none where no other line calls what the patch changed`(before: String, after: String) {
    #expect(UnseenCall(chain(before, after)) == nil)
  }

  @Test(arguments: [
    ("a = self.render_all(join(x), 'é(')", ["render_all", "join"]), ("naïve(1)", ["naïve"]), ("get(1) or (2)", []),
    ("", []), ("open", []), ("open(", ["open"]),
  ])
  func `is a name with a bracket behind it`(line: String, names: [String]) {
    #expect(UnseenCall.calls(line[...]).map(String.init) == names)
  }
}
