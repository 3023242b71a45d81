import Content
import Foundation
import Script
import TestWorld
import Testing

@Suite(.enabled(if: TestWorld.hasSandbox, "bubblewrap cannot make a sandbox here")) struct `a session file` {
  static let shipped =
    (try? FileManager.default.contentsOfDirectory(atPath: project.path + "/sessions"))?
    .filter { $0.hasSuffix(".ramp") }.sorted() ?? []

  @Test(arguments: shipped)
  func `that is shipped still holds`(name: String) async throws {
    let program = try Program()
    let ended = try await program(project.path + "/sessions/\(name)")
    #expect(ended.status == 0)
    #expect(ended.err.isEmpty)
    let last = ended.out.split(separator: "\n").last ?? ""
    #expect(last.wholeMatch(of: /([0-9]+) of \1 expectations hold/) != nil)
  }

  @Test func `replays in another process, folder, home, time zone and locale to the same state`() async throws {
    let first = try Program()
    try first.write("Nothing\r\nto change.", to: "reply.md")
    let lines = """
      run \(django)
      show prompt
      context add \(secondPlace)
      rerun
      tweak reply --file reply.md
      model use gold
      run \(flask)
      save saved.ramp
      """
    #expect(try await first(input: lines).status == 0)
    let here = try await first("--json", "saved.ramp")
    var second = try Program()
    second.environment["TZ"] = "Asia/Kathmandu"
    second.environment["LC_ALL"] = "C"
    second.environment["XDG_CACHE_HOME"] = nil
    second.environment["PYTHONPATH"] = "/nowhere"
    try second.write(try first.read("saved.ramp"), to: "elsewhere.ramp")
    let there = try await second("--json", "elsewhere.ramp")
    #expect((here.status, there.status) == (0, 0))
    let takes = try #require(here.objects.last?["takes"] as? NSDictionary)
    #expect(takes == there.objects.last?["takes"] as? NSDictionary)
    #expect((takes[django] as? [NSDictionary])?.map { $0["take"] as? String } == ["1.1", "1.2", "1.3"])
    #expect(
      (takes[django] as? [NSDictionary])?.map { $0["verdict"] as? String } == ["unresolved", "resolved", "unresolved"])
    #expect((takes[flask] as? [NSDictionary])?.map { $0["verdict"] as? String } == ["resolved"])
  }

  @Test func `of which an expectation does not hold any more ends with 1, and says the line`() async throws {
    let program = try Program()
    let text = try String(contentsOfFile: project.path + "/sessions/quickstart.ramp", encoding: .utf8)
    try program.write(text.replacing("expect failure logic_error", with: "expect failure regression"), to: "s.ramp")
    let ended = try await program("s.ramp")
    #expect(ended.status == 1)
    #expect(ended.err == "s.ramp:7: expected failure regression, found logic_error\n")
  }

  @Test func `that was edited says what differs, and is recorded anew when that is asked for`() async throws {
    let program = try Program()
    try await program(input: "run \(flask) --through patch\nsave s.ramp\n")
    let saved = try program.read("s.ramp").replacing("run \(flask)", with: "set context.files 2\nrun \(flask)")
    try program.write(saved, to: "s.ramp")
    let ended = try await program("s.ramp")
    #expect(ended.status == 1)
    let lines = ended.err.split(separator: "\n")
    #expect(lines[0] == "s.ramp:3: the prompt of 1.1 differs from the recorded one")
    #expect(lines[1] == "  caused by: stage context: setting context.files (recorded 5, now 2)")
    #expect(lines[2].hasPrefix("  first difference, line "))
    #expect(lines.last == "  to accept it and ask the model again: run the file with `--record new_episodes`")
    let anew = try await program("s.ramp", "--record", "new_episodes")
    #expect(anew.status == 0)
    #expect(anew.err == "s.ramp: recorded anew\n")
    #expect(try await program("s.ramp").status == 0)
  }

  @Test func `with a section that nothing used says so, and holds`() async throws {
    let program = try Program()
    try await program(input: "run \(flask) --through prompt\nsave s.ramp\n")
    try program.write(try program.read("s.ramp") + "-- tweak/old --\nx\n", to: "s.ramp")
    let ended = try await program("s.ramp", "--record", "none")
    #expect(ended.status == 0)
    #expect(ended.err.hasSuffix("section tweak/old was never used; remove it, or the line that used it is gone\n"))
  }

  @Test func `is not written outside the script's folder, nor a shell used, without a flag`() async throws {
    let program = try Program()
    let other = try Scratch.newFolder()
    for (line, flag) in [
      ("save \(other)/x.ramp", "--allow-write"), ("show prompt > \(other)/x.txt", "--allow-write"),
      ("! touch \(other)/x", "--allow-shell"), ("show prompt | tee \(other)/x", "--allow-shell"),
    ] {
      try program.write("run \(flask) --through prompt\n\(line)\n", to: "s.ramp")
      let ended = try await program("s.ramp")
      #expect(ended.status == 1)
      #expect(ended.err.hasPrefix("s.ramp:2: "))
      #expect(ended.err.contains(flag))
      #expect(try FileManager.default.contentsOfDirectory(atPath: other).isEmpty)
    }
    #expect(try await program("s.ramp", "--allow-shell").status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["x"])
  }
}
