import Foundation
import Sessions
import Testing

@testable import Commands

@Suite struct `a name that is not there` {
  @Test(
    arguments: [
      (
        "instances --verdict foo",
        "no verdict `foo`: it is one of resolved, unresolved, suspect, environment_error, none"
      ),
      ("instances --set nope", "no set `nope` is loaded; loaded: practice"),
      ("instances --since yesterday", "`yesterday` is no day: it is written as in 2019-03-01"),
      ("instances --before 2019-1", "`2019-1` is no day"), ("rerun tets", "no stage `tets`; nearest: tests"),
      ("run \(flask) --through tets", "no stage `tets`; nearest: tests"),
      ("show nosuch", "feedback; views: time, tokens, model"), ("show tokns", "no stage `tokns`; nearest: tokens"),
      ("reparse reply.md", "`reply.md` is no take; a file is tried on a folder: `reparse FILE --at FOLDER`"),
      ("tweak tets", "no stage `tets`; nearest: tests"), ("help feedbak", "no word `feedbak`"),
    ])
  func `is answered with those that are, in a line or two`(line: String, said: String) async throws {
    let fault = try await Sitting().fault(of: line)
    #expect(fault.contains(said))
    #expect(fault.split(separator: "\n").count <= 2)
  }

  @Test(arguments: ["2019", "2019-03", "2019-03-01", "2019-03-01T10:00:00Z", "2019-03-01 10:00"])
  func `is one in each of these spellings of a day`(day: String) async throws {
    #expect(try await Sitting().fault(of: "instances --since \(day)") == "nothing is wrong")
  }

  @Test func `may be a setting's`() async throws {
    let text = try await Sitting().type("help feedback")
    #expect(
      text.contains("what the next attempt is told: nothing, what the visible tests said, or the hidden ones too"))
  }
}

@Suite struct `a path that is typed` {
  @Test func `may begin at home`() async throws {
    let sitting = try await Sitting()
    let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
    #expect(await sitting.session.path("~/x/y") == home + "/x/y")
    #expect(await sitting.session.path("a/~/y") == sitting.folder + "/a/~/y")
  }

  @Test func `of a folder is no session file`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(flask) --through prompt")
    for line in ["save \(sitting.folder)", "save --force \(sitting.folder)"] {
      #expect(await sitting.fault(of: line).contains("cannot be written: it is a folder"))
    }
  }
}

@Suite struct `an answer that takes the whole window` {
  @Test func `is named by its setting`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("set model.num_ctx 1024; set model.num_predict 2048")
    let fault = await sitting.fault(of: "run \(flask) --through prompt")
    #expect(fault.contains("the window has room for 0"))
    #expect(fault.contains("`set model.num_predict` to less"))
  }
}
