import Foundation
import Testing

@testable import Commands

@Suite struct `the document of the language` {
  private let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs/language.md")

  /// With RAMP_ACCEPT=1 in the environment it is written anew instead.
  @Test func `is what docs has, or is accepted anew`() throws {
    if ProcessInfo.processInfo.environment["RAMP_ACCEPT"] == "1" {
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(LanguageDocument.text.utf8).write(to: path)
    }
    #expect(try String(contentsOf: path, encoding: .utf8) == LanguageDocument.text, "`make accept` writes it anew")
  }

  @Test func `has every word, every setting and every example`() {
    let text = LanguageDocument.text
    for type in Example.types { #expect(text.contains("# \(type.fullWord)\n")) }
    for example in Example.all { #expect(text.contains("\n    \(example.line)\n")) }
    #expect(controls(in: text).isEmpty)
    #expect(text.hasSuffix("|\n"))
  }

  @Test func `is what help prints with --markdown`() async throws {
    #expect(try await Sitting().type("help --markdown") == LanguageDocument.text + "\n")
  }
}
