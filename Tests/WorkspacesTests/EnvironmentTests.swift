import Content
import Foundation
import Instances
import Processes
import Repositories
import Synchronization
import TestPrograms
import Testing

@testable import Workspaces

@Suite struct `specs of environments` {
  private func row(_ repo: String, _ version: String, command: String? = nil) -> Instance {
    Instance(
      id: "a__b-1", repo: repo, baseCommit: String(repeating: "0", count: 40), problemStatement: "", patch: "",
      testPatch: "", version: version, failToPass: [], passToPass: [], testCommand: command)
  }

  @Test func `are there for the rows of SWE-bench Lite`() throws {
    for (repo, version) in [
      ("django/django", "3.0"), ("sympy/sympy", "1.12"), ("pytest-dev/pytest", "8.0"), ("sphinx-doc/sphinx", "5.1"),
      ("astropy/astropy", "5.1"), ("matplotlib/matplotlib", "3.7"), ("mwaskom/seaborn", "0.12"),
      ("pallets/flask", "2.3"), ("psf/requests", "2.3"), ("pydata/xarray", "0.12"), ("pylint-dev/pylint", "2.15"),
      ("scikit-learn/scikit-learn", "0.20"),
    ] {
      #expect(try SpecSource.builtin.spec(for: row(repo, version)) != nil, "\(repo) \(version)")
    }
    #expect(try SpecSource.builtin.spec(for: row("django/django", "3.0", command: "unittest")) == nil)
    #expect(try SpecSource.builtin.spec(for: row("acme/anvil", "3.0")) == nil)
    #expect(try SpecSource.off.spec(for: row("django/django", "3.0")) == nil)
  }

  @Test func `name no version of a repository twice`() {
    let names = BuiltinSpecs.all.flatMap { spec in spec.versions.map { "\(spec.repo) \($0)" } }
    #expect(Set(names).count == names.count)
  }

  @Test func `are read from a file of ours and from the harness's table`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let own = "\(folder)/own.json"
      try FileTree.write(
        bytes(#"[{"repo": "acme/anvil", "python": "3.11", "packages": ["six"], "test": "x {files}"}]"#), to: "own.json",
        under: folder)
      let spec = try #require(try SpecSource(own).spec(for: row("acme/anvil", "9", command: "pytest {files}")))
      #expect(spec.packages == ["six"] && spec.install == "-e ." && spec.tools == EnvironmentSpec.usualTools)
      // Those that ramp brings are behind it.
      #expect(try SpecSource(own).spec(for: row("django/django", "3.0"))?.python == "3.6")
      try FileTree.write(
        bytes(
          #"{"acme/anvil": {"1.0": {"python": "3.9", "packages": "'numpy<2' six", "pip_packages": ["a==1"],"#
            + #" "install": "python -m pip install -v --no-use-pep517 -e .[test]", "pre_install": ["apt-get x", "sed -i s/a/b/ c"],"#
            + #" "test_cmd": "tox --current-env -epy39 -v --"}}}"#), to: "table.json", under: folder)
      let source = try SpecSource("\(folder)/table.json")
      let official = try #require(try source.spec(for: row("acme/anvil", "1.0")))
      #expect(
        official.packages == ["numpy<2", "six", "a==1", "pytest"] && official.install == "--no-use-pep517 -e .[test]")
      #expect(official.prepare == ["sed -i s/a/b/ c"] && official.test == "python -X dev -m pytest -rA {files}")
      // The file is another now.
      try FileTree.write(bytes("[]"), to: "table.json", under: folder)
      #expect(throws: WorkspaceError.self) { try source.spec(for: row("acme/anvil", "1.0")) }
      for (name, text) in [
        ("a.json", "{"), ("b.json", "3"), ("c.json", #"[{"repo": 3}]"#),
        ("d.json", #"[{"repo": "a/b", "python": "3/../../x"}]"#),
      ] {
        try FileTree.write(bytes(text), to: name, under: folder)
        #expect(throws: WorkspaceError.self, "\(text)") { try SpecSource("\(folder)/\(name)") }
      }
      #expect(throws: WorkspaceError.badSpecs(path: "/nowhere", reason: "it cannot be read")) {
        try SpecSource("/nowhere")
      }
    }
  }

  @Test func `are made with the uv that is a program, not with a script in its place`() async throws {
    try await TemporaryFolder.use { folder async throws in
      for name in ["shims", "bin"] { try FileTree.makeFolder(name, under: folder) }
      try FileTree.write(bytes("#!/bin/sh\nexec uv\n"), to: "shims/uv", under: folder)
      chmod("\(folder)/shims/uv", 0o755)
      let path = "\(folder)/shims:\(folder)/bin:relative"
      #expect(EnvironmentWorkshop.uv(["PATH": path]) == nil && EnvironmentWorkshop.uv([:]) == nil)
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/bin/uv", withDestinationPath: "/bin/true")
      #expect(EnvironmentWorkshop.uv(["PATH": path]) == "\(folder)/bin/uv")
    }
  }

  @Test func `become a script in which no word is the shell's`() {
    let spec = EnvironmentSpec(
      repo: "a/b", versions: ["1"], python: "3.9", requirements: ["r $(touch x).txt"], leaveOut: ["a;b"],
      packages: ["x; touch y"])
    let script = spec.script(python: "/usr/bin/python3", version: "1.2", uv: nil)
    #expect(script.contains("install 'x; touch y'\n"))
    #expect(script.contains("<'r $(touch x).txt' >'r $(touch x).txt'.ramp"))
    #expect(script.contains("SETUPTOOLS_SCM_PRETEND_VERSION=1.2\n"))
    // What uv cannot build any more, pip may.
    let quick = spec.script(python: "/usr/bin/python3", version: "1.2", uv: "/opt/u v")
    #expect(
      quick.contains(
        "step '/opt/u v' pip install --no-cache --python /opt/environment/bin/python \"$@\" || step python -m pip"))
  }
}

