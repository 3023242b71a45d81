import Glibc

/// The one loop that stands by a running program: feeds it, reads it, watches the clock, and leaves nothing of its tree
/// alive. It blocks its thread in `poll`, so it must not run on the cooperative pool.
struct Supervisor {
  /// Why the loop stopped.
  enum Stop: Sendable {
    /// The program ended by itself.
    case ended
    /// Its time was up.
    case timedOut
    /// It wrote without end.
    case flooded
    /// The task that waits for it was cancelled.
    case cancelled
    /// The command's watch said so.
    case watched
  }

  /// What was seen.
  struct Report: Sendable {
    let stop: Stop
    let output: [UInt8]
    let errorOutput: [UInt8]
    let outputCut: Bool
  }

  /// The program's process id, which is its group and session too.
  let process: pid_t
  /// A pidfd of it, or -1 where the kernel gives none.
  let processDescriptor: Int32
  /// Where the loop gives up waiting.
  let deadline: ContinuousClock.Instant?
  /// How many bytes may come in all.
  let floodLimit: Int
  /// Rung when the waiting task is cancelled.
  let wake: Wake
  /// Finds what the program leaves behind.
  let survivors: Survivors
  /// What looks at the program now and then.
  let look: Watch?

  /// Stands by until the program and all of its tree are gone. Closes the ends it was given.
  func watch(feed: consuming Feed, output: consuming Stream, errorOutput: consuming Stream) -> Report {
    let start = ContinuousClock.now
    var feed = feed
    var output = output
    var errors = errorOutput
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let stop = withoutBrokenPipeSignal {
      loop(feed: &feed, output: &output, errors: &errors, buffer: &buffer)
    }
    if stop != .ended {
      // Stopped, it does not end as if it had chosen to when its own are gone.
      _ = kill(process, SIGSTOP)
      survivors.endDescendants()
      _ = kill(process, SIGKILL)
    }
    survivors.end(recentOnly: ContinuousClock.now - start < .milliseconds(250))
    if stop == .ended {
      // Nobody is left to write, so what is in the pipes is all there is.
      output.take(&buffer, most: floodLimit)
      errors.take(&buffer, most: floodLimit)
    }
    feed.close()
    output.close()
    errors.close()
    return Report(
      stop: stop, output: output.kept, errorOutput: errors.kept, outputCut: output.isCut || errors.isCut)
  }

  private func loop(feed: inout Feed, output: inout Stream, errors: inout Stream, buffer: inout [UInt8]) -> Stop {
    var next = look.map { ContinuousClock.now + $0.interval }
    while true {
      var sockets = [
        pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: processDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: output.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: feed.descriptor, events: Int16(POLLOUT), revents: 0),
      ]
      let ready = poll(&sockets, nfds_t(sockets.count), waitMilliseconds(next))
      if sockets[0].revents != 0 { return .cancelled }
      if ready > 0 {
        if sockets[2].revents != 0 { output.take(&buffer) }
        if sockets[3].revents != 0 { errors.take(&buffer) }
        if sockets[4].revents != 0 { feed.give() }
      }
      if hasExited() { return .ended }
      if output.total + errors.total > floodLimit { return .flooded }
      if let deadline, ContinuousClock.now >= deadline { return .timedOut }
      if let look, let due = next, ContinuousClock.now >= due {
        if look.isOver(process) { return .watched }
        next = ContinuousClock.now + look.interval
      }
    }
  }

  /// How long `poll` may sleep, rounded up: until the deadline or the `next` look; 5 ms where only asking tells that the
  /// program ended.
  private func waitMilliseconds(_ next: ContinuousClock.Instant?) -> Int32 {
    var wait = processDescriptor >= 0 ? Duration.seconds(3600) : .milliseconds(5)
    if let deadline { wait = min(wait, deadline - ContinuousClock.now) }
    if let next { wait = min(wait, next - ContinuousClock.now) }
    let parts = wait.components
    return Int32(max(0, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000 + 1))
  }

  /// True where the program is a zombie; it stays one, so that its id is not given to another.
  private func hasExited() -> Bool {
    var information = siginfo_t()
    guard waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 else { return errno == ECHILD }
    return information.si_signo == SIGCHLD
  }
}
