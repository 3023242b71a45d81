import Foundation
import Processes
import Testing

@Suite struct `a command` {
  @Test func `gives its status and both outputs`() async throws {
    let done = try await Launcher.run(shell("echo out; echo err >&2; exit 3"))
    #expect(done.ending == .exited(3))
    #expect(text(done.output) == "out\n")
    #expect(text(done.errorOutput) == "err\n")
    #expect(!done.outputCut)
  }

  @Test func `merges its outputs in their order`() async throws {
    let done = try await Launcher.run(shell("for i in 1 2 3; do echo o$i; echo e$i >&2; done", merged: true))
    #expect(text(done.output) == "o1\ne1\no2\ne2\no3\ne3\n")
    #expect(done.errorOutput.isEmpty)
  }

  @Test func `is told its signal`() async throws {
    #expect(try await Launcher.run(shell("kill -SEGV $$")).ending == .signalled(11))
  }

  @Test func `inherits nothing but its mark`() async throws {
    let done = try await Launcher.run(Command("env", environment: plain.merging(["A": "1"]) { $1 }))
    let names = text(done.output).split(separator: "\n").map { $0.prefix { $0 != "=" } }
    #expect(Set(names) == ["A", "PATH", "RAMP_PROCESS"])
  }

  @Test func `starts in its folder`() async throws {
    var command = Command("pwd", environment: plain)
    command.directory = "/usr"
    #expect(text(try await Launcher.run(command).output) == "/usr\n")
  }

  @Test func `reads what it is fed`() async throws {
    let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let done = try await Launcher.run(shell("cat", input: input, outputLimit: 4 << 20))
    // Two long lists that differ would be compared for hours.
    let isSame = done.output == input
    #expect(isSame, "\(done.ending), \(done.output.count) bytes")
  }

  @Test func `has an empty input when it is fed nothing`() async throws {
    #expect(try await Launcher.run(shell("cat")).ending == .exited(0))
  }

  @Test func `may leave its input unread`() async throws {
    let done = try await Launcher.run(shell("exit 4", input: Array(repeating: 7, count: 3_000_000)))
    #expect(done.ending == .exited(4))
  }

  @Test func `may write 3 MB to both outputs`() async throws {
    let done = try await Launcher.run(
      python(
        "import sys, threading; w = lambda s, c: s.buffer.write(c * 3000000)\n"
          + "t = threading.Thread(target=w, args=(sys.stderr, b'e')); t.start(); w(sys.stdout, b'o'); t.join()",
        outputLimit: 4 << 20))
    #expect(done.ending == .exited(0))
    let isWhole =
      [done.output, done.errorOutput].map { [$0.count, Set($0).count] } == [[3_000_000, 1], [3_000_000, 1]]
    #expect(isWhole, "\(done.ending), \(done.output.count) and \(done.errorOutput.count) bytes")
  }

  @Test func `keeps the first bytes and says that it dropped some`() async throws {
    let done = try await Launcher.run(shell("printf 0123456789abcdef", outputLimit: 10))
    #expect(text(done.output) == "0123456789")
    #expect(done.outputCut)
    #expect(done.ending == .exited(0))
  }

  @Test func `runs 200 times and leaves no descriptor open`() async throws {
    _ = try await Launcher.run(shell("true"))
    let before = try openDescriptors()
    for _ in 0..<200 { #expect(try await Launcher.run(Command("true", environment: plain)).succeeded) }
    // Other suites run beside this one; a leak would be 200 and more.
    #expect(try openDescriptors() < before + 150)
  }

  @Test func `runs beside others`() async throws {
    let statuses = try await withThrowingTaskGroup(of: Completion.Ending.self) { group in
      for status in 0..<20 { group.addTask { try await Launcher.run(shell("exit \(status)")).ending } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(statuses) == Set((0..<20).map { .exited($0) }))
  }
}

@Suite struct `a command that cannot start` {
  @Test func `is told that there is no such program`() async {
    let expected = ProcessError.notFound(
      name: "no-such-program", suggestion: "install no-such-program, or put its folder on PATH")
    await #expect(throws: expected) { try await Launcher.run(Command("no-such-program", environment: plain)) }
    #expect(expected.localizedDescription == "no-such-program is not there")
  }

  @Test func `is told that the file is no program`() async {
    await #expect(throws: ProcessError.notExecutable(path: "/etc/passwd")) {
      try await Launcher.run(Command("/etc/passwd"))
    }
  }

  @Test func `is told that the folder is not there`() async {
    await #expect(throws: ProcessError.noFolder(path: "/no/such")) {
      try await Launcher.run(Command("true", environment: plain, directory: "/no/such"))
    }
  }

  @Test func `is told of a NUL byte`() async {
    await #expect(throws: ProcessError.nulByte(name: "echo")) {
      try await Launcher.run(Command("echo", ["a\0b"], environment: plain))
    }
  }

  @Test func `leaves no descriptor open when the system refuses it`() async throws {
    let long = Command("true", [String(repeating: "x", count: 200_000)], environment: plain)
    await #expect(throws: ProcessError.self) { try await Launcher.run(long) }
    let before = try openDescriptors()
    for _ in 0..<100 { _ = try? await Launcher.run(long) }
    #expect(try openDescriptors() < before + 90)
  }

  @Test func `is found along the given path only`() {
    #expect(Launcher.find("sh", path: "/no/such:/bin") == "/bin/sh")
    #expect(Launcher.find("sh", path: "/no/such") == nil)
    #expect(Launcher.find("sh", path: "bin:.") == nil)
    #expect(Launcher.find("", path: "/bin") == nil)
  }
}
