import Foundation
import Glibc
import Processes
import Repositories
import Testing

@testable import Workspaces

/// True where podman and runc are there, and this is root: an ordinary user's podman needs what few machines are set up
/// for.
private let hasPodman =
  geteuid() == 0
  && ["podman", "runc", "ldd"].allSatisfy {
    Launcher.find($0, path: ProcessInfo.processInfo.environment["PATH"]) != nil
  }

/// podman with all that it keeps in `folder`.
private func podman(in folder: String) throws -> ContainerEngine {
  // Where no limit can be raised, the engine's own are too high.
  try FileTree.write(
    bytes(
      """
      [containers]
      default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
      [engine]
      runtime = "runc"
      cgroup_manager = "cgroupfs"
      events_logger = "file"
      tmp_dir = "\(folder)/tmp"

      """), to: "containers.conf", under: folder)
  try FileTree.write(
    bytes("[storage]\ndriver = \"vfs\"\ngraphroot = \"\(folder)/graph\"\nrunroot = \"\(folder)/run\"\n"),
    to: "storage.conf", under: folder)
  var environment = ProcessInfo.processInfo.environment
  environment["CONTAINERS_CONF"] = "\(folder)/containers.conf"
  environment["CONTAINERS_STORAGE_CONF"] = "\(folder)/storage.conf"
  return ContainerEngine(
    executable: try #require(Launcher.find("podman", path: environment["PATH"])), environment: environment)
}

/// Makes an image of the harness's layout from programs of this machine: `/testbed` is a clone of `repository`.
private let imageScript = """
  root=$1; repository=$2; image=$3
  mkdir -p $root/tmp $root/root $root/etc $root/opt/miniconda3/bin $root/usr/bin $root/usr/lib $root/usr/lib64
  ln -s usr/bin $root/bin; ln -s usr/lib $root/lib; ln -s usr/lib64 $root/lib64
  put() { mkdir -p "$root$(dirname "$1")"; [ -e "$root$1" ] || cp -L "$1" "$root$1"; }
  python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
  lib=$(python3 -c 'import os; print(os.path.dirname(os.__file__))')
  programs=$(for name in bash setsid sleep tar rm git dirname env cat; do command -v $name; done)
  for file in $programs; do cp -L $file $root/usr/bin/; done
  put $python
  ldd $programs $python $(find $lib/lib-dynload -name '*.so') 2>/dev/null | grep -o '/[^ :)]*\\.so[^ :)]*' | sort -u |
    while read -r file; do put "$file"; done
  ln -s bash $root/usr/bin/sh; ln -s $python $root/usr/bin/python; ln -s $python $root/usr/bin/python3 || true
  mkdir -p $root$lib
  (cd $lib && tar -c --exclude=test --exclude=site-packages --exclude=idlelib --exclude=__pycache__ \\
    --exclude='config-*' --exclude=ensurepip --exclude=tkinter --exclude=lib2to3 .) | tar -x -C $root$lib
  echo 'export PATH=/usr/bin:/bin' >$root/opt/miniconda3/bin/activate
  git clone -q $repository $root/testbed
  tar -C $root -c . | podman import -q - $image
  """

private let image = "localhost/sweb.eval.x86_64.o_1776_n-1:latest"

/// Runs `body` with a workspace whose tests run in a container of an image with its commit.
private func withImage(
  _ files: [String: String], timeoutSeconds: Int = 60,
  _ body: (RepositoryWorkspace, ContainerEngine) async throws -> Void
) async throws {
  try await TemporaryFolder.use { store async throws in
    let engine = try podman(in: store)
    let options = WorkspaceOptions(
      sandbox: .container, timeoutSeconds: timeoutSeconds, memoryMB: 512, processes: 100, container: "podman")
    let world = Pythons(environment: engine.environment)
    try await withWorkspace(files, options, pythons: world) { workspace, folder async throws in
      let made = try await Launcher.run(
        Command(
          "bash", ["-ec", imageScript, "bash", "\(store)/root", "\(folder)/o/n.git", image],
          environment: engine.environment, timeout: .seconds(60), mergesErrorIntoOutput: true))
      try #require(made.succeeded, "\(String(decoding: made.output, as: UTF8.self))")
      try await body(workspace, engine)
      #expect(try await engine.tell(["ps", "--all", "--format", "{{.Names}}"]) == "")
    }
  }
}

private func probe(_ program: String, fixed: [String] = ["probe.py"], image: String? = image) -> TestRun {
  var asked = run(command: "python probe.py", files: fixed, changes: [change("probe.py", program)])
  asked.image = image
  return asked
}

@Suite(.serialized, .enabled(if: hasPodman, "podman or runc is not installed, or this is not root"))
struct `a run in a container` {
  @Test func `runs the tests of the changed tree in the row's image, and is held by it`() async throws {
    let files = ["probe.py": "", "gone.py": "", "test_a.py": "x = 1\n", "a/kept.py": "kept"]
    try await withImage(files) { workspace, engine async throws in
      var run = probe(
        """
        import os, socket, subprocess
        print(os.getcwd(), sorted(n for n in os.listdir(".") if n != ".git"), open("a/kept.py").read(), open("test_a.py").read())
        try: socket.create_connection(("192.0.2.1", 80), 2); print("reached")
        except OSError: print("no network")
        print([line for line in open("/proc/self/status") if line.startswith(("CapEff", "NoNewPrivs"))])
        subprocess.Popen(["setsid", "sleep", "5\(getpid())"])
        count = 0
        try:
            while count < 400:
                if os.fork() == 0: __import__("time").sleep(100); os._exit(0)
                count += 1
        except OSError: pass
        print(count < 100)
        """, fixed: ["test_a.py"])
      run.changes.append(change("gone.py", nil))
      run.testPatch = bytes("--- a/test_a.py\n+++ b/test_a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n")
      let log = try await workspace.runTests(run)
      #expect(
        text(log) == """
          /testbed ['a', 'probe.py', 'test_a.py'] kept x = 2

          no network
          ['CapEff:\\t0000000000000000\\n', 'NoNewPrivs:\\t1\\n']
          True

          """)
      #expect(log.ended && log.exit == 0)
      #expect(log.sandbox.hasPrefix("podman (\(image), network off, 512 MB, 100 processes, 60 s); "))
      #expect(log.python.split(separator: ".").count == 3)
      #expect(try living("5\(getpid())") == 0)

      let cheat = probe("open('test_a.py', 'w').write('x = 3')", fixed: ["test_a.py"])
      let cheated = try await workspace.runTests(cheat)
      #expect(
        !cheated.ended && cheated.sandbox.hasSuffix("; the tests changed test_a.py, so their log is not to be trusted"))

      // What a ramp that was killed has left.
      let left = "ramp-\(pid_t.max)-x"
      _ = try await engine.tell([
        "create", "--name", left, "--label", "ramp=1", "--entrypoint", "/bin/sleep", image, "9",
      ])
      try await engine.sweep()
    }
  }

  @Test func `ends when its time is up or it is cancelled, with all in it`() async throws {
    let program =
      "import subprocess, time\nsubprocess.Popen(['setsid', 'sleep', '6\(getpid())'])\nprint('up', flush=True)\ntime.sleep(90)"
    try await withImage(["probe.py": ""], timeoutSeconds: 4) { workspace, _ async throws in
      let log = try await workspace.runTests(probe(program))
      #expect(log.timedOut && log.started && !log.ended)
      #expect(try living("6\(getpid())") == 0)
      let running = Task { try await workspace.runTests(probe(program)) }
      for _ in 0..<300 where try living("6\(getpid())") == 0 { try await Task.sleep(for: .milliseconds(10)) }
      running.cancel()
      _ = await running.result
      #expect(try living("6\(getpid())") == 0)
    }
  }

  @Test func `pulls nothing, and says what to type`() async throws {
    try await TemporaryFolder.use { store async throws in
      let world = Pythons(environment: try podman(in: store).environment)
      let options = WorkspaceOptions(sandbox: .container, container: "podman")
      try await withWorkspace(["probe.py": ""], options, pythons: world) { workspace, _ async throws in
        var run = probe("", image: nil)
        await #expect(throws: WorkspaceError.noImage) { try await workspace.runTests(run) }
        run.instanceID = "Django__django-11000"
        let official = "swebench/sweb.eval.x86_64.django_1776_django-11000:latest"
        let missing = WorkspaceError.imageMissing(engine: "podman", image: official)
        await #expect(throws: missing) { try await workspace.runTests(run) }
        #expect(missing.recoverySuggestion == "`podman pull \(official)` gets it; it may take gigabytes")
      }
    }
  }
}

