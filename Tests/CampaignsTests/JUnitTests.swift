import Attempts
import Foundation
import Grading
import Processes
import TestWorld
import Testing

@testable import Campaigns

/// Each end an instance can have, on ids and errors that mean harm and on every control character.
private let records: [InstanceRecord] = {
  let controls =
    (UInt8(0)..<0x20).map { "c\(Character(UnicodeScalar($0)))c" } + [
      "\u{7F}", "\u{85}", "\u{FFFE}", "\u{FFFF}", "\u{1F600}",
    ]
  let texts = hostile + controls
  return texts.map { record($0, .testFailure, error: $0) } + texts.map { record($0, .environmentError, error: $0) }
    + texts.map { text in
      var stopped = record(text, .testFailure, error: text)
      stopped.stop = .cancelled
      return stopped
    } + texts.map { record($0) } + [record("a__b-1", .modelError, error: ""), record("a__b-2", seconds: 123_456.789)]
}()

/// What `scripts/check-junit` says of a document, and whether it holds.
private func check(_ xml: [UInt8]) async throws -> (holds: Bool, said: String) {
  let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
    path: "../../scripts/check-junit"
  ).standardizedFileURL.path
  let done = try await Launcher.run(
    Command("python3", [script], environment: ProcessInfo.processInfo.environment, input: xml, timeout: .seconds(60)))
  return (done.succeeded, String(decoding: done.output + done.errorOutput, as: UTF8.self))
}

@Suite struct `JUnit's XML` {
  @Test func `is what the schemas of its readers ask for, whatever ids and errors say`() async throws {
    let report = phase(.small, records, campaign: "<&>\u{1}")
    let (holds, said) = try await check(JUnitReport(report).xml)
    #expect(holds, "\(said)")
    #expect(said == "\(records.count) cases as they should be\n")
    #expect(try await check(JUnitReport(phase([])).xml).holds)
  }

  /// A change of a report, and what is wrong with it then.
  @Test(
    arguments: [
      (" name=\"a__b-1\"", "", "`name` is missing"), ("<testcase ", "<testcase owner=\"x\" ", "no attribute `owner`"),
      ("failures=\"1\"", "failures=\"2\"", "failures='2', and there are 1"),
      ("time=\"1.000\"", "time=\"1 s\"", "time='1 s'"), ("    <testcase", "    text<testcase", "text between"),
      ("<failure type=\"test_failure\"", "<failure", "`type` is missing"), ("failure>", "fault>", "no XML"),
      ("no&#10;", "no\u{1}", "no XML"), ("    <testcase", "    <skipped/><testcase", "stands where none may"),
      ("</failure>", "</failure><error type=\"x\"/>", "more than one `error`"),
      ("timestamp=\"2026-02-15T", "timestamp=\"2026-02-15 ", "timestamp="),
    ]) func `is told from what is not quite it`(old: String, new: String, fault: String) async throws
  {
    let one = phase([record("a__b-1", .testFailure, error: "no\nway"), record("a__b-2")])
    let xml = String(decoding: JUnitReport(one).xml, as: UTF8.self)
    try #require(xml.contains(old))
    #expect(try await check(Array(xml.utf8)).holds)
    let (holds, said) = try await check(Array(xml.replacingOccurrences(of: old, with: new).utf8))
    #expect(!holds && said.contains(fault), "\(said)")
  }
}