/// True where a virtual environment can be made: by uv, or by what the Python has for it.
private let canMakeOne: Bool = {
  if EnvironmentWorkshop.uv(ProcessInfo.processInfo.environment) != nil { return true }
  let child = try? Child("python3", ["-c", "import ensurepip, venv"], readsErrors: true)
  return child?.wait() == 0
}()

@Suite struct `the news of an installation` {
  private let first = EnvironmentNews(name: "o/n 1", python: "3.11.2", executable: "/p", step: .venv, line: "")

  @Test func `are its steps, each with the last whole line that was written`() {
    var reader = InstallationReader(first)
    let start = ContinuousClock.now
    func isNews(_ text: String, after seconds: Int) -> Bool { reader.take(bytes(text), at: start + .seconds(seconds)) }
    let isFirst = isNews("== step: virtual environment\n", after: 0)
    let isPart = isNews("== step: pack", after: 1)
    #expect(!isFirst && !isPart)
    let isNext = isNews("ages\n\nCollecting six\nDownl", after: 3)
    #expect(isNext && reader.news.step == .packages && reader.news.line == "Collecting six")
    let isLine = isNews("oading 1 kB\r", after: 4)
    #expect(isLine && reader.news.line == "Downloading 1 kB")
    // A strange package's script takes no step back and none twice.
    let isStrange = isNews("== step: virtual environment\n== step: nonsense\n", after: 4)
    #expect(!isStrange && reader.news.step == .packages)
    let isTree = isNews("== step: the tree\n", after: 5)
    #expect(isTree && reader.news.step == .tree && reader.news.line == "")
    let parts = reader.parts(until: start + .seconds(12))
    #expect(parts.map(\.step) == [.venv, .packages, .tree])
    #expect(parts.map(\.duration) == [.seconds(3), .seconds(2), .seconds(7)])
  }

  @Test func `keep no line of any length`() {
    var reader = InstallationReader(first)
    _ = reader.take([UInt8](repeating: 120, count: 1 << 20) + [10])
    #expect(reader.news.line.utf8.count == 2000)
  }
}

