import Attempts
import Foundation
import Models
import Sessions
import Testing

@testable import Commands

/// The path that a remark says a text was kept at.
private func keptPath(in remark: String) throws -> String {
  String(try #require(remark.firstMatch(of: #/what you wrote is in ([^:]+):/#)).1)
}

@Suite struct `what a person wrote in the editor` {
  @Test func `is looked at before anything is run, and kept where it cannot be used`() async throws {
    let sitting = try await Sitting(host: try testHost { $0.replacing("[[system]]\n", with: "") })
    try await sitting.type("run \(django) --through prompt")
    let fault = await sitting.fault(of: "tweak prompt")
    #expect(fault.hasPrefix("line 1 of the prompt stands above the first message\nbegin with a line [[system]]"))
    let path = try keptPath(in: sitting.err.take())
    #expect(path.hasSuffix("/prompt.txt"))
    let kept = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!kept.contains("[[system]]") && kept.contains("[[user]]"))
    // No test has been run for it, and no take made of it.
    #expect(sitting.session.host.effects.counts.tests == 0)
    #expect(await sitting.session.takes[django]?.count == 1)
    try ("[[system]]\n" + kept).write(toFile: path, atomically: true, encoding: .utf8)
    try await sitting.type("tweak prompt --file \(path) --through prompt")
    #expect(try await sitting.session.take(nil).isTweaked)
  }

  @Test func `is kept where what follows it fails`() async throws {
    let sitting = try await Sitting(host: try testHost { $0 + "\nAnswer in French.\n" })
    try sitting.write("-- scripted/any/1 --\nThere is nothing to change.\n", to: "one.ramp")
    try await sitting.type("model use scripted:one.ramp; run \(flask) --through patch")
    #expect(await sitting.fault(of: "tweak prompt --through patch").contains("scripted replies"))
    let kept = try String(contentsOfFile: try keptPath(in: sitting.err.take()), encoding: .utf8)
    #expect(kept.contains("Answer in French."))
  }

  @Test func `is no patch where it does not apply, and nothing is run then`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(flask) --through patch")
    #expect(await sitting.fault(of: "tweak patch").contains("{# edited #}") == false)
    #expect(await sitting.session.takes[flask]?.allSatisfy { $0.chain[.baseline] == nil } == true)
  }

  @Test(arguments: [
    ("{% if %}", "template repair:"), ("{{ isue }}", "`isue` is not defined; nearest: issue"),
    ("{% if feedback %}{{ feedbak }}{% endif %}", "`feedbak` is not defined; nearest: feedback"),
  ])
  func `as a template is read and tried at once, and its place is named`(added: String, said: String) async throws {
    let sitting = try await Sitting(host: try testHost { "[[user]]\n{{ issue }}\n" + added + "\n" + $0 })
    let fault = await sitting.fault(of: "template edit")
    #expect(fault.hasPrefix("template repair:3:"))
    #expect(fault.contains(said))
    let remark = sitting.err.take()
    let path = try keptPath(in: remark)
    #expect(remark.contains("`template edit repair --file \(path)`"))
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains(added))
    #expect(await sitting.session.settings.template == nil)
    try "[[user]]\n{{ issue }}\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      try await sitting.type("template edit repair --file \(path)") == "template repair -> repair-2\n")
  }
}

@Suite struct `a model that answers from a file` {
  @Test func `reads it again once it has changed, and a rerun sees that`() async throws {
    let sitting = try await Sitting()
    try sitting.write("One.\n", to: "reply.md")
    try await sitting.type("model use scripted:reply.md; run \(flask) --through reply")
    #expect(try await sitting.type("rerun --through reply").contains("kept: every stage"))
    try sitting.write("Two.\n", to: "reply.md")
    try await sitting.type("rerun --through reply")
    #expect(try await sitting.session.take(nil).chain.reply?.text == "Two.\n")
    try sitting.write("Three.\n", to: "reply.md")
    try await sitting.type("rerun reply --through reply")
    #expect(try await sitting.session.take(nil).chain.reply?.text == "Three.\n")
  }
}
