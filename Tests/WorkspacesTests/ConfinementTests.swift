import Foundation
import Glibc
import Processes
import Repositories
import TestPrograms
import Testing

@testable import Workspaces

/// The ramp that was built beside these tests, which starts itself anew to shut tests in.
private let launcher: String? = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return [Bundle.main.executableURL?.deletingLastPathComponent(), root.appendingPathComponent(".build/debug")]
    .compactMap { $0?.appendingPathComponent("ramp").path }.first { FileManager.default.isExecutableFile(atPath: $0) }
}()

private let confining = Pythons(launcher: launcher)

/// True where there is a ramp, and this kernel lets it shut a program in.
private let hasLandlock: Bool = {
  guard let launcher else { return false }
  let child = try? Child(
    launcher, [Confinement.word, "read", "/", "--", "/bin/true"], readsErrors: true)
  return child?.wait() == 0
}()

/// A Python that every user can reach: root's own may lie in root's home.
private let systemPython = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// What users other than ramp's can reach. It makes a difference to root alone, whose tests become another user.
enum Way: Int, CaseIterable {
  /// The Python, and the folder that trees are made in.
  case open
  /// The Python alone, as with a TMPDIR of mode 700.
  case closedTree
  /// The folder of trees alone, as with a Python in root's home.
  case closedPython

  /// True when the tests become a user of their own.
  var becomesUser: Bool { geteuid() == 0 && self != .closedPython && systemPython != nil }
}

private let ways: [Way] = geteuid() == 0 ? Way.allCases : [.open]

/// What a Python program says when it runs as the tests of a commit do, shut in by Landlock.
///
/// Where ramp is root, the program becomes a user of its own if it can reach the Python; else it is root without a right.
private func confined(
  _ program: String, way: Way, timeoutSeconds: Int = 60, memoryMB: Int = 4096, processes: Int = 256,
  files: [String: String] = [:], fixed: [String] = ["probe.py"], diskMB: Int = WorkspaceOptions.usualDiskMB
) async throws -> TestLog {
  try await withPython(way) { python in
    let options = WorkspaceOptions(
      sandbox: .landlock, timeoutSeconds: timeoutSeconds, python: python, memoryMB: memoryMB, processes: processes,
      diskMB: diskMB)
    let files = files.merging(["probe.py": program]) { $1 }
    return try await withWorkspace(files, options, pythons: confining, isOpen: way != .closedTree) { workspace, _ in
      try await workspace.runTests(run(command: "python3 probe.py", files: fixed))
    }
  }
}

/// Runs `body` with a Python that others can reach, or cannot.
private func withPython<Value: Sendable>(_ way: Way, _ body: (String) async throws -> Value) async throws -> Value {
  let python = systemPython ?? "python3"
  guard way == .closedPython else { return try await body(python) }
  return try await TemporaryFolder.use { folder async throws in
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/python3", withDestinationPath: Launcher.find(python, path: Launcher.defaultPath) ?? python)
    return try await body("\(folder)/python3")
  }
}

