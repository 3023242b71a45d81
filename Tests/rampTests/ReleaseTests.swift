import Foundation
import Processes
import TestPrograms
import TestWorld
import Testing

/// Two releases of a real project, from PyPI: what the second repaired is a row, and is graded end to end.
private enum Releases {
  static let name = "sqlparse"
  static let versions = ["0.5.0", "0.5.1"]

  /// The folder with the source of both releases; nil where PyPI is out of reach.
  static let folder = Task<String?, Never> {
    guard let folder = try? Scratch.newFolder() else { return nil }
    for version in versions {
      let script = """
        python3 -m pip download -q --no-deps --no-binary :all: \(name)==\(version) -d . &&
        tar xzf \(name)-\(version).tar.gz
        """
      let done = try? await Launcher.run(
        Command(
          "sh", ["-ec", script], environment: ProcessInfo.processInfo.environment, directory: folder,
          timeout: .seconds(180)))
      guard done?.succeeded == true else { return nil }
    }
    return folder
  }
}

@Suite(
  .enabled(if: TestWorld.hasSandbox, "bubblewrap is not there or may not work here"),
  .enabled("two releases of sqlparse cannot be had from PyPI") { await Releases.folder.value != nil })
struct `two releases of a real project` {
  @Test func `make a row that is graded in its own environment`() async throws {
    let releases = try #require(await Releases.folder.value)
    var program = try Program()
    // How the registry is reached.
    for (name, value) in ProcessInfo.processInfo.environment
    where ["PIP_", "SSL_", "REQUESTS_"].contains(where: name.hasPrefix) || name.lowercased().hasSuffix("_proxy") {
      program.environment[name] = value
    }
    let commit = """
      git add -A && git -c user.name=A -c user.email=a@example.org commit -qm
      """
    let script = """
      git init -q project && cd project
      cp -r '\(releases)/sqlparse-0.5.0/.' . && rm -rf .idea && \(commit) 'first' && git rm -rq .
      cp -r '\(releases)/sqlparse-0.5.1/.' . && rm -rf .idea && \(commit) 'The splitter takes CASE in BEGIN'
      git rev-parse HEAD
      """
    let made = try await Launcher.run(
      Command("sh", ["-ec", script], environment: program.environment, directory: program.folder))
    let head = String(decoding: made.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    try #require(head.count == 40)
    try program.write(
      #"[{"repo": "local/project", "python": "3", "packages": ["pytest==7.4.4"], "install": "-e ."}]"#, to: "specs.json"
    )
    let new = try await program(
      "-c", "set tests.environments specs.json; instance new --repo project --commit \(head) --out rows.jsonl")
    try #require(new.status == 0, "\(new.err)")
    let start = "load rows.jsonl; set repositories project; set tests.environments specs.json"
    let id = "local__project-\(head.prefix(7))"
    let preflight = try await program("--json", "-c", "\(start); preflight")
    #expect(preflight.out.contains(#""result":"sound""#), "\(preflight.out)\(preflight.err)")
    try program.write("I cannot tell.\n", to: "empty.md")
    let script2 = "\(start); model use gold; run \(id); model use scripted:empty.md; run \(id); show baseline"
    let ended = try await program("-c", script2)
    #expect(ended.status == 0, "\(ended.err)")
    #expect(ended.out.contains("  verdict    resolved\n"))
    #expect(ended.out.contains("  verdict    unresolved, no_edits_generated"))
    #expect(ended.out.contains("  sandbox: bwrap (network off"))
  }
}
