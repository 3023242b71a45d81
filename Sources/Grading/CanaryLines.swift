import Instances

/// The lines of a log while those of canaries are taken out.
struct CanaryLines {
  private let lines: [ArraySlice<UInt8>]
  private let tag: [UInt8]
  private let statuses: [TestStatus]
  private var edits: [Int: Edit] = [:]
  /// The lines with the tag.
  private let tagged: Set<Int>

  /// What becomes of a line.
  private enum Edit: Equatable {
    case drop
    case put([UInt8])
  }

  init(_ log: [UInt8], tag: String, statuses: [TestStatus]) {
    let tag = Array(tag.utf8)
    lines = log.split(separator: 0x0A, omittingEmptySubsequences: false)
    self.tag = tag
    self.statuses = statuses
    tagged = CanaryLines.places(of: tag, in: log)
  }

  /// True where SymPy's own runner wrote a log.
  static func isSympy(_ log: [UInt8]) -> Bool {
    LogText.reading(log) { $0.contains("= test process starts =") }
  }

  private var failed: Int { statuses.count { $0 == .failed } }
  private var erring: Int { statuses.count { $0 == .error } }

  /// The numbers of the lines with `tag`.
  private static func places(of tag: [UInt8], in log: [UInt8]) -> Set<Int> {
    LogText.reading(log) { text in
      var found: Set<Int> = []
      var (line, counted, at) = (0, 0, 0)
      while let place = text.place(of: tag, from: at) {
        while let end = text.index(of: 0x0A, from: counted), end < place { (line, counted) = (line + 1, end + 1) }
        found.insert(line)
        at = place + tag.count
      }
      return found
    }
  }

  /// A line as text, without colours.
  private func plain(_ number: Int) -> String {
    let line = lines[number].prefix(UnittestName.longest)
    guard line.contains(0x1B) else { return String(decoding: line, as: UTF8.self) }
    return String(decoding: ControlText.removed(from: Array(line)), as: UTF8.self)
  }

  private var result: [UInt8] {
    var out: [UInt8] = []
    var isFirst = true
    for (number, line) in lines.enumerated() {
      if isDropped(number) { continue }
      if !isFirst { out.append(0x0A) }
      isFirst = false
      if case .put(let text) = edits[number] { out += text } else { out += line }
    }
    return out
  }

  private mutating func drop(_ number: Int) { edits[number] = .drop }
  private mutating func put(_ number: Int, _ text: String) { edits[number] = .put(Array(text.utf8)) }
  private func isDropped(_ number: Int) -> Bool { edits[number] == .drop }

