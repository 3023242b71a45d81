/// Failures as text within a budget: for a prompt, or for a person. What is cut is named in the last line.
///
///     t.py::test_a
///       AssertionError: assert 1 == 2
///       left   1
///       right  2  (left == right should hold)
///       pkg/a.py:16 in inner: raise ValueError("bad")
///       t.py:8 in test_a: inner()
///     left out to fit 400 bytes: 2 of 3 tests
package struct FailureDigest: Hashable, Sendable {
  /// What a digest is made within.
  package struct Budget: Hashable, Sendable {
    /// The most bytes of the text, its last line included.
    package var bytes: Int
    /// The most frames and lines of a message that are shown of one test.
    package var frames: Int
    package var detailLines: Int

    package init(bytes: Int, frames: Int = 4, detailLines: Int = 8) {
      self.bytes = bytes
      self.frames = frames
      self.detailLines = detailLines
    }
  }

  package let text: String
  /// How many failures are not in the text at all.
  package let failuresLeftOut: Int
  /// How much is left out of those that are: frames, lines and bytes of messages.
  package let omitted: TestFailure.Omission

  /// The failures that come first are kept first; each is first told in full, then by its head alone where the budget
  /// does not allow for more. An empty list gives an empty text.
  package init(_ failures: [TestFailure], budget: Budget) {
    // Room for the last line, whose length does not depend on what is told.
    let room = max(0, budget.bytes - 140)
    var lines: [String] = []
    var length = 0
    var omitted = TestFailure.Omission()
    var told = 0
    for failure in failures {
      let (body, cut) = Self.body(failure, budget)
      let head = Self.head(failure)
      func bytes(_ lines: [String]) -> Int { lines.reduce(0) { $0 + $1.utf8.count + 1 } }
      if length + bytes(head + body) <= room {
        lines += head + body
        omitted.add(cut)
      } else if length + bytes(head) <= room {
        lines += head
        omitted.add(Self.all(failure))
      } else {
        break
      }
      length = bytes(lines)
      told += 1
    }
    failuresLeftOut = failures.count - told
    self.omitted = omitted
    var parts: [String] = []
    if failuresLeftOut > 0 { parts.append("\(failuresLeftOut) of \(failures.count) failures") }
    if omitted.frames > 0 { parts.append("\(omitted.frames) frames") }
    if omitted.detailLines > 0 { parts.append("\(omitted.detailLines) lines of messages") }
    if omitted.messageBytes > 0 { parts.append("\(omitted.messageBytes) bytes of messages") }
    if !parts.isEmpty { lines.append("left out to fit \(budget.bytes) bytes: \(parts.joined(separator: ", "))") }
    text = lines.map { $0 + "\n" }.joined()
  }

  private static func head(_ failure: TestFailure) -> [String] {
    let what = failure.test.isEmpty ? "the test command" : failure.test
    let place = failure.kind == .test ? "" : " (\(failure.kind.rawValue))"
    let message = failure.message.isEmpty ? "" : ": \(failure.message)"
    return ["\(what)\(place)", "  \(failure.exception.isEmpty ? "failed" : failure.exception)\(message)"]
  }

  private static func body(_ failure: TestFailure, _ budget: Budget) -> ([String], TestFailure.Omission) {
    var lines: [String] = []
    if let sides = failure.assertion {
      lines += [
        "  left   \(sides.left)", "  right  \(sides.right)  (left \(sides.relation) right should hold)",
      ]
    }
    lines += failure.detail.prefix(budget.detailLines).map { "    \($0)" }
    lines += failure.frames.prefix(budget.frames).map { frame in
      let function = frame.function.isEmpty ? "" : " in \(frame.function)"
      return "  \(frame.path):\(frame.line)\(function)" + (frame.source.isEmpty ? "" : ": \(frame.source)")
    }
    var cut = failure.omitted
    cut.detailLines += max(0, failure.detail.count - budget.detailLines)
    cut.frames += max(0, failure.frames.count - budget.frames)
    return (lines, cut)
  }

  /// What is left out where the head alone is told.
  private static func all(_ failure: TestFailure) -> TestFailure.Omission {
    var cut = failure.omitted
    cut.detailLines += failure.detail.count
    cut.frames += failure.frames.count
    return cut
  }
}

extension TestFailure.Omission {
  fileprivate mutating func add(_ other: TestFailure.Omission) {
    messageBytes += other.messageBytes
    detailLines += other.detailLines
    frames += other.frames
  }
}
