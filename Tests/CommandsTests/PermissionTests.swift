import Attempts
import Foundation
import Instances
import Sessions
import Testing

@testable import Commands

@Suite struct `a sourced script` {
  @Test(arguments: [
    ("! echo hi", "`! echo hi` may not stand in a script"),
    ("show | cat", "`| cat` may not stand in a script"),
    ("set sandbox off", "`set sandbox off` may not stand in a script"),
    ("settings > /tmp/ramp-outside", "/tmp/ramp-outside lies outside the script's folder"),
    ("template edit", "opens an editor"),
    // A program of its own would run with all rights.
    ("set tests.python ./evil.sh", "`set tests.python ./evil.sh` may not stand in a script"),
    // git reads programs to run from there.
    ("show prompt > .git/config", "lies outside the script's folder"),
  ]) func `may do no more than a script, whoever sources it`(line: String, fault: String) async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django) --through prompt")
    try sitting.write("\(line)\n", to: "evil.ramp")
    #expect(await sitting.fault(of: "source evil.ramp").contains(fault))
    // Behind it the person may do what they could.
    try await sitting.type("settings > own.txt")
    #expect(try sitting.read("own.txt").contains("sandbox"))
    #expect(!(await sitting.session.permissions.isScript))
  }

  @Test func `of the user's own configuration may do what the user may`() async throws {
    let sitting = try await Sitting()
    try sitting.write("settings > \(sitting.folder)/a/../own.txt\n! true\nsource more.ramp\n", to: "init.ramp")
    try sitting.write("set sandbox off\n", to: "more.ramp")
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/a", withIntermediateDirectories: false)
    try await sitting.interpreter().source("\(sitting.folder)/init.ramp", showing: .full, isTrusted: true)
    #expect(try await sitting.type("settings sandbox").contains("off"))
    #expect(!(await sitting.session.permissions.isScript))
  }

  @Test func `that replays another may not write over one outside its folder`() async throws {
    let sitting = try await Sitting()
    try sitting.write("hello\n", to: "reply.md")
    try await sitting.type("model use scripted:reply.md; run \(django) --through edits; save a.ramp")
    let inner = try await Sitting()
    try inner.write("replay \(sitting.folder)/a.ramp --record all\n", to: "outer.ramp")
    // Another reply, so that there is something to write.
    try sitting.write("hello again\n", to: "reply.md")
    let before = try sitting.read("a.ramp")
    #expect(await inner.fault(of: "source outer.ramp").contains("lies outside the script's folder"))
    #expect(try sitting.read("a.ramp") == before)
  }
}

@Suite struct `attempts by themselves` {
  @Test func `end where there have been as many, or the instance is resolved`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("set feedback none; run \(django) --attempts 2")
    #expect(await sitting.session.takes[django]?.count == 2)
    let said = try await sitting.type("run \(django) --attempts 2")
    #expect(said == "\(django) has had 2 attempts, unresolved; `run \(django)` makes one more\n")
    try await sitting.type("model use gold; run \(django) --attempts 3")
    #expect(try await sitting.type("run \(django) --attempts 9").contains("has had 3 attempts, resolved"))
    #expect(await sitting.session.takes[django]?.count == 3)
  }
}

@Suite struct `a take that a person steered` {
  @Test func `is called so, and is not exported`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("set feedback visible; run \(django)")
    let text = try await sitting.type("context add \(secondPlace); run \(django)")
    #expect(text.contains("\nattempt 2, steered, "))
    #expect(try await sitting.type("attempts", json: true).contains("\"steered\":true"))
    try await sitting.type("export predictions p.jsonl")
    let first = try #require(await sitting.session.takes[django]?.first?.chain.patch?.diff)
    let predictions = try PredictionReader.read(path: "\(sitting.folder)/p.jsonl")
    #expect(predictions.map(\.patch) == [first])
    // A file that holds something else is not lost.
    try sitting.write("precious\n", to: "other.jsonl")
    #expect(
      await sitting.fault(of: "export predictions other.jsonl")
        == "other.jsonl is there already\n`export predictions --force other.jsonl` takes its place")
    #expect(try sitting.read("other.jsonl") == "precious\n")
  }
}

@Suite struct `a script that would grow without end` {
  @Test func `is not replayed within itself`() async throws {
    let sitting = try await Sitting()
    try sitting.write("replay b.ramp\n", to: "a.ramp")
    try sitting.write("replay a.ramp\n", to: "b.ramp")
    #expect(await sitting.fault(of: "replay a.ramp").contains("is played from itself"))
  }

  @Test func `has no parameters of parameters of parameters`() async throws {
    let sitting = try await Sitting()
    let tenfold = (1...9).map { "param p\($0) \"" + String(repeating: "$p\($0 - 1)", count: 10) + "\"" }
    try sitting.write((["param p0 0123456789"] + tenfold).joined(separator: "\n") + "\n", to: "p.ramp")
    #expect(await sitting.fault(of: "source p.ramp").contains("is longer than 1 MB"))
  }

  @Test func `writes what it shows within a replay too`() async throws {
    let sitting = try await Sitting()
    try sitting.write("run \(django) --through prompt\nshow prompt --raw > o.txt\n", to: "w.ramp")
    try await sitting.type("replay w.ramp")
    #expect(try sitting.read("o.txt").utf8.count > 1000)
  }
}
