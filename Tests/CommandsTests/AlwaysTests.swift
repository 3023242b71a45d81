import Foundation
import Script
import Sessions
import Testing

@testable import Commands

/// Carries out `text` as a script, and gives its error.
private func play(_ text: String, in sitting: Sitting, showing: Interpreter.Showing = .full) async throws -> (
  any Error
)? {
  do {
    try await sitting.interpreter().run(try LineParser.commands(text), name: "s.ramp", showing: showing)
    return nil
  } catch {
    return error
  }
}

@Suite struct `a line that follows always in a script` {
  @Test(
    arguments: [
      ("set feedback perhaps", "s.ramp:2: `feedback` cannot be `perhaps`"),
      ("expect verdict resolved", "s.ramp:2: expected verdict resolved, found none"),
      ("quit", nil), ("note all is well", nil),
    ] as [(String, String?)])
  func `is carried out whatever happened, in order, with the values of the end`(line: String, fault: String?)
    async throws
  {
    let sitting = try await Sitting()
    let text = """
      run \(django) --through prompt; param name early; always settings feedback > $name.txt
      \(line)
      set feedback none
      always settings format > last.txt
      """
    let error = try await play(text, in: sitting)
    if let fault { #expect(error.map(Explained.text)?.hasPrefix(fault) == true) } else { #expect(error == nil) }
    let isReached = line.hasPrefix("note")
    #expect(try sitting.read("early.txt").contains(isReached ? "none" : "hidden"))
    #expect(try sitting.read("last.txt").contains("search"))
    #expect(sitting.err.take().isEmpty)
  }

  @Test func `tells what is wrong with it, and the script ends as it would without it`() async throws {
    let sitting = try await Sitting()
    #expect(try await play("always report\nalways settings format > o.txt\nnote x", in: sitting) == nil)
    #expect(
      sitting.err.take().hasPrefix("s.ramp:1: no phase has been run: no results in .\n  `phase 1` runs the first"))
    #expect(try sitting.read("o.txt").contains("search"))
    let error = try await play("always report\nset feedback perhaps", in: sitting)
    #expect(error.map(Explained.text)?.hasPrefix("s.ramp:2: `feedback` cannot be") == true)
  }

  @Test func `is carried out after an interrupt`() async throws {
    let sitting = try await Sitting()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await play("set feedback none\nalways settings format > o.txt", in: sitting)
    }
    #expect(try await task.value is CancellationError)
    #expect(try sitting.read("o.txt").contains("search"))
  }

  @Test(
    arguments: [
      ("always rum", "s.ramp:2: no word `rum`"), ("always", "s.ramp:2: `always` needs a line after it"),
      ("always always report", "s.ramp:2: `always` needs a line after it"),
      ("always report --html $nam", "s.ramp:2: no parameter `nam` (column 22); nearest: name"),
      ("always report --htm x", "s.ramp:2: `report`: unknown option '--htm'"),
    ])
  func `is understood before anything is done`(line: String, fault: String) async throws {
    let sitting = try await Sitting()
    let error = try await play("set feedback none; param name x\n\(line)\n", in: sitting)
    #expect(error.map(Explained.text)?.hasPrefix(fault) == true, "\(error.map(Explained.text) ?? "")")
    #expect(sitting.out.take().isEmpty)
    try sitting.write("note x\n\(line.replacing("$nam", with: "x"))\n", to: "s.ramp")
    if !line.contains("$") { #expect(await sitting.fault(of: "check s.ramp").hasPrefix(fault)) }
  }

  @Test func `of a script that is sourced comes at its end, and at the prompt it is refused`() async throws {
    let sitting = try await Sitting()
    try sitting.write("always settings feedback > o.txt\nset feedback none\n", to: "inner.ramp")
    #expect(try await play("source inner.ramp\nset feedback visible\n", in: sitting) == nil)
    #expect(try sitting.read("o.txt").contains("none"))
    #expect(
      await sitting.fault(of: "always report")
        == "`always` is for scripts: its line is carried out when the script ends\ntype the line without `always`")
  }
}

@Suite struct `a flag` {
  @Test func `is yes or no where a parameter says it`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django) --through prompt; param yes yes; param no no")
    let plain = try await sitting.type("show prompt --raw")
    let other = try await sitting.type("show prompt")
    #expect(plain != other)
    #expect(try await sitting.type("show prompt --raw=$yes") == plain)
    #expect(try await sitting.type("show prompt --raw=$no") == other)
    #expect(await sitting.fault(of: "show prompt --raw=maybe").hasPrefix("`show`: --raw is yes or no, and not `maybe`"))
    // What takes a value is no flag.
    #expect(await sitting.fault(of: "run \(django) --through=yes").contains("yes"))
  }
}
