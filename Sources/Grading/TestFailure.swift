/// One failure that a test log tells: which test, what was raised, and where in the repository.
package struct TestFailure: Hashable, Codable, Sendable {
  /// One call of a traceback inside the repository.
  package struct Frame: Hashable, Codable, Sendable {
    /// Relative to the repository.
    package var path: String
    /// From 1.
    package var line: Int
    /// The function's name, or the empty string where the log does not tell it.
    package var function: String

    package init(path: String, line: Int, function: String) {
      self.path = path
      self.line = line
      self.function = function
    }
  }

  /// The most frames kept, the innermost ones.
  package static let mostFrames = 32
  /// The longest message kept, in bytes.
  package static let longestMessage = 500

  /// The test's name as `LogParser` spells it, or `setUpClass (m.C)`, or the path of a file that could not be read.
  package var test: String
  /// The exception's type as printed ("AssertionError"); the empty string where the log does not tell it.
  package var exception: String
  /// The first line of what the exception said, cut to `longestMessage`.
  package var message: String
  /// The innermost first. Files outside the repository are left out.
  package var frames: [Frame]

  package init(test: String, exception: String, message: String, frames: [Frame]) {
    self.test = test
    self.exception = exception
    self.message = message
    self.frames = frames
  }
}