/// What a hostile test tries where Landlock holds it, and what it gets.
@Suite(.enabled(if: hasLandlock, "Landlock does not work here, or there is no ramp")) struct `a test that is shut in` {
  @Test(arguments: ways) func `works as others do, and its log says what holds it and what is missing`(
    way: Way
  ) async throws {
    let log = try await confined(
      """
      import os, subprocess, multiprocessing, tempfile, shutil, socket, asyncio
      print(os.getcwd(), os.path.expanduser("~"), tempfile.gettempdir(), os.getuid())
      print(subprocess.run(["sh", "-c", "echo shell"], capture_output=True, text=True).stdout, end="")
      with tempfile.TemporaryDirectory() as folder:
          shutil.copy("probe.py", folder); shutil.copytree(".", os.path.join(folder, "t"))
          print(sorted(os.listdir(folder)))
      left, right = socket.socketpair(); left.send(b"x"); print(right.recv(1))
      async def add(): await asyncio.sleep(0); return 3
      print(asyncio.run(add()), open("/dev/null").read() == "")
      os.makedirs("made/here"); os.rename("made", "moved"); os.remove("other.py"); print(sorted(os.listdir(".")))
      """, way: way, files: ["other.py": ""])
    #expect(log.started && log.ended && log.exit == 0)
    let user = text(log).split(separator: "\n").first?.split(separator: " ").last ?? ""
    #expect(way.becomesUser ? (UInt32(user) ?? 0) >= 0x7000_0000 : user == "\(geteuid())")
    #expect(
      text(log) == """
        /testbed /home/ramp /tmp \(user)
        shell
        ['probe.py', 't']
        b'x'
        3 True
        ['moved', 'probe.py']

        """)
    #expect(log.sandbox.hasPrefix("landlock only (network off, files of yours out of reach, 4096 MB, "))
    #expect(log.sandbox.contains("no /testbed, no private /tmp, no /proc, no sockets"))
  }

  @Test(arguments: ways) func `reads and lists no file of the machine's but the system's`(way: Way)
    async throws
  {
    try await TemporaryFolder.use { folder async throws in
      try FileTree.write(bytes("secret"), to: "secret", under: folder)
      chmod(folder, 0o755)
      let log = try await confined(
        """
        import os
        for path in ["/etc/shadow", "/etc/hostname", "\(folder)/secret", "/proc/self/environ", "/proc/1/cmdline",
                     "\(#filePath)"]:
            try: open(path).read(); print("read", path)
            except OSError: pass
        for path in ["/", "/root", "/home", "/tmp", "/var", "/proc", "\(NSHomeDirectory())", "\(folder)", ".."]:
            try: os.listdir(path); print("listed", path)
            except OSError: pass
        os.symlink("/etc/shadow", "link")
        try: print(open("link").read())
        except OSError: print("held")
        try: os.link("\(folder)/secret", "hard"); print(open("hard").read())
        except OSError: print("held")
        """, way: way)
      #expect(text(log) == "held\nheld\n")
    }
  }

  @Test(arguments: ways) func `writes nowhere but in its copy and its temporary folders`(way: Way)
    async throws
  {
    try await TemporaryFolder.use { folder async throws in
      try FileTree.write(bytes("mine"), to: "mine", under: folder)
      chmod(folder, 0o777)
      chmod("\(folder)/mine", 0o666)
      let log = try await confined(
        """
        import os
        for folder in ["/", "/usr", "/usr/lib", "/etc", "/root", "/var/tmp", "/tmp", "/dev/shm", "..", "\(folder)",
                       os.path.dirname(os.__file__), ".", os.environ["TMPDIR"], os.path.expanduser("~")]:
            try:
                with open(os.path.join(folder, "ramp-was-here"), "w") as file: file.write("x")
                print("wrote", folder)
            except OSError: pass
        path = "\(folder)/mine"
        for act in [lambda: open(path, "a"), lambda: os.truncate(path, 0), lambda: os.remove(path),
                    lambda: os.rename(path, "mine"), lambda: os.mkdir("\(folder)/new"),
                    lambda: os.rename("probe.py", "\(folder)/new"), lambda: os.mkfifo("\(folder)/new")]:
            try: act(); print("done")
            except OSError: pass
        try: os.chmod(path, 0)
        except OSError: pass
        # A file that can be read, and that belongs to this user where it is root's still. The mode that it has already.
        readable = os.open(os.__file__, os.O_RDONLY)
        before = os.fstat(readable)
        for act in [lambda: os.fchmod(readable, before.st_mode & 0o7777), lambda: os.setxattr(readable, "user.x", b"x"),
                    lambda: os.fchown(readable, before.st_uid, before.st_gid)]:
            try: act()
            except OSError: pass
        if os.fstat(readable).st_ctime_ns != before.st_ctime_ns: print("changed a mode")
        """, way: way)
      #expect(text(log) == "wrote .\nwrote /tmp\nwrote /home/ramp\n")
      #expect(try FileTree.read("mine", under: folder) == bytes("mine"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["mine"])
      var status = stat()
      #expect(stat("\(folder)/mine", &status) == 0 && status.st_mode & 0o777 == 0o666)
    }
  }

  @Test(arguments: ways) func `reaches no socket`(way: Way) async throws {
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
    let name = "ramp-tests-\(getpid())-\(way)"
    let waiting = try Child(
      "python3",
      [
        "-c",
        "import socket; s = socket.socket(1); s.bind('\\0\(name)'); s.listen(); print('up', flush=True); s.accept()",
      ])
    #expect(await waiting.line() == "up")
    defer { waiting.send(SIGKILL) }
    let log = try await confined(
      """
      import socket
      for family, kind, address in [(socket.AF_INET, 1, ("127.0.0.1", \(port))), (socket.AF_UNIX, 1, "\\0\(name)"),
                                    (socket.AF_UNIX, 2, "/dev/log"), (socket.AF_INET6, 2, ("::1", 53)),
                                    (socket.AF_NETLINK, 3, (0, 0)), (socket.AF_PACKET, 3, ("lo", 0))]:
          try: socket.socket(family, kind).connect(address); print("reached", address)
          except OSError as error: print(type(error).__name__)
      for kind in [socket.SOCK_DGRAM, socket.SOCK_RAW]:
          try: socket.socketpair(socket.AF_UNIX, kind); print("a pair")
          except OSError as error: print(type(error).__name__)
      left, right = socket.socketpair()
      try: left.connect("\\0\(name)"); print("reached")
      except OSError as error: print(type(error).__name__)
      """, way: way)
    #expect(text(log) == String(repeating: "PermissionError\n", count: 9))
  }

  @Test(arguments: ways) func `changes neither the mirror nor the next run`(way: Way) async throws {
    let probe = "print(open('a.py').read())\nopen('a.py', 'w').write('changed')\n"
    let options = WorkspaceOptions(sandbox: .landlock, timeoutSeconds: 60, python: systemPython ?? "python3")
    try await withWorkspace(["probe.py": probe, "a.py": "a"], options, pythons: confining, isOpen: way != .closedTree) {
      workspace, folder in
      let mirrors = "import os\nfor f in ['\(folder)/o/n.git/HEAD', '\(folder)/cache']:\n"
      let objects = "\(folder)/o/n.git/objects"
      let before = try FileManager.default.subpathsOfDirectory(atPath: objects)
      for _ in 0..<2 {
        let log = try await workspace.runTests(run(command: "python3 probe.py", files: ["probe.py"]))
        #expect(text(log) == "a\n")
      }
      let hostile = run(
        command: "python3 hostile.py", files: ["probe.py"],
        changes: [
          change(
            "hostile.py",
            mirrors
              + "    try: open(f if f.endswith('D') else f + '/x', 'w'); print('wrote', f)\n    except OSError: pass\n")
        ])
      #expect(text(try await workspace.runTests(hostile)) == "")
      #expect(try FileManager.default.subpathsOfDirectory(atPath: objects) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/scratch").isEmpty)
    }
  }

  @Test(arguments: ways) func `leaves no child behind`(way: Way) async throws {
    let seconds = "\(way.rawValue + 1)\(getpid())"
    let log = try await confined(
      """
      import os, subprocess
      subprocess.Popen(["setsid", "sleep", "\(seconds)"])
      if os.fork() == 0:
          os.setsid()
          if os.fork() == 0: os.execvp("sleep", ["sleep", "\(seconds)"])
          os._exit(0)
      print("gone")
      """, way: way)
    #expect(text(log) == "gone\n" && log.ended)
    #expect(try living(seconds) == 0)
  }

  @Test(arguments: ways) func `ends when its time is up, with all its children`(way: Way) async throws {
    let seconds = "\(way.rawValue + 4)\(getpid())"
    let log = try await confined(
      """
      import signal, subprocess, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      subprocess.Popen(["setsid", "sleep", "\(seconds)"])
      print("waiting", flush=True)
      time.sleep(100)
      """, way: way, timeoutSeconds: 12)
    #expect(log.timedOut && log.started && !log.ended && log.exit == nil)
    #expect(try living(seconds) == 0)
  }

  @Test(arguments: ways) func `gets no more processes and no more memory than it may have`(way: Way)
    async throws
  {
    let log = try await confined(
      """
      import os, time
      try: x = bytearray(600 << 20); print("got it")
      except MemoryError: print("refused")
      count = 0
      try:
          while count < 400:
              if os.fork() == 0: time.sleep(100); os._exit(0)
              count += 1
      except OSError: pass
      # Another run of the same user may have had its hundred while these were counted.
      print(count < 350)
      """, way: way, memoryMB: 256, processes: 100)
    // Where ramp is root, the tests cannot become another user and there is no control group, the log says so.
    #expect(text(log) == (log.sandbox.contains("no process limit") ? "refused\nFalse\n" : "refused\nTrue\n"))
  }

  @Test(arguments: ways) func `signals, traces and changes no process outside`(way: Way) async throws {
    let victim = try Child("sleep", ["60"])
    defer { victim.send(SIGKILL) }
    let log = try await confined(
      """
      import ctypes, os, resource, signal
      libc = ctypes.CDLL(None, use_errno=True)
      for process in [\(victim.process), \(getpid()), 1]:
          for act in [lambda: os.kill(process, signal.SIGTERM), lambda: os.kill(process, 0),
                      lambda: resource.prlimit(process, resource.RLIMIT_CORE, (0, 0)),
                      lambda: os.setpriority(os.PRIO_PROCESS, process, 19),
                      lambda: os.sched_setaffinity(process, {0})]:
              try: act(); print("done", process)
              except OSError: pass
          print(libc.ptrace(16, process, 0, 0))
      try: os.kill(os.fork() or os.getpid(), signal.SIGKILL); print("own children")
      except OSError as error: print(error)
      """, way: way)
    #expect(text(log) == "-1\n-1\n-1\nown children\n")
    #expect(kill(victim.process, 0) == 0)
  }

  @Test(arguments: ways) func `makes no name space, no mount and no root of its own`(way: Way) async throws {
    let log = try await confined(
      """
      import ctypes, os
      libc = ctypes.CDLL(None, use_errno=True)
      print(os.system("unshare -Ur true 2>/dev/null") == 0)
      for answer in [libc.unshare(0x10000000), libc.mount(b"none", b".", b"tmpfs", 0, None), libc.chroot(b"."),
                     libc.syscall(425, 1, 0), libc.syscall(435, 0, 0), libc.setuid(0) if os.getuid() else -1]:
          print(answer)
      """, way: way)
    #expect(text(log) == "False\n" + String(repeating: "-1\n", count: 6))
  }

  @Test(arguments: ways) func `reaches nothing that others keep in the kernel, not by its number either`(
    way: Way
  ) async throws {
    let memory = shmget(IPC_PRIVATE, 4096, 0o1666)
    let semaphores = semget(IPC_PRIVATE, 1, 0o1666)
    let queue = msgget(IPC_PRIVATE, 0o1666)
    defer {
      shmctl(memory, IPC_RMID, nil)
      msgctl(queue, IPC_RMID, nil)
    }
    let log = try await confined(
      """
      import ctypes, os
      libc = ctypes.CDLL(None, use_errno=True)
      room = ctypes.create_string_buffer(512)
      libc.shmat.restype = ctypes.c_long
      print(libc.shmat(\(memory), None, 0), libc.shmctl(\(memory), 2, room), libc.semctl(\(semaphores), 0, 12, 0),
            libc.semop(\(semaphores), room, 1), libc.msgrcv(\(queue), room, 64, 0, 2048), libc.msgctl(\(queue), 2, room),
            libc.inotify_init1(0))
      """, way: way)
    #expect(text(log) == "-1 -1 -1 -1 -1 -1 -1\n")
  }

  @Test(arguments: ways) func `sets no time of a file outside`(way: Way) async throws {
    try await TemporaryFolder.use { folder async throws in
      try FileTree.write(bytes("mine"), to: "mine", under: folder)
      chmod(folder, 0o755)
      var before = stat()
      #expect(stat("\(folder)/mine", &before) == 0)
      _ = try await confined(
        """
        import os
        for act in [lambda: os.utime("\(folder)/mine", (1, 1)), lambda: os.utime("\(folder)", (1, 1))]:
            try: act()
            except OSError: pass
        """, way: way)
      var after = stat()
      #expect(stat("\(folder)/mine", &after) == 0)
      #expect(after.st_mtim.tv_sec == before.st_mtim.tv_sec && after.st_ctim.tv_nsec == before.st_ctim.tv_nsec)
    }
  }

  @Test(arguments: ways) func `writes no more than it may`(way: Way) async throws {
    let log = try await confined(
      """
      import time
      for number in range(64):
          with open(f"fill-{number}", "wb") as file:
              for _ in range(16): file.write(bytes(1 << 20))
      time.sleep(30)
      """, way: way, diskMB: 64)
    #expect(log.limits == [.disk] && !log.ended && !log.timedOut && log.started)
  }

  @Test(
    arguments: [
      "open('a/test_later.py', 'w').write('changed')",
      // What is put back is seen too.
      "t = open('a/test_later.py').read(); open('a/test_later.py', 'w').write('x'); open('a/test_later.py', 'w').write(t)",
      "import os; os.rename('a', 'b'); os.mkdir('a'); os.rmdir('a'); os.rename('b', 'a')",
      "import os, shutil; shutil.copy('a/test_later.py', 'c'); os.replace('c', 'a/test_later.py')",
      "import os; os.remove('a/test_later.py')", "import shutil; shutil.rmtree('a', ignore_errors=True)",
    ], ways) func `cannot change the files whose tests run without being found out`(
      program: String, way: Way
    ) async throws
  {
    let guarded = "try:\n    \(program)\nexcept OSError: pass\n"
    let log = try await confined(
      guarded + "print(open('a/test_later.py').read() if __import__('os').path.exists('a/test_later.py') else 'gone')",
      way: way, files: ["a/test_later.py": "untouched"], fixed: ["probe.py", "a/test_later.py"])
    // Where the tests became another user, the kernel keeps the files as they are.
    let isKept = log.ended && text(log) == "untouched\n"
    let isFound = !log.ended && log.sandbox.contains("not to be trusted")
    #expect(isKept || isFound)
    #expect(way.becomesUser ? isKept : true)
  }

  @Test(arguments: ways) func `may write beside the files whose tests run`(way: Way) async throws {
    let log = try await confined(
      "import os; open('a/new', 'w').write('x'); os.remove('a/new'); open('new', 'w'); os.mkdir('a/d'); print('fine')",
      way: way, files: ["a/test_later.py": "", "a/b.py": ""], fixed: ["probe.py", "a/test_later.py"])
    #expect(text(log) == "fine\n" && log.ended)
  }
}