  /// True where line `number` begins with `text`.
  private func begins(_ number: Int, _ text: StaticString) -> Bool {
    lines[number].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// `text` with the number before `word` made smaller by `less`; the whole of it is taken out at 0, with the comma
  /// that parts it.
  private static func lessen(_ text: String, before words: [String], by less: Int) -> String {
    guard less > 0 else { return text }
    for word in words {
      guard let range = text.firstRange(of: " \(word)") else { continue }
      let end = range.lowerBound
      let start = text[..<end].lastIndex { !$0.isNumber }.map(text.index(after:)) ?? text.startIndex
      guard let count = Int(text[start..<end]) else { continue }
      if count > less { return text.replacingCharacters(start..<end, with: "\(count - less)") }
      let rest = text[range.upperBound...]
      let tail = rest.hasPrefix(", ") ? rest.dropFirst(2) : rest.hasPrefix(",") ? rest.dropFirst() : rest
      return String(text[..<start] + tail)
    }
    return text
  }

  // MARK: unittest and Django

  func unittest() -> [UInt8] {
    var copy = self
    copy.takeUnittest()
    return copy.result
  }

  private mutating func takeUnittest() {
    let isRule = { [lines] (number: Int, mark: UInt8) in
      lines.indices.contains(number) && lines[number].count == 70 && lines[number].allSatisfy { $0 == mark }
    }
    let (double, single) = (UInt8(ascii: "="), UInt8(ascii: "-"))
    for number in tagged.sorted() where !isDropped(number) {
      if isRule(number - 1, double) {
        // A block: both rules and all up to the next.
        var end = number + 1
        if isRule(end, single) { end += 1 }
        while end < lines.count, !isRule(end, double), !isRule(end, single) { end += 1 }
        for line in (number - 1)..<end { drop(line) }
      } else if let start = CanaryLines.nameStart(plain(number)), start > 0 {
        put(number, String(plain(number).prefix(start)))
      } else {
        drop(number)
      }
    }
    if let ran = lines.indices.last(where: { begins($0, "Ran ") }) {
      let text = plain(ran)
      var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      if words.count > 2, let count = Int(words[1]) {
        let rest = max(0, count - statuses.count)
        words[1] = "\(rest)"
        words[2] = rest == 1 ? "test" : "tests"
        put(ran, words.joined(separator: " "))
      }
      if let last = lines.indices.last(where: { $0 > ran && begins($0, "FAILED (") }) {
        put(last, CanaryLines.total(plain(last), failures: failed, errors: erring))
      }
    }
    if let found = lines.indices.first(where: { begins($0, "Found ") }),
      plain(found).hasSuffix(" test(s).")
    {
      put(found, CanaryLines.lessen(plain(found), before: ["test(s)"], by: statuses.count))
    }
  }

  /// Where a test's name begins in a line that tells of it behind what another test printed.
  private static func nameStart(_ line: String) -> Int? {
    guard let range = line.firstRange(of: " (") else { return nil }
    let start = line[..<range.lowerBound].lastIndex { !($0.isLetter || $0.isNumber || $0 == "_") }
    return start.map { line.distance(from: line.startIndex, to: line.index(after: $0)) } ?? 0
  }

  /// `FAILED (failures=2, errors=1, skipped=3)` with fewer of them; `OK (skipped=3)` where none is left.
  private static func total(_ text: String, failures: Int, errors: Int) -> String {
    let less = ["failures": failures, "errors": errors]
    var isFailed = false
    let parts = text.dropFirst(8).prefix { $0 != ")" }.split(separator: ",").compactMap { part -> String? in
      let pair = part.split(separator: "=")
      guard pair.count == 2, let count = Int(pair[1]) else { return String(part) }
      let name = pair[0].drop { $0 == " " }
      let rest = count - (less[String(name)] ?? 0)
      if rest <= 0 { return nil }
      if ["failures", "errors", "unexpected successes"].contains(name) { isFailed = true }
      return "\(name)=\(rest)"
    }
    return (isFailed ? "FAILED" : "OK") + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
  }

  // MARK: SymPy

  func sympy(_ canaries: [Canary]) -> [UInt8] {
    var copy = self
    copy.takeSympy(Dictionary(grouping: canaries, by: \.file).mapValues(\.count))
    return copy.result
  }

  private mutating func takeSympy(_ counts: [String: Int]) {
    let isTitle = { [lines] (number: Int) in
      lines.indices.contains(number) && lines[number].count > 60 && lines[number].first == UInt8(ascii: "_")
    }
    let finish = lines.indices.last {
      begins($0, " ") || begins($0, "=") ? plain($0).contains(" tests finished:") : false
    }
    for number in tagged.sorted() where !isDropped(number) {
      if isTitle(number) {
        // The rule above, and all up to the next rule, the next blank line before one, or the count.
        var end = number + 1
        while end < (finish ?? lines.count), !isTitle(end) { end += 1 }
        if end > number + 1, lines[end - 1].isEmpty { end -= 1 }
        for line in (isTitle(number - 1) ? number - 1 : number)..<end { drop(line) }
      } else {
        drop(number)
      }
    }
    takeSympyFiles(counts)
    guard let finish else { return }
    // The count may be wrapped.
    for number in finish..<min(finish + 3, lines.count) {
      var text = plain(number)
      let before = text
      text = CanaryLines.lessen(text, before: ["failed"], by: failed)
      text = CanaryLines.lessen(text, before: ["exceptions"], by: erring)
      if text != before { put(number, text) }
    }
    let isClean = lines.indices.allSatisfy { isDropped($0) || !isTitle($0) || !plain($0).contains(".py:") }
    if isClean, let last = lines.indices.last(where: { begins($0, "DO *NOT* COMMIT!") }) { drop(last) }
  }

  /// The counts of the files, and what stands behind the last test of each.
  private mutating func takeSympyFiles(_ counts: [String: Int]) {
    for (file, count) in counts {
      let prefix = Array("\(file)[".utf8)
      guard let head = lines.indices.first(where: { lines[$0].starts(with: prefix) }) else { continue }
      let text = plain(head)
      guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]"),
        let number = Int(text[text.index(after: open)..<close])
      else { continue }
      put(head, "\(text[...open])\(max(0, number - count))\(text[close...])")
      var hasFailure = false
      var last: Int?
      var at = head + 1
      while at < lines.count {
        let line = plain(at)
        let isEnd = line.hasSuffix("[FAIL]") || line.hasSuffix("[OK]")
        if line.isEmpty { break }
        if !isDropped(at) {
          last = at
          let words = line.split(separator: " ")
          if words.count > 1, words[1] == "F" || words[1] == "E" { hasFailure = true }
        }
        if isEnd { break }
        at += 1
      }
      guard at < lines.count, let last else { continue }
      var told = plain(last)
      for mark in ["[FAIL]", "[OK]"] where told.hasSuffix(mark) { told.removeLast(mark.count) }
      while told.hasSuffix(" ") { told.removeLast() }
      let mark = hasFailure ? "[FAIL]" : "[OK]"
      put(last, told + String(repeating: " ", count: max(1, 80 - told.count - mark.count)) + mark)
    }
  }