@Suite(.enabled(if: hasSandbox, "bubblewrap is not there or may not work here"))
struct `a Python without a way to make environments` {
  @Test func `is named, with what brings one, and is asked again at once`() async throws {
    try await TemporaryFolder.use { folder async throws in
      // The modules are hidden, as on a Debian without python3-venv.
      let python = try await pythons.python("python3")
      let stub = """
        #!/bin/sh
        case "$*" in *ensurepip*|*virtualenv*|*"venv, pip"*) exit 1;; esac
        exec \(python.executable) "$@"
        """
      try FileTree.write(bytes(stub), to: "stub", under: folder)
      let spec = EnvironmentSpec(repo: "o/n", versions: ["1"], python: "3")
      let script = spec.script(python: "\(folder)/stub", version: "1", uv: nil)
      chmod("\(folder)/stub", 0o755)
      let done = try await Launcher.run(
        Command(
          "/bin/bash", [], environment: ["PATH": Launcher.defaultPath], directory: folder, input: bytes(script),
          timeout: .seconds(60), mergesErrorIntoOutput: true))
      #expect(done.ending == .exited(EnvironmentSpec.hasNoVenv))
      #expect(String(decoding: done.output, as: UTF8.self) == "== step: virtual environment\n")
      let error = WorkspaceError.noVenv(python: "/usr/bin/python3", version: "3.11.2")
      #expect(error.localizedDescription.contains("/usr/bin/python3 (Python 3.11.2) cannot make one"))
      #expect(error.recoverySuggestion?.contains("`apt install python3.11-venv`") == true)
      #expect(error.isOfEnvironment)
    }
  }
}

@Suite(
  .enabled(if: hasSandbox, "bubblewrap is not there or may not work here"),
  .enabled(if: canMakeOne, "python3 has no ensurepip, and uv is not here: `apt install python3-venv`"))
struct `an environment` {
  private let files = [
    "setup.py": "from setuptools import setup; setup(name='anvil', version='1', py_modules=['anvil'])\n",
    "anvil.py": "WEIGHT = 3\n",
    "probe.py":
      "import anvil, sys; from importlib.metadata import version; print(anvil.WEIGHT, version('anvil'), sys.prefix)\n",
  ]

