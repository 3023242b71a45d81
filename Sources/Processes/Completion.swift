/// What became of a command. When there is one, no process of the command's tree is left.
package struct Completion: Hashable, Sendable {
  /// How the program ended.
  package enum Ending: Hashable, Sendable {
    /// It returned this status, 0 to 255.
    case exited(Int32)
    /// This signal ended it. A flood of output ends with 9, and `outputCut` set.
    case signalled(Int32)
    /// Its time was up and ramp killed it.
    case timedOut
    /// The command's watch ended it.
    case stopped
  }

  /// How the program ended.
  package let ending: Ending
  /// Standard output, at most the command's `outputLimit` bytes; with standard error in it where the command merges.
  package let output: [UInt8]
  /// Standard error, at most the command's `outputLimit` bytes; empty where the command merges.
  package let errorOutput: [UInt8]
  /// True where either stream had more than was kept.
  package let outputCut: Bool
  /// Wall-clock time from before the start until nothing of the tree was left.
  package let duration: Duration

  /// A completion with these parts.
  package init(ending: Ending, output: [UInt8], errorOutput: [UInt8], outputCut: Bool, duration: Duration) {
    self.ending = ending
    self.output = output
    self.errorOutput = errorOutput
    self.outputCut = outputCut
    self.duration = duration
  }

  /// True where the program returned 0.
  package var succeeded: Bool { ending == .exited(0) }
}