@Suite struct `the image of a row` {
  @Test(arguments: ["--privileged", "a b", "-", "$(x)", "./x"]) func `is no option and no path`(name: String) {
    let asked = probe("", image: name)
    #expect(throws: WorkspaceError.noImage) { try ContainerEngine.image(of: asked) }
  }
}

@Suite struct `an archive` {
  @Test func `is read by tar`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let long = String(repeating: "long/", count: 30) + "name"
      var archive = TarArchive()
      archive.add("a.txt", bytes("a"), isExecutable: false)
      archive.add(long, [UInt8](repeating: 7, count: 1024), isExecutable: true)
      archive.add("ü", [], isExecutable: false)
      let done = try await Launcher.run(
        Command("tar", ["-x", "-f", "-"], directory: folder, input: archive.bytes, mergesErrorIntoOutput: true))
      #expect(done.succeeded && done.output.isEmpty)
      #expect(try FileTree.read("a.txt", under: folder) == bytes("a"))
      #expect(try FileTree.read(long, under: folder)?.count == 1024)
      #expect(try FileTree.read("ü", under: folder) == [])
      #expect(FileManager.default.isExecutableFile(atPath: "\(folder)/\(long)"))
      #expect(TarArchive.file(in: archive.bytes) == bytes("a"))
    }
  }
}
