import Foundation
import TestWorld
import Testing

/// Scripts with what the program says to them beside, in `NAME.txt`: as a file, and as standard input.
@Suite(.enabled(if: TestWorld.hasSandbox, "bubblewrap cannot make a sandbox here")) struct `a transcript` {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Transcripts")
  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".ramp") }.map { String($0.dropLast(5)) }.sorted() ?? []

  @Test func `is there`() { #expect(`a transcript`.names.count >= 3) }

  /// With RAMP_ACCEPT=1 in the environment it is written anew instead.
  @Test(arguments: names)
  func `is what the program says, or is accepted anew`(name: String) async throws {
    let program = try Program()
    let script = try String(
      contentsOf: `a transcript`.folder.appendingPathComponent("\(name).ramp"), encoding: .utf8)
    try program.write(script, to: "\(name).ramp")
    var text = ""
    for (line, ended) in [
      ("$ ramp \(name).ramp", try await program("\(name).ramp")),
      ("$ ramp < \(name).ramp", try await program(input: script)),
    ] { text += "\(line)\n\(ended.out)\(ended.err)[\(ended.status ?? -1)]\n" }
    // Times differ from run to run, and short ones are not shown everywhere.
    text = text.replacing(program.folder, with: "FOLDER").replacing(/\ +([0-9]+ m )?[0-9.]+ s\b/, with: "")
      .replacing(/\ +TIME/, with: "  TIME")
    let path = `a transcript`.folder.appendingPathComponent("\(name).txt")
    if ProcessInfo.processInfo.environment["RAMP_ACCEPT"] == "1" { try Data(text.utf8).write(to: path) }
    let expected = try String(contentsOf: path, encoding: .utf8)
    #expect(text.split(separator: "\n") == expected.split(separator: "\n"), "`make accept` writes it anew")
  }
}
