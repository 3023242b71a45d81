import Foundation
import TestWorld
import Testing

@Suite(.enabled(if: TestWorld.hasSandbox, "bubblewrap cannot make a sandbox here")) struct `a red run` {
  private static let junitFlags = ["--junit", "r/junit.xml", "--html", "r/page.html", "--annotations"]

  @Test func `leaves what always asks for, JUnit's XML, a page and annotations`() async throws {
    let program = try Program()
    try program.write(
      """
      run \(django) --through patch
      expect patch none
      expect failure none
      always show patch > patch.diff
      always report
      """, to: "s.ramp")
    let ended = try await program.run(["s.ramp"] + `a red run`.junitFlags)
    #expect(ended.status == 1)
    #expect(try program.read("patch.diff").hasPrefix("diff --git"))
    // What is wrong with an `always` line is told, and changes nothing.
    #expect(ended.err.contains("s.ramp:5: no phase has been run"))
    let annotation = ended.err.split(separator: "\n").first { $0.hasPrefix("::error") }
    #expect(
      annotation?.hasPrefix("::error file=s.ramp,line=2,title=line 2%3A expect patch none::expected patch none, found ")
        == true)
    let xml = try program.read("r/junit.xml")
    #expect(xml.contains(#"<testsuites name="ramp" tests="2" failures="1" errors="0""#))
    #expect(xml.contains("classname=\"s.ramp\" name=\"line 2: expect patch none\""))
    #expect(xml.contains("<skipped message=\"not reached\"/>"))
    #expect(try await program.shell("python3 \(project.path)/scripts/check-junit r/junit.xml").status == 0)
    #expect(try program.read("r/page.html").hasPrefix("<!doctype html>"))
  }

  @Test func `says whose fault an environment is, and names the reason in its text`() async throws {
    let program = try Program()
    // A row whose tests pass before any change, so that they judge nothing.
    let text = try String(contentsOfFile: project.path + "/sessions/quickstart.ramp", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("{") })
    var row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    row["FAIL_TO_PASS"] = row["PASS_TO_PASS"]
    let made = try JSONSerialization.data(withJSONObject: row)
    try program.write(String(decoding: made, as: UTF8.self) + "\n", to: "rows.jsonl")
    try program.write(
      "load rows.jsonl\nmodel use gold\nrun \(django)\nexpect verdict unresolved\n", to: "s.ramp")
    let ended = try await program.run(["s.ramp"] + `a red run`.junitFlags)
    #expect(ended.status == 1)
    let reason = "expected verdict unresolved, found environment_error: not red: "
    #expect(ended.err.hasPrefix("s.ramp:4: \(reason)"), "\(ended.err)")
    #expect(try program.read("r/junit.xml").contains("<error type=\"environment_error\" message=\"\(reason)"))
    // A single line has a status of its own for it.
    #expect(try await program("-c", "load rows.jsonl; model use gold").status == 0)
    #expect(try await program("--continue", "run", django).status == 70)
  }

  @Test func `tells of every instance of a phase behind a shut gate`() async throws {
    let program = try Program()
    try program.write("Nothing to change.\n", to: "reply.md")
    try program.write(
      "phase 1 --model scripted:reply.md --attempts 1 --out out\nalways export results csv t.csv --out out\n",
      to: "s.ramp")
    let ended = try await program.run(["s.ramp"] + `a red run`.junitFlags)
    #expect(ended.status == 3)
    #expect(try program.read("t.csv").split(separator: "\r\n").count == 6)
    let xml = try program.read("r/junit.xml")
    #expect(xml.contains("tests=\"6\" failures=\"6\""))
    #expect(xml.contains("<failure type=\"gate\" message=\"phase 1 came to 0 of 5, and its gate asks for 1\">"))
    #expect(xml.contains("name=\"\(django)\""))
  }

  @Test(arguments: [("TERM", 75), ("INT", 130)])
  func `carries out its always lines after a signal`(signal: String, status: Int) async throws {
    let program = try Program()
    try program.write("! sleep 20\nalways settings format > o.txt\n", to: "s.ramp")
    // A shell lets what it starts in the background ignore SIGINT, unless it has job control.
    let ended = try await program.shell(
      """
      set -m
      "$RAMP" --allow-shell --junit j.xml s.ramp & p=$!
      sleep 2; kill -\(signal) $p; wait $p; echo "status $?"
      """)
    #expect(ended.out.contains("status \(status)\n"), "\(ended.out) \(ended.err)")
    #expect(try program.read("o.txt").contains("search"))
    #expect(try program.read("j.xml").contains("type=\"interrupted\""))
  }

  @Test func `has its models' words obeyed by no runner, and a summary`() async throws {
    var program = try Program()
    program.environment["GITHUB_ACTIONS"] = "true"
    program.environment["GITHUB_STEP_SUMMARY"] = "\(program.folder)/summary.md"
    try program.write("earlier\n", to: "summary.md")
    try program.write("run \(django) --through patch\nexpect patch none\n", to: "s.ramp")
    let ended = try await program("--annotations", "s.ramp")
    let lines = ended.err.split(separator: "\n").map(String.init)
    let token = try #require(lines.first?.split(separator: ":").last)
    #expect(lines.first == "::stop-commands::\(token)")
    let end = try #require(lines.firstIndex(of: "::\(token)::"))
    #expect(lines[(end + 1)...].first?.hasPrefix("::error file=s.ramp,line=2") == true)
    let summary = try program.read("summary.md")
    #expect(summary.hasPrefix("earlier\n## s&#46;ramp\n"))
    #expect(summary.contains("0 of 1 passed"))
  }

  @Test func `that cannot even be read has a case that says so`() async throws {
    let program = try Program()
    try program.write("note 'open\n", to: "s.ramp")
    let ended = try await program("--junit", "j.xml", "s.ramp")
    #expect(ended.status == 1)
    #expect(try program.read("j.xml").contains("<error type=\"error\" message=\"s.ramp:1: the &#39; in column 6"))
  }
}
