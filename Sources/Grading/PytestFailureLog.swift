/// The sections FAILURES and ERRORS of a pytest log, in its long and short forms.
enum PytestFailureLog {
  static func failures(in log: [UInt8], root: String) -> [TestFailure] {
    var blocks: [Block] = []
    var ids: [String: [String]] = [:]
    var isInside = false
    for raw in LogLines(log) {
      let line = raw.last == 0x0D ? raw.dropLast() : raw
      if line.first == UInt8(ascii: "="), let title = title(line, UInt8(ascii: "=")) {
        isInside = title == "FAILURES" || title == "ERRORS"
      } else if isInside, line.first == UInt8(ascii: "_"), let title = title(line, UInt8(ascii: "_")) {
        if blocks.count < FailureReader.mostFailures { blocks.append(Block(title: title)) }
      } else if isInside, !blocks.isEmpty {
        blocks[blocks.count - 1].take(line, root: root)
      } else if line.hasPrefix("FAILED ") || line.hasPrefix("ERROR ") {
        let words = line.words(2)
        guard words.count > 1, words[1].count <= OutcomeTable.longestName else { continue }
        let id = words[1].text
        ids[tail(id), default: []].append(id)
      }
    }
    // Titles and summary are in one order, so tests of one name in several files come out in turn.
    for (tail, list) in ids { ids[tail] = list.reversed() }
    return blocks.map { block in
      var failure = block.failure
      failure.test = ids[failure.test]?.popLast() ?? failure.test
      return failure
    }
  }

  /// What a title shows of an id: `Class::test` of `path.py::Class::test`; a path by itself is whole.
  private static func tail(_ id: String) -> String {
    let parts = id.split(separator: "::", maxSplits: 1)
    return parts.count == 2 ? String(parts[1]) : id
  }

  /// The text between two runs of `byte` that fill a line, each at least one long.
  private static func title(_ line: ArraySlice<UInt8>, _ byte: UInt8) -> String? {
    guard line.count <= OutcomeTable.longestName, line.last == byte,
      let start = line.firstIndex(where: { $0 != byte }), let end = line.lastIndex(where: { $0 != byte }),
      line[start] == 0x20, line[end] == 0x20, start < end
    else { return nil }
    let title = line[start...end].trimmed
    // `_ _ _ _` parts the calls of one traceback.
    return title.allSatisfy { $0 == byte || $0 == 0x20 } ? nil : title.text
  }

  private struct Block {
    private let test: String
    private var exception = ""
    private var told: (exception: String, message: String)?
    private var frames: [TestFailure.Frame] = []
    private var isInMessage = false

    init(title: String) {
      var name = title[...]
      for prefix in ["ERROR at setup of ", "ERROR at teardown of ", "ERROR collecting "] where name.hasPrefix(prefix) {
        name = name.dropFirst(prefix.count)
      }
      let isPath = title.hasPrefix("ERROR collecting ")
      let first = name.split(separator: " ").first ?? name
      let bracket = first.firstIndex(of: "[") ?? first.endIndex
      test = isPath ? String(name) : String(first[..<bracket].replacing(".", with: "::")) + String(first[bracket...])
    }

    var failure: TestFailure {
      TestFailure(
        test: test, exception: exception.isEmpty ? told?.exception ?? "" : exception, message: told?.message ?? "",
        frames: frames.reversed())
    }

    mutating func take(_ line: ArraySlice<UInt8>, root: String) {
      guard !line.hasPrefix("E  ") else {
        let text = line.dropFirst().trimmed
        // The last message counts; a syntax error shows its place first and what it is last.
        if !isInMessage || text.hasPrefix("SyntaxError:") || text.hasPrefix("IndentationError:") { tell(text) }
        isInMessage = true
        return
      }
      isInMessage = false
      guard line.first != 0x20, let place = Place(line) else { return }
      if let frame = place.frame(root: root) {
        frames.append(frame)
        if frames.count > TestFailure.mostFrames { frames.removeFirst() }
      }
      if let exception = place.exception { self.exception = exception }
    }

    private mutating func tell(_ text: ArraySlice<UInt8>) {
      exception = ""
      if let raised = FailureReader.raised(text), text.contains(UInt8(ascii: ":")) || Self.isError(raised.exception) {
        told = raised
      } else {
        told = ("AssertionError", FailureReader.bounded(text))
      }
    }

    private static func isError(_ name: String) -> Bool {
      ["Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration"].contains { name.hasSuffix($0) }
    }
  }

  /// `path.py:3: in f`, `path.py:3: AssertionError` or `path.py:3: `.
  private struct Place {
    let path: String
    let line: Int
    let function: String
    let exception: String?

    init?(_ text: ArraySlice<UInt8>) {
      guard text.count <= OutcomeTable.longestName, let colon = text.index(of: ".py:") else { return nil }
      let digits = text[(colon + 4)...].prefix(while: \.isDigit)
      guard let number = Int(digits.text), text[digits.endIndex...].hasPrefix(": ") else { return nil }
      path = text[..<(colon + 3)].text
      line = number
      let rest = text[(digits.endIndex + 2)...].trimmed
      function = rest.hasPrefix("in ") ? rest.dropFirst(3).text : ""
      exception = rest.isEmpty || rest.hasPrefix("in ") ? nil : rest.text
    }

    func frame(root: String) -> TestFailure.Frame? {
      FailureReader.relative(path, root: root).map {
        TestFailure.Frame(path: $0, line: line, function: function)
      }
    }
  }
}