@Suite(.enabled(if: hasLandlock, "Landlock does not work here, or there is no ramp")) struct `the ladder` {
  private let empty = "/nowhere"

  private func rung(_ choice: SandboxChoice, _ ladder: Ladder, path: String) async throws -> Rung {
    try await ladder.rung(choice, python: try await confining.python("python3"), scratch: nil, path: path)
  }

  @Test func `goes down to Landlock where there is no bubblewrap, and says how to get it`() async throws {
    guard case .landlock(_, instead: let missing) = try await rung(.on, confining.ladder, path: empty) else {
      Issue.record("another rung")
      return
    }
    #expect(missing == .noSandbox)
    #expect(missing?.remedy == "`apt install bubblewrap`")
  }

  @Test func `has nothing below Landlock but what is typed`() async throws {
    let short = Ladder(launcher: nil)
    await #expect(throws: WorkspaceError.noSandbox) { _ = try await rung(.on, short, path: empty) }
    await #expect(throws: WorkspaceError.noSandbox) { _ = try await rung(.bwrap, confining.ladder, path: empty) }
    let error = await #expect(throws: WorkspaceError.self) { _ = try await rung(.landlock, short, path: empty) }
    #expect(error?.recoverySuggestion?.contains("/sys/kernel/security/lsm") == true)
    guard case .none = try await rung(.off, short, path: empty) else {
      Issue.record("another rung")
      return
    }
  }

  @Test func `takes no launcher that holds nothing`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let script = "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\"\n"
      try FileTree.write(bytes(script), to: "fake", under: folder, isExecutable: true)
      await #expect(throws: WorkspaceError.landlockUnusable(reason: "it holds nothing")) {
        _ = try await rung(.landlock, Ladder(launcher: "\(folder)/fake"), path: empty)
      }
    }
  }
}

