import Content
import Foundation
import Script
import Sessions
import Testing

@testable import Commands

private let mine = "[[user]]\nMend it: {{ issue }}\n{% include \"feedback\" %}"
private let advice = "---\nname: mine\nwhen: repository pallets\n---\nLook twice.\n"

/// A sitting whose user keeps these texts, by their names.
private func ownSitting(
  templates: [String: String] = [:], skills: [String: String] = [:], script: String = "", isScript: Bool = false
) async throws -> Sitting {
  var host = try testHost()
  host.ownTexts = { kind in
    (kind == .template ? templates : skills).sorted { $0.key < $1.key }.map { name, text in
      OwnText(name: name, path: "folder/\(name)", text: text)
    }
  }
  return try await Sitting(
    script: try ScriptFile.parse(Array(script.utf8), name: "s.ramp"), isScript: isScript, host: host)
}

@Suite struct `a template of one's own folder` {
  @Test func `is listed, shown and used`() async throws {
    let sitting = try await ownSitting(templates: ["mine": mine])
    #expect(try await sitting.type("template list", json: true).contains("\"from\":\"your folder\""))
    #expect(try await sitting.type("template show mine").contains("Mend it: {{ issue }}"))
    try await sitting.type("template use mine; run \(flask) --through prompt")
    #expect(try await sitting.type("show prompt").contains("Mend it: "))
  }

  @Test func `takes the place of a shipped one of its name, and of a part`() async throws {
    let sitting = try await ownSitting(templates: ["repair": "[[user]]\n{% include \"skills\" %}", "skills": "Mine."])
    try await sitting.type("run \(flask) --through prompt")
    #expect(try await sitting.type("show prompt").contains("Mine."))
    #expect(try await sitting.type("template list").split(separator: "\n").count { $0.contains("your folder") } == 2)
  }

  @Test func `is not seen by a script, and comes behind a section`() async throws {
    let script = try await ownSitting(templates: ["mine": mine], isScript: true)
    #expect(await script.fault(of: "template show mine").hasPrefix("no template `mine`"))
    let both = try await ownSitting(
      templates: ["mine": mine], script: "-- template/mine --\n[[user]]\nOf the session: {{ issue }}\n")
    #expect(try await both.type("template show mine").contains("Of the session: "))
    #expect(!(try await both.type("template list").contains("your folder")))
  }

  @Test func `that has a fault names it when it is used`() async throws {
    let sitting = try await ownSitting(templates: ["mine": "[[user]]\n{{ isue }}\n"])
    let fault = await sitting.fault(of: "template use mine; run \(flask) --through prompt")
    #expect(fault.contains("isue") && fault.contains("mine"))
  }
}

@Suite struct `a skill of one's own` {
  @Test func `is chosen from the folder by its rule`() async throws {
    let sitting = try await ownSitting(skills: ["mine": advice])
    #expect(try await sitting.type("skill show mine").contains("Look twice."))
    #expect(try await sitting.type("skill list \(flask)").contains("your folder"))
    #expect(!(try await sitting.type("skill list \(django)").contains("your folder")))
    try await sitting.type("set skills on; run \(flask) --through prompt")
    #expect(try await sitting.type("show prompt").contains("Look twice."))
  }

  @Test func `comes from a section of a session file, before folder and program`() async throws {
    let section = "-- skill/mine --\n" + advice.replacing("Look twice.", with: "Look thrice.")
    let sitting = try await ownSitting(skills: ["mine": advice], script: section)
    #expect(try await sitting.type("skill show mine").contains("Look thrice."))
    #expect(try await sitting.type("skill list \(flask)").contains("the session"))
    let script = try await ownSitting(script: "set skills on\n" + section)
    try await script.type("set skills on; run \(flask) --through prompt")
    #expect(try await script.type("show prompt").contains("Look thrice."))
    #expect(await script.session.unusedSections().isEmpty)
  }

  @Test func `is saved with a session that showed it, and is there when that is played`() async throws {
    let sitting = try await ownSitting(skills: ["mine": advice])
    try await sitting.type("set skills on; run \(flask) --through prompt; save x.ramp")
    let saved = try sitting.read("x.ramp")
    #expect(saved.contains("-- skill/mine sha256="))
    let again = try await ownSitting(script: saved, isScript: true)
    try await again.type("set skills on; run \(flask) --through prompt")
    #expect(try await again.type("show prompt").contains("Look twice."))
  }

  @Test(arguments: [("Look twice.\n", "has no header"), ("---\nname: mine\n---\n", "nothing below it")])
  func `that is none is named with its place`(text: String, fault: String) async throws {
    let folder = try await ownSitting(skills: ["mine": text])
    let said = await folder.fault(of: "skill list")
    #expect(said.contains("folder/mine") && said.contains(fault))
    let section = try await ownSitting(script: "-- skill/mine --\n" + text)
    #expect(await section.fault(of: "skill list").contains("section skill/mine"))
  }
}

@Suite struct `a target that is read-only` {
  @Test func `gives its patch, and stays as it is`() async throws {
    let sitting = try await Sitting()
    let folder = "\(sitting.folder)/mine"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try sitting.write("x = 1\n", to: "mine/m.py")
    try sitting.write("m.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n>>>>>>> REPLACE\n", to: "reply.md")
    func mode(_ mode: Int, _ path: String) throws {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    try mode(0o444, "\(folder)/m.py")
    try mode(0o555, folder)
    defer { try? mode(0o755, folder) }
    let said = try await sitting.type("reparse reply.md --format search --at mine", json: true)
    #expect(said.contains("\"applies\":true") && said.contains("\"step\":\"exact\""))
    #expect(said.contains("-x = 1\\n+x = 2\\n") && !said.contains("new mode"))
    #expect(try sitting.read("mine/m.py") == "x = 1\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/m.py")
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o444)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.py"])
  }

  @Test func `tells a program why an edit does not apply, and what would`() async throws {
    let sitting = try await Sitting()
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/mine", withIntermediateDirectories: false)
    try sitting.write("a = 1\nb = 22\n", to: "mine/m.py")
    try sitting.write("m.py\n<<<<<<< SEARCH\na = 1\nb = 33\n=======\na = 2\n>>>>>>> REPLACE\n", to: "reply.md")
    let said = try await sitting.type("reparse reply.md --format search --at mine", json: true)
    #expect(said.contains(#""applies":false,"code":"stale_anchor""#))
    #expect(said.contains(#""corrections":[{"actual":"b = 22","line":2,"written":"b = 33"}]"#))
    #expect(said.contains(#""nearest":{"first_line":1,"lines":["a = 1","b = 22"]}"#))
    #expect(!said.contains(#""patch""#))
  }

  @Test(arguments: [
    ("reparse reply.md --at none", "no file none"), ("reparse none --at mine", "no file none"),
    ("reparse reply.md --at reply.md", "reply.md cannot be read: it is no folder"),
  ])
  func `needs a file and a folder`(line: String, said: String) async throws {
    let sitting = try await Sitting()
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/mine", withIntermediateDirectories: false)
    try sitting.write("", to: "reply.md")
    #expect(await sitting.fault(of: line).replacing("\(sitting.folder)/", with: "").hasPrefix(said))
  }
}
