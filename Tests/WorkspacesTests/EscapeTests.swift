import Foundation
import Glibc
import Repositories
import Testing
import Workspaces

/// What a hostile test tries, and what it gets.
@Suite(.enabled(if: hasSandbox, "bubblewrap does not work here")) struct `a hostile test` {
  @Test func `cannot reach a listener of the machine, and has a loopback of its own`() async throws {
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
    let log = try await tested(
      """
      import socket
      try:
          socket.create_connection(("127.0.0.1", \(port)), 2); print("reached")
      except OSError as error: print(type(error).__name__)
      server = socket.create_server(("localhost", 0))
      socket.create_connection(server.getsockname()); print("own loopback")
      try:
          socket.create_connection(("192.0.2.1", 80), 2); print("reached")
      except OSError as error: print("no network")
      """)
    #expect(text(log) == "ConnectionRefusedError\nown loopback\nno network\n")
  }

  @Test func `sees no file of the machine's but the system's`() async throws {
    let log = try await tested(
      """
      import glob, os
      for path in ["/etc/shadow", "/etc/hostname", os.path.expanduser("~root/.bashrc"), "/var", "/opt", "/srv",
                   "\(NSHomeDirectory())/.bashrc", "/proc/1/cwd/etc/shadow", "/proc/1/root" + "/etc/shadow"]:
          if os.path.exists(path): print("seen", path)
      print(sorted(os.listdir("/etc")), sorted(os.listdir("/tmp")), sorted(os.listdir("/home")))
      print(sorted(name for name in os.listdir("/proc") if name.isdigit())[0])
      """)
    let lines = text(log).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains("'passwd'") == true && lines.first?.contains("shadow") == false)
    #expect(lines.last == "1")
  }

  @Test func `cannot change, move or replace the files whose tests run`() async throws {
    let program = """
      import os, shutil
      def tried(action, *arguments):
          try:
              action(*arguments); print("done:", arguments)
          except OSError: pass
      for path in ["a/b/test_probe.py", "a/b/test_later.py"]:
          tried(open, path, "w")
          tried(os.remove, path)
          tried(os.rename, path, "elsewhere.py")
          tried(os.replace, "a/other.py", path)
          tried(os.chmod, path, 0o777)
      for folder in ["a", "a/b"]:
          tried(os.rename, folder, "elsewhere")
      shutil.rmtree("a", ignore_errors=True)
      print(open("a/b/test_later.py").read())
      open("a/b/new.py", "w"); print(os.path.exists("a/other.py"))
      """
    let files = ["a/b/test_probe.py": program, "a/b/test_later.py": "untouched", "a/other.py": "x"]
    let log = try await withWorkspace(files) { workspace, _ in
      try await workspace.runTests(
        run(command: "python3 a/b/test_probe.py", files: ["a/b/test_probe.py", "a/b/test_later.py"]))
    }
    #expect(text(log) == "untouched\nFalse\n")
  }

  @Test func `cannot change a data file of the test patch either`() async throws {
    let program = """
      for path in ["data/expected.txt", "free.txt"]:
          try:
              open(path, "w"); print("done:", path)
          except OSError: print("kept:", path)
      """
    let files = ["probe.py": program, "data/expected.txt": "1", "free.txt": "x"]
    let log = try await withWorkspace(files) { workspace, _ in
      try await workspace.runTests(run(command: "python3 {files}", files: ["probe.py", "data/expected.txt"]))
    }
    #expect(text(log) == "kept: data/expected.txt\ndone: free.txt\n")
  }

  @Test func `fills no memory through a file`() async throws {
    let log = try await tested(
      """
      import os
      for folder in ["/dev/shm", "/dev"]:
          try:
              with open(folder + "/fill", "wb") as file:
                  for _ in range(128): file.write(bytes(1 << 20))
              print("wrote", folder)
          except OSError as error: print(folder, os.strerror(error.errno))
      open("/dev/null", "w").write("x"); print(sorted(os.listdir("/dev/shm")))
      """, WorkspaceOptions(timeoutSeconds: 60, memoryMB: 256))
    #expect(
      text(log) == """
        /dev/shm No space left on device
        /dev Read-only file system
        ['fill']

        """)
  }

  @Test func `writes nowhere but in its copy and its temporary folders`() async throws {
    let log = try await tested(
      """
      import os
      for folder in ["/", "/usr", "/usr/lib", "/etc", "/proc", "/root", "/var", os.path.dirname(os.__file__), ".git",
                     "/testbed", "/tmp", os.path.expanduser("~")]:
          try:
              with open(os.path.join(folder, "ramp-was-here"), "w") as file: file.write("x")
              print("wrote", folder)
          except OSError: pass
      """)
    #expect(text(log) == "wrote /testbed\nwrote /tmp\nwrote /home/ramp\n")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/ramp-was-here"))
  }

  @Test func `changes neither the mirror nor the next run`() async throws {
    let probe = "print(open('a.py').read())\nopen('a.py', 'w').write('changed')\n"
    try await withWorkspace(["probe.py": probe, "a.py": "a"]) { workspace, folder async throws in
      let objects = "\(folder)/o/n.git/objects"
      let before = try FileManager.default.subpathsOfDirectory(atPath: objects)
      let first = try await workspace.runTests(run(command: "python3 {files}", files: ["probe.py"]))
      let second = try await workspace.runTests(run(command: "python3 {files}", files: ["probe.py"]))
      #expect(text(first) == "a\n")
      #expect(text(second) == text(first))
      #expect(try FileManager.default.subpathsOfDirectory(atPath: objects) == before)
    }
  }

  @Test func `leaves no child behind`() async throws {
    let log = try await tested(
      """
      import os, subprocess
      subprocess.Popen(["setsid", "sleep", "778001"])
      if os.fork() == 0:
          os.setsid()
          if os.fork() == 0: os.execvp("sleep", ["sleep", "778001"])
          os._exit(0)
      print("gone")
      """)
    #expect(text(log) == "gone\n")
    #expect(log.ended)
    #expect(try living("778001") == 0)
  }

  @Test func `ends when its time is up, with all its children`() async throws {
    let log = try await tested(
      """
      import signal, subprocess, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      subprocess.Popen(["setsid", "sleep", "778002"])
      print("waiting", flush=True)
      time.sleep(100)
      """, WorkspaceOptions(timeoutSeconds: 12))
    #expect(log.timedOut && log.started && !log.ended && log.exit == nil)
    #expect(text(log) == "waiting\n")
    #expect(try living("778002") == 0)
  }

  @Test func `ends when it prints without end`() async throws {
    let log = try await tested("while True: print('x' * 10000)", WorkspaceOptions(timeoutSeconds: 60, outputMB: 1))
    #expect(log.outputCut && !log.ended && !log.timedOut)
    #expect(log.log.count <= 1 << 20)
  }

  @Test func `gets no more memory than it may have`() async throws {
    let log = try await tested(
      "try: x = bytearray(600 << 20); print('got it')\nexcept MemoryError: print('refused')",
      WorkspaceOptions(timeoutSeconds: 60, memoryMB: 256))
    #expect(text(log) == "refused\n")
  }

  @Test func `gets no more processes than it may have`() async throws {
    let log = try await tested(
      """
      import os, time
      count = 0
      try:
          while count < 400:
              if os.fork() == 0: time.sleep(100); os._exit(0)
              count += 1
      except OSError: pass
      print(count < 100)
      """, WorkspaceOptions(timeoutSeconds: 60, processes: 100))
    // Where the machine gives root no control group there is no such limit, and the log says so.
    #expect(text(log) == (log.sandbox.contains("no process limit") ? "False\n" : "True\n"))
  }

  @Test func `writes no setting of the kernel's, as whoever ramp runs`() async throws {
    let log = try await tested(
      """
      import os
      found = []
      for top in ["/proc/sys", "/proc/irq", "/proc/bus", "/proc/sysrq-trigger"]:
          for folder, folders, files in os.walk(top):
              for name in files:
                  try: os.close(os.open(os.path.join(folder, name), os.O_WRONLY)); found.append(name)
                  except OSError: pass
      try: os.close(os.open("/proc/sysrq-trigger", os.O_WRONLY)); found.append("sysrq-trigger")
      except OSError: pass
      print(found, os.getuid(), open("/proc/keys").read() == "" if os.path.exists("/proc/keys") else True)
      """)
    #expect(text(log) == "[] \(testUser) True\n")
  }

  @Test func `makes no call that the filter refuses`() async throws {
    let log = try await tested(
      """
      import ctypes, os, socket
      libc = ctypes.CDLL(None, use_errno=True)
      arm = os.uname().machine == "aarch64"
      calls = dict(ptrace=(101, 117), keyctl=(250, 219), add_key=(248, 217), request_key=(249, 218), bpf=(321, 280),
          perf_event_open=(298, 241), userfaultfd=(323, 282), io_uring_setup=(425, 425), mount=(165, 40),
          unshare=(272, 97), setns=(308, 268), init_module=(175, 105), kexec_load=(246, 104), fsopen=(430, 430),
          process_vm_readv=(310, 270), open_by_handle_at=(304, 265), clone3=(435, 435))
      for name, numbers in calls.items():
          answer = libc.syscall(ctypes.c_long(numbers[arm]), *[ctypes.c_long(0)] * 6)
          if answer != -1 or ctypes.get_errno() not in (1, 38): print(name, answer, ctypes.get_errno())
      for family in (40, 38, 17, 31, 29, 44, 21, 30, 9):
          try: socket.socket(family, 1).close(); print("a socket of", family)
          except OSError: pass
      # What programs need goes on.
      for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6): socket.socket(family, socket.SOCK_STREAM).close()
      left, right = socket.socketpair(); left.send(b"x"); print(right.recv(1), len(socket.if_nameindex()))
      with open("room", "wb") as file: os.posix_fallocate(file.fileno(), 0, 8192)
      print(os.stat("room").st_size, os.system("true"))
      """)
    #expect(text(log) == "b'x' 1\n8192 0\n")
  }

  @Test(arguments: [SandboxChoice.bwrap, .off]) func `writes no more than it may, and is told which limit it met`(
    sandbox: SandboxChoice
  ) async throws {
    let program = """
      import time
      for number in range(64):
          with open(f"fill-{number}", "wb") as file:
              for _ in range(16): file.write(bytes(1 << 20))
      time.sleep(30)
      """
    let log = try await tested(
      program, WorkspaceOptions(sandbox: sandbox, timeoutSeconds: 60, diskMB: 64))
    #expect(log.limits == [.disk] && !log.ended && !log.timedOut && log.started)
  }

  @Test func `hides no room that it takes in files without a name`() async throws {
    let log = try await tested(
      """
      import os, time
      kept = []
      for number in range(20):
          kept.append(open(f"hidden-{number}", "wb"))
          os.remove(f"hidden-{number}")
          for _ in range(16): kept[-1].write(bytes(1 << 20))
          kept[-1].flush()
      time.sleep(30)
      """, WorkspaceOptions(timeoutSeconds: 60, diskMB: 64))
    #expect(log.limits == [.disk] && !log.timedOut)
  }

  @Test func `makes no sandbox of its own`() async throws {
    let log = try await tested("import os; print(os.system('unshare -Ur true 2>/dev/null') == 0)")
    #expect(text(log) == "False\n")
  }

  @Test func `is followed through no link that its commit brings`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let script = """
        mkdir -p o/n canary && cd o/n && git init -q -b main
        ln -s \(folder)/canary out; ln -s ../../../canary up; ln -s probe.py in; mkdir d; ln -s ../probe.py d/in
        printf 'import os\\nprint(sorted(n for n in os.listdir(".") if n != ".git"), os.path.exists("d/in"))\\n' > probe.py
        git add -A && git -c user.name=A -c user.email=a@example.org commit -qm first && git rev-parse HEAD
        """
      let made = try await git.shell(script, in: folder)
      let mirrors = Mirrors(cache: folder, source: RepositorySource(pattern: folder), git: git)
      let tree = try await mirrors.mirror(of: "o/n").tree(at: made)
      let workspace = RepositoryWorkspace(tree, options: WorkspaceOptions(), git: git, pythons: pythons)
      #expect(try await workspace.paths() == ["probe.py"])
      let log = try await workspace.runTests(run(command: "python3 {files}", files: ["probe.py"]))
      #expect(text(log) == "['d', 'in', 'probe.py'] True\n")
      for path in ["out/x", "in/x", "d/in/x"] {
        let through = run(command: "true", changes: [change(path, "x")])
        await #expect(throws: WorkspaceError.unsafePath(path)) { try await workspace.runTests(through) }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/canary") == [])
    }
  }
}
