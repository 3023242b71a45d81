import Attempts
import Content
import Context
import Sessions
import Testing

@Suite struct `an expectation` {
  @Test func `is read from its words`() throws {
    #expect(try Expectation(words: ["verdict", "environment_error"]) == .verdict("environment_error"))
    #expect(try Expectation(words: ["failure", "none"]) == .failure("none"))
    #expect(try Expectation(words: ["patch", "abcdef"]) == .patch("abcdef"))
    #expect(try Expectation(words: ["patch", "none"]) == .patch("none"))
    #expect(try Expectation(words: ["attempts", "3"]) == .attempts(3))
    #expect(try Expectation(words: ["tests", "contains", "OK"]) == .contains(.outcomes, "OK", negated: false))
    #expect(try Expectation(words: ["prompt", "lacks", ""]) == .contains(.prompt, "", negated: true))
  }

  @Test(
    arguments: [
      "", "verdict", "verdict solved", "verdict resolved now", "failure", "patch abcde", "patch", "attempts 0",
      "attempts -1", "attempts many", "attempts", "prompt", "prompt contains", "prompt has x", "promt contains x",
      "prompt contains a b", "contains x",
    ])
  func `that says nothing is refused with what can be said`(text: String) async {
    let words = text.split(separator: " ").map(String.init)
    #expect(
      await said { try Expectation(words: words) } == """
        `expect \(text)` says nothing that can be checked
        `expect verdict resolved`, `expect failure logic_error`, `expect patch HASH`, `expect attempts 2`, \
        `expect prompt contains TEXT`
        """)
  }

  /// The practice row's first take, which fails, and the second, which resolves.
  static func takes() async throws -> (failed: Take, resolved: Take) {
    let session = try await sitting()
    let failed = try await session.run(django, through: .feedback)
    _ = try await session.addContext([.init(parsing: secondPlace)], of: nil)
    return (failed, try await session.rerun(from: nil, through: .feedback))
  }

  @Test func `holds where the take is so`() async throws {
    let (failed, resolved) = try await `an expectation`.takes()
    let hash = try #require(failed.chain.patch?.hash.hex)
    for words in [
      ["verdict", "unresolved"], ["failure", "logic_error"], ["patch", hash], ["patch", String(hash.prefix(6))],
      ["attempts", "1"], ["edits", "contains", "formsets.py"], ["prompt", "lacks", "error_class(exc.error_list)"],
      ["tests", "contains", "FAILED"], ["verdict", "contains", "fail as before"], ["reply", "contains", "SEARCH"],
      ["baseline", "contains", "FAIL"], ["feedback", "contains", "did not resolve"],
    ] { try Expectation(words: words).check(failed, attempts: 1) }
    for words in [["verdict", "resolved"], ["failure", "none"]] {
      try Expectation(words: words).check(resolved, attempts: 1)
    }
  }

  @Test func `that does not hold says what was found`() async throws {
    let (failed, resolved) = try await `an expectation`.takes()
    let hash = try #require(failed.chain.patch?.hash.hex)
    let cases: [(Take, [String], String)] = [
      (failed, ["verdict", "resolved"], "expected verdict resolved, found unresolved, logic_error"),
      (resolved, ["verdict", "unresolved"], "expected verdict unresolved, found resolved"),
      (failed, ["failure", "none"], "expected failure none, found logic_error"),
      (resolved, ["failure", "timeout"], "expected failure timeout, found none"),
      (failed, ["patch", "none"], "expected patch none, found \(hash.prefix(12))"),
      (failed, ["patch", "000000"], "expected patch 000000, found \(hash.prefix(12))"),
      (failed, ["attempts", "2"], "expected 2 attempts, found 1"),
      (failed, ["reply", "contains", "no such"], "expected reply with `no such`, found it nowhere"),
      (failed, ["reply", "lacks", "SEARCH"], "expected reply without `SEARCH`, found it there"),
    ]
    for (take, words, text) in cases {
      #expect(await said { try Expectation(words: words).check(take, attempts: 1) } == text)
    }
  }

  @Test func `about a stage that made nothing does not hold`() async throws {
    let take = try await sitting().run(django, through: .prompt)
    #expect(
      await said { try Expectation(words: ["reply", "lacks", "x"]).check(take, attempts: 1) } == """
        take 1.1 has no reply
        `show` lists what was made; `rerun --through reply` goes on as far as it can
        """)
    #expect(
      await said { try Expectation(words: ["verdict", "resolved"]).check(take, attempts: 1) }
        == "expected verdict resolved, found none")
    try Expectation(words: ["patch", "none"]).check(take, attempts: 1)
  }
}