  // MARK: pytest

  func pytest(_ canaries: [Canary]) -> [UInt8] {
    var copy = self
    copy.takePytest(Set(canaries.map(\.file)))
    return copy.result
  }

  private func isRule(_ number: Int, _ mark: Character) -> Bool {
    guard let first = lines[number].first, first == mark.asciiValue || first == 0x1B else { return false }
    let text = plain(number)
    return text.count > 20 && text.hasPrefix("\(mark)\(mark)") && text.hasSuffix("\(mark)\(mark)")
      || text.count > 20 && text.hasPrefix("\(mark) ") && text.hasSuffix(" \(mark)")
        && !text.hasPrefix("\(mark) \(mark)")
  }

  private mutating func takePytest(_ files: Set<String>) {
    let summary = lines.indices.last { isRule($0, "=") && plain($0).contains(" short test summary info ") }
    takeLetters(files, summary: summary)
    for number in tagged.sorted() where !isDropped(number) {
      if isRule(number, "_") {
        var end = number + 1
        while end < lines.count, !isRule(end, "_"), !isRule(end, "=") { end += 1 }
        for line in number..<end { drop(line) }
      } else {
        drop(number)
      }
    }
    if let collected = lines.indices.first(where: { begins($0, "collected ") }) {
      let text = plain(collected)
      put(collected, CanaryLines.lessen(text, before: ["items", "item"], by: statuses.count))
    }
    let last = lines.indices.last { isRule($0, "=") && plain($0).contains(" in ") }
    if let last {
      var text = plain(last)
      text = CanaryLines.lessen(text, before: ["failed"], by: failed)
      text = CanaryLines.lessen(text, before: ["errors", "error"], by: erring)
      put(last, text)
    }
    // A heading over nothing.
    for number in lines.indices where isRule(number, "=") {
      let text = plain(number)
      guard text.contains(" FAILURES ") || text.contains(" ERRORS ") else { continue }
      if let next = lines.indices.dropFirst(number + 1).first(where: { !isDropped($0) }), isRule(next, "=") {
        drop(number)
      }
    }
  }

  /// The letters of the files with canaries, each file's in one line: `t.py ..F.`.
  private mutating func takeLetters(_ files: Set<String>, summary: Int?) {
    guard let start = lines.indices.first(where: { begins($0, "collected ") }),
      let end = lines.indices.first(where: { $0 > start && isRule($0, "=") })
    else { return }
    for file in files.sorted() {
      guard let head = (start..<end).first(where: { plain($0).hasPrefix("\(file) ") }),
        let first = CanaryLines.letters(String(plain(head).dropFirst(file.count)))
      else { continue }
      var letters = first
      var at = head + 1
      while at < end, let more = CanaryLines.letters(plain(at)) {
        letters += more
        drop(at)
        at += 1
      }
      for (letter, word) in [("F" as Character, "FAILED"), ("E", "ERROR")] {
        // The summary tells them in the order in which they ran.
        let told = (summary.map { $0..<lines.count } ?? 0..<0).filter {
          plain($0).hasPrefix("\(word) \(file)::")
        }.map(tagged.contains)
        let places = letters.indices.filter { letters[$0] == letter }
        let less = told.count { $0 }
        let gone = told.count == places.count ? zip(places, told).filter(\.1).map(\.0) : Array(places.suffix(less))
        for place in gone.reversed() { letters.remove(at: place) }
      }
      put(head, "\(file) \(String(letters))")
    }
  }

  /// The letters of ` ..F.s   [ 45%]`; nil for any other line.
  private static func letters(_ text: String) -> [Character]? {
    var body = text.drop { $0 == " " }
    if body.last == "]", let open = body.lastIndex(of: "[") { body = body[..<open] }
    while body.last == " " { body.removeLast() }
    guard !body.isEmpty, body.allSatisfy({ ".FEsxXRrpPu,".contains($0) }) else { return nil }
    return Array(body)
  }
}

extension String {
  /// The text with `range` replaced.
  fileprivate func replacingCharacters(_ range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
