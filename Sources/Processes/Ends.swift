import Glibc
import Synchronization

/// The pipe ends of one run. An end that is not there is -1.
struct Ends: Sendable {
  /// Two descriptors: what is read and what is written.
  struct Pair: Sendable {
    let readEnd: Int32
    let writeEnd: Int32
  }

  let input: Pair
  let output: Pair
  let errors: Pair
  let wake: Wake
  private let handover = Handover()

  /// The ends that `command` needs: `/dev/null` where there is no input, one pipe where the outputs are merged.
  /// Nothing is left open when it throws.
  init(_ command: Command) throws(PipeRefused) {
    var opened: [Int32] = []
    func pair() throws(PipeRefused) -> Pair {
      let pipe = try Pipe()
      opened += [pipe.readEnd, pipe.writeEnd]
      return Pair(readEnd: pipe.readEnd, writeEnd: pipe.writeEnd)
    }
    func single(_ descriptor: Int32) throws(PipeRefused) -> Int32 {
      guard descriptor >= 0 else { throw PipeRefused(code: errno) }
      opened.append(descriptor)
      return descriptor
    }
    do {
      input =
        command.input.isEmpty
        ? Pair(readEnd: try single(open("/dev/null", O_RDONLY | O_CLOEXEC)), writeEnd: -1) : try pair()
      output = try pair()
      errors =
        command.mergesErrorIntoOutput
        ? Pair(readEnd: -1, writeEnd: try single(fcntl(output.writeEnd, F_DUPFD_CLOEXEC, 0))) : try pair()
      wake = try Wake()
    } catch {
      for descriptor in opened { close(descriptor) }
      throw error
    }
  }

  /// The end that is written to and the two that are read, for the one who closes them. Only the first who asks gets
  /// them: a number that was closed may be another file's a moment later.
  func takeOurs() -> (input: Int32, output: Int32, errors: Int32)? {
    handover.isDone.exchange(true, ordering: .relaxed) ? nil : (input.writeEnd, output.readEnd, errors.readEnd)
  }

  /// Closes ramp's own ends, for a program that never started; does nothing where they were taken.
  func closeOurs() {
    guard takeOurs() != nil else { return }
    for descriptor in [input.writeEnd, output.readEnd, errors.readEnd] where descriptor >= 0 { close(descriptor) }
  }
}

/// Whether ramp's own ends were taken.
private final class Handover: Sendable {
  let isDone = Atomic(false)
}
