import Processes
import Testing

/// Each test gives its sleepers a length that nothing else has, and looks for it in the command lines.
@Suite struct `a command's tree` {
  @Test func `ends with the timeout even when it ignores TERM`() async throws {
    let done = try await Launcher.run(
      shell("trap '' TERM; echo before; sleep 777001; sleep 777001", timeout: .milliseconds(200)))
    #expect(done.ending == .timedOut)
    #expect(text(done.output) == "before\n")
    #expect(try living("777001") == 0)
  }

  @Test func `does not delay the end by holding the pipe`() async throws {
    let done = try await Launcher.run(shell("sleep 777002 & echo done", timeout: .seconds(30)))
    #expect(done.ending == .exited(0))
    #expect(text(done.output) == "done\n")
    #expect(try living("777002") == 0)
  }

  @Test func `is ended when it left the session`() async throws {
    let done = try await Launcher.run(shell("setsid sleep 777003 & sleep 0.2; echo done"))
    #expect(text(done.output) == "done\n")
    #expect(try living("777003") == 0)
  }

  @Test(arguments: [false, true]) func `is ended when it forked twice away`(hangs: Bool) async throws {
    let sleeper = hangs ? "777004" : "777005"
    let done = try await Launcher.run(
      python(
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execvp("sleep", ["sleep", "\(sleeper)"])
            os._exit(0)
        os.wait()
        time.sleep(\(hangs ? 60 : 0.2))
        """, timeout: hangs ? .seconds(1) : .seconds(60)))
    #expect(done.ending == (hangs ? .timedOut : .exited(0)))
    #expect(try living(sleeper) == 0)
  }

  @Test func `is ended when it emptied its environment and stayed in the session`() async throws {
    _ = try await Launcher.run(shell("env -i sleep 777006 & sleep 0.1"))
    #expect(try living("777006") == 0)
  }

  @Test func `is ended when it writes without end`() async throws {
    let done = try await Launcher.run(shell("yes 777007", outputLimit: 100_000))
    #expect(done.ending == .signalled(9))
    #expect(done.outputCut)
    #expect(done.output.count == 100_000)
    #expect(try living("777007") == 0)
  }

  @Test func `is ended when a child of an ended program writes without end`() async throws {
    let done = try await Launcher.run(shell("yes 777008 & sleep 0.1; exit 5", outputLimit: 1000))
    #expect(done.outputCut)
    #expect(try living("777008") == 0)
  }

  @Test func `is ended with its task`() async throws {
    let task = Task {
      try await Launcher.run(shell("setsid sleep 777009 & trap '' TERM; sleep 777009; sleep 777009"))
    }
    while try living("777009") < 3 { try await Task.sleep(for: .milliseconds(10)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try living("777009") == 0)
  }

  @Test func `is never started by a cancelled task`() async throws {
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await Launcher.run(shell("sleep 777010"))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `of one command is left alone by the end of another`() async throws {
    async let long = Launcher.run(shell("sleep 0.5; echo whole"))
    for _ in 0..<10 { _ = try await Launcher.run(shell("true")) }
    #expect(text(try await long.output) == "whole\n")
  }
}
