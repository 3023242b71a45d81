import ArgumentParser
import Attempts
import Sessions

/// `expect ...`: judges the last take; where it does not hold, a script ends with status 1.
package struct ExpectCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "expect", abstract: "Say what the last take must have come to; a script stops where it did not.",
    discussion: """
      `verdict resolved|unresolved|suspect|environment_error`, `failure CODE` (`none` where there is none), `patch HASH` \
      (its first digits, or `none`), `attempts N`, `STAGE contains TEXT`, `STAGE lacks TEXT`. Of the last batch or phase: `resolved 3 of 5`, the instances \
      that came to an end being five, and `batch N`, every take being as the section `batch/N` of a saved session says.
      """)
  package static let examples = [
    "expect verdict unresolved", "expect failure logic_error", "expect prompt contains formset",
    "expect attempts 1",
  ]
  package static let takesText = true
  package static let completions: [Candidates] = [.expectation, .expected]

  @Argument(parsing: .captureForPassthrough, help: "What is expected.")
  var words: [String]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let expectation = try Expectation(words: words)
    try await session.check(expectation)
    await session.countExpectation()
    return Done(ExpectOutput(words: words), .expects)
  }
}

struct ExpectOutput: Output {
  let words: [String]

  var summary: String { "holds" }

  func text(_ look: Look) -> String { "holds\n" }

  func json() throws -> [String] {
    struct Line: Encodable { let expect: String, holds: Bool }
    return [try JSONLine.of(Line(expect: words.joined(separator: " "), holds: true))]
  }
}
