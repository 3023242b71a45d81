import Sessions
import Testing

@testable import Commands

@Suite struct `a check of a script` {
  /// What `check` says of `script`.
  private func said(of script: String, files: [String: String] = [:]) async throws -> String {
    let sitting = try await Sitting()
    try sitting.write(script, to: "s.ramp")
    for (name, text) in files { try sitting.write(text, to: name) }
    do {
      let text = try await sitting.type("check s.ramp")
      #expect(await sitting.session.takes.isEmpty)
      #expect(await sitting.session.entries.count == 1)
      return text
    } catch {
      return Explained.text(error)
    }
  }

  @Test(
    arguments: [
      ("expect failure logic_eror", "no failure code `logic_eror`; nearest: logic_error"),
      ("run \(flask)x", "no instance \(flask)x in practice; nearest: \(flask)"),
      ("info nobody__nothing-1", "no instance nobody__nothing-1 in practice"),
      ("template use nope", "no template `nope`"), ("set template nope", "no template `nope`"),
      ("template show nope", "no template `nope`"), ("model use foo", "no kind of model `foo`"),
      ("set feedback perhaps", "`feedback` cannot be `perhaps`: it is one of none, visible, hidden"),
      ("run \(flask) --through tets", "no stage `tets`; nearest: tests"), ("tweak edits", "cannot be written by hand"),
      ("source gone.ramp", "no file "), ("model use scripted:gone.md", "no file "), ("replay gone.ramp", "no file "),
      ("tweak prompt --file bare.txt", "line 1 of the prompt stands above the first message"),
      ("source bad.ramp", "bad.ramp:2: no word `rum`; nearest: run"), ("unknown", "no word `unknown`"),
    ])
  func `names the line that is wrong`(line: String, fault: String) async throws {
    let text = try await said(
      of: "set feedback none\n\n\(line)\n", files: ["bad.ramp": "note x\nrum\n", "bare.txt": "no role\n"])
    #expect(text.hasPrefix("s.ramp:3: ") && text.contains(fault), "\(text)")
  }

  @Test func `names a template's section with a name that stands for nothing`() async throws {
    let script = "template use mine\nrun \(flask) --through prompt\n-- template/mine --\n[[user]]\n{{ isue }}\n"
    #expect(
      try await said(of: script)
        == "s.ramp:3: template mine:2:4: `isue` is not defined; nearest: issue")
    #expect(try await said(of: script.replacing("isue", with: "issue")).hasSuffix("nothing wrong\n"))
  }

  @Test func `knows what the script itself loads, makes and sources`() async throws {
    let text = try await said(
      of: """
        param n 3
        set context.files $n
        source more.ramp
        run \(flask)
        expect failure none
        save saved.ramp
        replay saved.ramp
        """, files: ["more.ramp": "template use baseline\nexpect failure timeout\n"])
    #expect(text.contains("7 commands, 0 sections, nothing wrong\n"))
    #expect(text.contains("s.ramp:7: ") && text.contains("a line above may make it"))
  }

  @Test func `says what cannot be known`() async throws {
    let text = try await said(of: "load lite\nrun django__django-1\n")
    #expect(text.contains("nothing wrong\n"))
    #expect(text.contains("whether django__django-1 is in lite cannot be said: its rows are not here\n"))
  }
}
