import Foundation
import Testing

@testable import Models

@Suite struct `a retry` {
  private func wait(
    _ status: Int?, _ headers: [(String, String)] = [], after retries: Int = 0, most: Int = 2, chance: Double = 0
  ) -> Duration? {
    RetryPolicy(most: most).wait(
      after: retries, status: status, headers: headers, now: Date(timeIntervalSince1970: 784_111_767), chance: chance)
  }

  @Test func `follows the statuses that the vendors' clients ask again after`() {
    for status in [408, 409, 429, 500, 502, 503, 529, 599] { #expect(wait(status) != nil) }
    for status in [200, 307, 400, 401, 403, 404, 405, 413, 422, 501] { #expect(wait(status) == nil) }
    #expect(wait(nil) != nil)
  }

  @Test func `does what the server says first`() {
    #expect(wait(400, [("X-Should-Retry", "true")]) != nil)
    #expect(wait(503, [("x-should-retry", "false")]) == nil)
  }

  @Test func `comes when the server asks for it, up to a minute`() {
    #expect(wait(429, [("retry-after-ms", "20"), ("retry-after", "9")]) == .milliseconds(20))
    #expect(wait(429, [("Retry-After", "9")]) == .seconds(9))
    #expect(wait(429, [("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]) == .seconds(10))
    #expect(wait(429, [("retry-after", "61")]) == .milliseconds(500))
    #expect(wait(429, [("retry-after", "0")]) == .milliseconds(500))
    #expect(wait(429, [("retry-after", "soon")]) == .milliseconds(500))
    #expect(wait(429, [("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")]) == .milliseconds(500))
  }

  @Test func `waits longer each time, a little less by chance, and ends`() {
    #expect(wait(503, after: 1) == .seconds(1))
    #expect(wait(503, after: 2, most: 9) == .seconds(2))
    #expect(wait(503, after: 8, most: 9) == .seconds(8))
    #expect(wait(503, chance: 1) == .milliseconds(375))
    #expect(wait(503, after: 2) == nil)
    #expect(wait(503, most: 0) == nil)
  }

  /// All that a reply gives.
  private func events(_ model: some Model) async -> (
    retries: [Retry], text: String, end: ReplyEnd?, error: (any Error)?
  ) {
    var retries: [Retry] = []
    var text = ""
    var end: ReplyEnd?
    do {
      for try await event in model.reply(to: request("hello")) {
        switch event {
        case .retry(let retry): retries.append(retry)
        case .text(let more): text += more
        case .end(let last): end = last
        }
      }
      return (retries, text, end, nil)
    } catch {
      return (retries, text, end, error)
    }
  }

  @Test(arguments: [ModelName.Kind.ollama, .openai, .anthropic])
  func `is shown as it happens, and counted in the ledger`(kind: ModelName.Kind) async throws {
    try await withStandIn { stand in
      for status in [503, 429, 0] {
        let found = await events(try stand.model(kind, "flaky-\(status)-2", route: ServerRoute()))
        #expect(found.error == nil && found.text == "x = 1\n")
        #expect(found.retries.map(\.number) == [1, 2] && found.retries.allSatisfy { $0.most == 2 })
        #expect(found.end?.ledger?.retries == 2)
        #expect(found.end?.ledger?.retry ?? 0 > 0)
        #expect(found.retries.first?.description.hasSuffix(" s (retry 1 of 2)") == true)
      }
    }
  }

  @Test func `ends with the last error, and is not made where it is no use`() async throws {
    try await withStandIn { stand in
      let gone = await events(try stand.model(.ollama, "flaky-503-9", route: ServerRoute()))
      #expect(gone.retries.count == 2)
      #expect((gone.error as? ServerError)?.fault == .busy(status: 503, said: "not"))
      let never = await events(try stand.model(.ollama, "flaky-503-1-x-should-retry: false", route: ServerRoute()))
      #expect(never.retries.isEmpty && never.error != nil)
      let asked = await events(try stand.model(.ollama, "flaky-400-1-x-should-retry: true", route: ServerRoute()))
      #expect(asked.retries.count == 1 && asked.text == "x = 1\n")
      let none = await events(try stand.model(.ollama, "flaky-503-1"))
      #expect(none.retries.isEmpty && none.error != nil)
    }
  }

  @Test(arguments: [ModelName.Kind.ollama, .openai, .anthropic])
  func `never comes once an answer has begun`(kind: ModelName.Kind) async throws {
    try await withStandIn(answer: "one piece, two pieces, three pieces") { stand in
      for name in ["cut", "crash", "silent"] {
        let found = await events(try stand.model(kind, name, route: ServerRoute()))
        #expect(found.retries.isEmpty && found.end?.reason == .broken && !found.text.isEmpty)
      }
      let first = await events(try stand.model(kind, "crash-first", route: ServerRoute()))
      #expect(first.retries.isEmpty && first.error != nil)
    }
  }
}