  /// Runs `body` with a workspace whose environment is that of `spec`, and the folder of environments.
  private func withEnvironment(
    _ spec: EnvironmentSpec, files: [String: String], _ body: (RepositoryWorkspace, String) async throws -> Void
  ) async throws {
    try await TemporaryFolder.use { folder async throws in
      let commit = FastImport.Commit(
        message: "first\n", author: "A <a@example.org>", date: 1_000_000_000, files: files.mapValues(bytes))
      let ids = try await FastImport(git: git).make([commit], at: "\(folder)/o/n.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let tree = try await mirrors.mirror(of: "o/n").tree(at: ids[0])
      let environments = Environments(root: "\(folder)/environments")
      let workspace = RepositoryWorkspace(
        tree, options: WorkspaceOptions(timeoutSeconds: 120), git: git, pythons: pythons,
        environment: RepositoryWorkspace.Need(spec, version: "1", tree: tree, in: environments))
      try await body(workspace, "\(folder)/environments")
    }
  }

  private func spec(
    python: String = "3", packages: [String] = [], prepare: [String] = [], install: String = "--no-build-isolation -e ."
  ) -> EnvironmentSpec {
    EnvironmentSpec(
      repo: "o/n", versions: ["1"], python: python, tools: [], packages: packages, prepare: prepare, install: install,
      test: "python {files}", variables: ["COLOUR": "blue"])
  }

  @Test func `is made once, serves every tree, and is read-only`() async throws {
    // Nothing is fetched: a Python from 3.12 on brings no setuptools.
    let python = try await pythons.python("python3")
    let brings = (python.version.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 99) < 12
    let files = brings ? files : files.filter { $0.key != "setup.py" }
    let spec = brings ? spec(python: python.version) : spec(python: python.version, install: "")
    try await withEnvironment(spec, files: files) { workspace, root async throws in
      let heavy = [change("anvil.py", "WEIGHT = 5\n")]
      let heard = Mutex<[EnvironmentNews]>([])
      async let other = workspace.prepare { _ in }
      let made = try #require(try await workspace.prepare { news in heard.withLock { $0.append(news) } })
      #expect(try await other?.parts == made.parts)
      #expect(made.name == "o/n 1" && made.parts.map(\.step) == [.venv, .packages, .tree])
      #expect(made.python == python.version && made.duration > .zero)
      // Each step is told, and in order.
      let steps = heard.withLock { $0.map(\.step) }.reduce(into: [EnvironmentNews.Step]()) { steps, step in
        if steps.last != step { steps.append(step) }
      }
      #expect(steps.suffix(2) == [.packages, .tree])
      #expect(try await workspace.prepare { _ in } == nil)
      let log = try await workspace.runTests(run(files: ["probe.py"], changes: brings ? heavy : []))
      if brings { #expect(text(log) == "5 1 /opt/environment\n") }
      let folders = try FileManager.default.contentsOfDirectory(atPath: root)
      #expect(folders.count == 1 && folders[0].hasPrefix("o__n-1-"))
      let stamp = try FileManager.default.attributesOfItem(atPath: "\(root)/\(folders[0])/setup.log")[.modificationDate]
      let again = try await workspace.runTests(
        run(
          command: "python -c 'import os; print(os.environ[\"COLOUR\"]); open(\"/opt/environment/x\", \"w\")'",
          files: ["probe.py"]))
      #expect(text(again).contains("blue\n") && text(again).contains("Read-only file system"))
      let now = try FileManager.default.attributesOfItem(atPath: "\(root)/\(folders[0])/setup.log")[.modificationDate]
      #expect(stamp as? Date == now as? Date)
    }
  }

  @Test func `that cannot be made says so with its last lines, and where all of them are`() async throws {
    try await withEnvironment(spec(prepare: ["echo 'ERROR: no anvil' >&2; exit 3"]), files: files) {
      workspace, root async throws in
      let error = await #expect(throws: WorkspaceError.self) {
        try await workspace.runTests(run(files: ["probe.py"]))
      }
      guard case .environmentFailed("o/n 1", let lines, let log?)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(lines == ["ERROR: no anvil"])
      #expect(try String(contentsOfFile: log, encoding: .utf8).contains("ERROR: no anvil"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: root).allSatisfy { $0.hasSuffix(".log") })
    }
  }

  @Test(.enabled("slirp4netns is not there") { Launcher.find("slirp4netns", path: nil) != nil })
  func `reaches no socket of the machine's while it is made`() async throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bind(listener, address, size)
        _ = listen(listener, 1)
        _ = getsockname(listener, address, &size)
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
    let script = """
      cat >/tmp/try.py <<'END'
      import socket
      for address in [("127.0.0.1", \(port)), ("198.18.71.2", \(port)), ("10.0.2.2", \(port))]:
          try: socket.create_connection(address, 2); raise SystemExit("reached")
          except OSError: pass
      END
      python /tmp/try.py
      """
    try await withEnvironment(spec(prepare: [script], install: ""), files: files) { workspace, root in
      let log = try await workspace.runTests(
        run(files: ["probe.py"], changes: [change("probe.py", "print('ran')\n")]))
      #expect(text(log) == "ran\n")
      let made = try #require(try FileManager.default.contentsOfDirectory(atPath: root).first)
      let said = try String(contentsOfFile: "\(root)/\(made)/setup.log", encoding: .utf8)
      // Where slirp4netns does not work, that is said, and this is not what is tried here.
      #expect(said.hasPrefix("== sandbox: bwrap (network of its own by slirp4netns)\n"))
      #expect(!log.sandbox.contains("machine's own network"))
    }
  }

  @Test func `of a Python that nobody has says so`() async throws {
    try await withEnvironment(spec(python: "3.99"), files: files) { workspace, _ in
      await #expect(throws: WorkspaceError.noPythonVersion("3.99")) {
        try await workspace.runTests(run(files: ["probe.py"]))
      }
    }
  }

  @Test func `is made where neither the home nor the machine can be written to or read`() async throws {
    try await TemporaryFolder.use { canary async throws in
      try FileTree.write(bytes("secret"), to: "key", under: canary)
      let script =
        "cat '\(canary)/key' && exit 9; touch /usr/x /etc/x \(canary)/x && exit 9; ls \(NSHomeDirectory())/.ssh && exit 9; :"
      try await withEnvironment(spec(prepare: [script], install: ""), files: files) { workspace, _ in
        let log = try await workspace.runTests(
          run(files: ["probe.py"], changes: [change("probe.py", "print('ran')\n")]))
        #expect(text(log) == "ran\n")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: canary) == ["key"])
    }
  }
}