/// True where these tests can be run by another user than root, who runs them now.
private let canBeRunByOthers =
  geteuid() == 0
  && (try? Child("setpriv", ordinary + ["test", "-x", Bundle.main.executablePath ?? ""], readsErrors: true))?.wait()
    == 0

/// The words that make `setpriv` run a program as an ordinary user.
private let ordinary = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]

@Suite(
  .enabled(if: hasLandlock && canBeRunByOthers, "no Landlock, no setpriv, not root, or a folder that is root's own"))
struct `an ordinary user's ramp` {
  @Test func `shuts tests in as well`() async throws {
    try await TemporaryFolder.use { folder async throws in
      chown(folder, 65534, 65534)
      let done = try await Launcher.run(
        Command(
          "setpriv",
          ordinary + [
            Bundle.main.executablePath ?? "", "--testing-library", "swift-testing", "--filter", "shut.in|the.ladder",
          ],
          environment: ["HOME": folder, "TMPDIR": folder, "PATH": "/usr/bin:/bin"], directory: folder,
          timeout: .seconds(200), mergesErrorIntoOutput: true))
      let said = String(decoding: done.output, as: UTF8.self)
      let hasPassed = done.ending == .exited(0) && said.contains("Suite \"a test that is shut in\" passed")
      #expect(hasPassed, "\(said.suffix(4000))")
    }
  }
}

@Suite struct `the words of a confinement` {
  @Test func `come back as they went`() throws {
    var confinement = Confinement()
    confinement.readable = ["/usr", "--"]
    confinement.writable = ["/a b"]
    confinement.user = 7
    (confinement.memory, confinement.fileSize, confinement.seconds, confinement.processes) = (1, 2, 3, 4)
    confinement.program = ["/bin/sh", "--", "user"]
    #expect(Confinement(words: confinement.words.dropFirst()) == confinement)
  }

  @Test(arguments: [[], ["--"], ["--", "sh"], ["user", "0", "--", "/x"], ["color", "1", "--", "/x"], ["read"]])
  func `are refused where they are none`(words: [String]) {
    #expect(Confinement(words: words) == nil)
  }
}
