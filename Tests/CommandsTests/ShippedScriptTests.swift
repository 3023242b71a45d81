import Attempts
import Campaigns
import Foundation
import Script
import Sessions
import Terminal
import TestWorld
import Testing

@testable import Commands

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../scripts")
  .standardizedFileURL.path

private let names =
  (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".ramp") }.sorted() ?? []

/// 300 rows of which each is resolved by its second attempt, or by none.
private let planted = Planted(300) { Int($0.suffix(4)).map { $0 % 5 == 0 ? 2 : nil } ?? nil }

/// Plays a shipped script on the planted rows, in a folder of its own.
private struct Play {
  let home: String
  let said = Said()
  let error: (any Error)?

  init(_ name: String, _ parameters: [String: String]) async throws {
    home = try Scratch.newFolder()
    try Data(try planted.rows().utf8).write(to: URL(fileURLWithPath: "\(home)/rows.jsonl"))
    try Data("# replies\n\(planted.replies)".utf8).write(to: URL(fileURLWithPath: "\(home)/replies.ramp"))
    let printer = Printer(
      look: Look(style: Style(color: false), width: nil), json: false, out: { [said] in said.add($0) },
      err: { [said] in said.add($0) })
    let player = Player(
      host: try Planted.host(), permissions: Permissions(isScript: true, write: true), printer: printer)
    let given = [
      "rows": "\(home)/rows.jsonl", "repositories": "\(home)/mirrors", "model": "scripted:\(home)/replies.ramp",
      "out": "\(home)/out", "campaign": "made-up", "attempts": "2",
    ].merging(parameters) { $1 }
    var fault: (any Error)?
    do { _ = try await player.play(path: "\(folder)/\(name)", mode: nil, live: false, parameters: given) } catch {
      fault = error
    }
    error = fault
  }

  func phase(_ number: Int) throws -> PhaseResults {
    let path = "\(home)/out/phase_\(number)_results.json"
    return try PhaseFile.read(Array(try Data(contentsOf: URL(fileURLWithPath: path)))).results
  }

  func hasFile(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(home)/out/\(name)") }
}

@Suite struct `a shipped script` {
  @Test func `is one of these`() {
    #expect(
      names == ["baseline.ramp", "ci.ramp"] + (1...5).map { "phase-\($0).ramp" } + ["ramp-up.ramp"])
  }

  @Test(arguments: names)
  func `takes rows, repositories, model, out, campaign and force`(name: String) throws {
    let script = try ScriptFile.parse(
      Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))), name: name)
    let asked = script.lines.filter { $0.firstWord == "param" }.map { $0.text.split(separator: " ")[1] }
    #expect(Set(asked).isSuperset(of: ["rows", "repositories", "model", "out", "campaign", "force"]))
  }

  @Test(arguments: names)
  func `runs on rows, repositories and a model of the user's, and forced past shut gates`(name: String) async throws {
    let play = try await Play(name, ["force": "yes"])
    // Only a single phase says by its ending that its own gate is shut.
    let isOne = name.hasPrefix("phase-") || name == "ci.ramp"
    let last = name.hasPrefix("phase-") ? Int(String(name.dropFirst(6).prefix(1))) ?? 0 : name == "ci.ramp" ? 1 : 5
    let results = try play.phase(last)
    #expect(results.campaign == "made-up")
    #expect(results.total == Phase(rawValue: last)?.size)
    let isShut = try #require(Gate(results)).reason != nil
    #expect((play.error != nil) == (isOne && isShut), "\(play.error.map(Explained.text) ?? "")")
    if name == "phase-2.ramp" { #expect(results.forced) }
    if name != "baseline.ramp" {
      #expect(results.verified == results.results.count { planted.outcomes[$0.instanceID] != .some(nil) })
    }
  }

  @Test func `of the old way runs all five phases though it solves nothing, in one go, and the results say so`()
    async throws
  {
    let play = try await Play("baseline.ramp", [:])
    #expect(play.error == nil)
    for number in 1...5 {
      let results = try play.phase(number)
      #expect(results.verified == 0 && results.total == Phase(rawValue: number)?.size)
      #expect(results.forced == (number > 1))
      #expect(results.config.settings["feedback"] == "none")
    }
    let said = play.said.take()
    #expect(said.contains("phase 1 came to 0 of 5, and its gate asks for 1: it goes on all the same"))
    #expect(said.contains("0/300"))
  }

  @Test func `for continuous integration leaves its reports behind a shut gate`() async throws {
    let play = try await Play("ci.ramp", ["phase": "2", "force": "yes", "model": "scripted:nothing.md"])
    // The model's file is not there, so no phase was run, and each report says so; the error stays the first one.
    #expect(play.error.map(Explained.text)?.contains("nothing.md") == true)
    #expect(play.said.take().contains("ci.ramp:25: no phase has been run"))
    let shut = try await Play("ci.ramp", ["phase": "5", "force": "yes"])
    #expect(shut.error.map { BatchError.isShut(($0 as? LineError)?.root ?? $0) } == true)
    for name in ["junit.xml", "report.html", "summary.md", "table.csv", "predictions.jsonl", "phases.jsonl"] {
      #expect(shut.hasFile(name), "\(name)")
    }
  }

  @Test(arguments: names)
  func `refuses a parameter that it does not ask for`(name: String) async throws {
    let play = try await Play(name, ["repository": "x"])
    #expect(
      play.error.map(Explained.text)
        == "\(folder)/\(name): no line asks for the parameter `repository`; nearest: repositories")
    #expect(!play.hasFile("phases.jsonl"))
  }
}
