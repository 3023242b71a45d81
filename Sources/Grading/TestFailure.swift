/// One failure that a test log tells: which test, what was raised, and where in the repository.
package struct TestFailure: Hashable, Codable, Sendable {
  /// When it went wrong.
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    /// While the test ran.
    case test
    /// Before the test ran: in a fixture, in `setUpClass`.
    case setup
    /// After the test had run.
    case teardown
    /// While a file of tests was read: it cannot be imported, or is no Python.
    case collection
    /// The test command itself came to grief before any test, or between two.
    case command
    /// The tests ran out of time.
    case timeout
    /// The interpreter was killed, or broke down.
    case crash
  }

  /// One call of a traceback inside the repository.
  package struct Frame: Hashable, Codable, Sendable {
    /// Relative to the repository.
    package var path: String
    /// From 1.
    package var line: Int
    /// The function's name, or the empty string where the log does not tell it.
    package var function: String
    /// The source line as the log shows it, without its indentation; the empty string where it shows none.
    package var source: String

    package init(path: String, line: Int, function: String, source: String = "") {
      self.path = path
      self.line = line
      self.function = function
      self.source = source
    }
  }

  /// What was left out because of the bounds below; 0 for whatever was kept whole.
  package struct Omission: Hashable, Codable, Sendable {
    /// Bytes of the message's first line.
    package var messageBytes = 0
    /// Lines of the message behind its first.
    package var detailLines = 0
    /// The outermost frames inside the repository.
    package var frames = 0

    package init(messageBytes: Int = 0, detailLines: Int = 0, frames: Int = 0) {
      self.messageBytes = messageBytes
      self.detailLines = detailLines
      self.frames = frames
    }
  }

  /// The most frames kept, the innermost ones.
  package static let mostFrames = 32
  /// The longest line of a message kept, in bytes, and the longest source line.
  package static let longestMessage = 500
  /// The most lines of a message kept behind its first.
  package static let mostDetailLines = 20

  /// The test's name as `LogParser` spells it, or `setUpClass (m.C)`, or the path of a file that could not be read, or
  /// the empty string where the log tells of none.
  package var test: String
  package var kind: Kind
  /// The exception's type as printed ("AssertionError"); the empty string where the log does not tell it.
  package var exception: String
  /// The first line of what the exception said, cut to `longestMessage`.
  package var message: String
  /// The lines behind it, without blank ones at either end.
  package var detail: [String]
  /// What was compared, where an assertion says so.
  package var assertion: Assertion?
  /// The innermost first. Files outside the repository are left out.
  package var frames: [Frame]
  package var omitted: Omission

  package init(
    test: String, kind: Kind = .test, exception: String, message: String, detail: [String] = [],
    assertion: Assertion? = nil, frames: [Frame], omitted: Omission = Omission()
  ) {
    self.test = test
    self.kind = kind
    self.exception = exception
    self.message = message
    self.detail = detail
    self.assertion = assertion
    self.frames = frames
    self.omitted = omitted
  }
}

// What an older version wrote has fewer fields.
extension TestFailure {
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      test: try fields.decode(String.self, forKey: .test),
      kind: try fields.decodeIfPresent(Kind.self, forKey: .kind) ?? .test,
      exception: try fields.decode(String.self, forKey: .exception),
      message: try fields.decode(String.self, forKey: .message),
      detail: try fields.decodeIfPresent([String].self, forKey: .detail) ?? [],
      assertion: try fields.decodeIfPresent(Assertion.self, forKey: .assertion),
      frames: try fields.decode([Frame].self, forKey: .frames),
      omitted: try fields.decodeIfPresent(Omission.self, forKey: .omitted) ?? Omission())
  }
}

extension TestFailure.Frame {
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      path: try fields.decode(String.self, forKey: .path), line: try fields.decode(Int.self, forKey: .line),
      function: try fields.decode(String.self, forKey: .function),
      source: try fields.decodeIfPresent(String.self, forKey: .source) ?? "")
  }
}
