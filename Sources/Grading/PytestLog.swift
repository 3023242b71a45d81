/// The log of `pytest -rA`.
enum PytestLog {
  /// Which lines tell a status, and how names are spelled. Rule: SWE-bench's harness, one parser for each repository.
  enum Form {
    /// Lines that begin with a status.
    case first
    /// The same; `[/a/b/c]` in a name becomes `[/c]`.
    case options
    /// Control characters taken out; lines that end with a status count too, as older versions print them.
    case second
    /// The same as `first`, with two enumeration members spelled as numbers.
    case matplotlib
    /// Passing tests may have their status behind the name.
    case seaborn

    init(repo: String) {
      switch repo {
      case "psf/requests", "pylint-dev/pylint": self = .options
      case "astropy/astropy", "scikit-learn/scikit-learn", "sphinx-doc/sphinx": self = .second
      case "matplotlib/matplotlib": self = .matplotlib
      case "mwaskom/seaborn": self = .seaborn
      default: self = .first
      }
    }
  }

  static func outcomes(in log: [UInt8], form: Form) -> [String: TestStatus] {
    var table = OutcomeTable()
    for raw in LogLines(log) {
      let line = form == .second ? plain(raw) : raw
      if let status = leadingStatus(line) {
        let words = line.words(3)
        guard words.count > 1, words[0].text == status.rawValue else { continue }
        if form == .seaborn, status != .passed, status != .failed { continue }
        // A failure's reason stands behind ` - `; a name of its own never begins with it.
        let isBare = status == .failed && words.count > 2 && words[1].elementsEqual([UInt8(ascii: "-")])
        take(isBare ? words[2] : words[1], status, form: form, into: &table)
      } else if form == .second, let status = trailingStatus(line) {
        let words = line.words(2)
        if words.count > 1, words[1].text == status.rawValue { table.set(words[0], status) }
      } else if form == .seaborn, line.index(of: " PASSED ") != nil {
        let words = line.words(2)
        if words.count > 1, words[1].hasPrefix("PASSED"), words[1].count == 6 { table.set(words[0], .passed) }
      }
    }
    return table.statuses
  }

  private static func take(
    _ name: ArraySlice<UInt8>, _ status: TestStatus, form: Form, into table: inout OutcomeTable
  ) {
    guard table.isTaken(name) else { return }
    let text = spelled(name, form: form)
    // A name is cut at its first space. Where several tests share what is left, the worst of them counts.
    let isCut = name.contains(UInt8(ascii: "[")) && name.last != UInt8(ascii: "]")
    if isCut { table.worsen(text, status) } else { table.set(text, status) }
  }

  private static func spelled(_ name: ArraySlice<UInt8>, form: Form) -> String {
    switch form {
    case .first, .second, .seaborn: name.text
    case .matplotlib:
      name.text.replacing("MouseButton.LEFT", with: "1").replacing("MouseButton.RIGHT", with: "3")
    case .options: withShortOption(name)
    }
  }

  private static func withShortOption(_ name: ArraySlice<UInt8>) -> String {
    guard let open = name.firstIndex(of: UInt8(ascii: "[")), let close = name.lastIndex(of: UInt8(ascii: "]")),
      open < close
    else { return name.text }
    let option = name[(open + 1)..<close]
    guard option.hasPrefix("/"), !option.hasPrefix("//"), !option.contains(UInt8(ascii: "*")),
      let slash = option.lastIndex(of: UInt8(ascii: "/"))
    else { return name[...close].text }
    return name[...open].text + option[slash...].text + "]"
  }

  private static func leadingStatus(_ line: ArraySlice<UInt8>) -> TestStatus? {
    switch line.first {
    case UInt8(ascii: "P"): line.hasPrefix("PASSED") ? .passed : nil
    case UInt8(ascii: "F"): line.hasPrefix("FAILED") ? .failed : nil
    case UInt8(ascii: "E"): line.hasPrefix("ERROR") ? .error : nil
    case UInt8(ascii: "S"): line.hasPrefix("SKIPPED") ? .skipped : nil
    case UInt8(ascii: "X"): line.hasPrefix("XFAIL") ? .xfail : nil
    default: nil
    }
  }

  private static func trailingStatus(_ line: ArraySlice<UInt8>) -> TestStatus? {
    if line.hasSuffix("PASSED") { return .passed }
    if line.hasSuffix("FAILED") { return .failed }
    if line.hasSuffix("ERROR") { return .error }
    if line.hasSuffix("SKIPPED") { return .skipped }
    return line.hasSuffix("XFAIL") ? .xfail : nil
  }

  /// The line without `[31m` and without control characters; tabs go too, as in the harness.
  private static func plain(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let hasControl = line.contains { $0 < 0x20 }
    guard hasControl || line.index(of: "m") != nil && line.contains(UInt8(ascii: "[")) else { return line }
    var kept: [UInt8] = []
    kept.reserveCapacity(line.count)
    var at = line.startIndex
    while at < line.endIndex {
      if line[at] == UInt8(ascii: "["), let end = colourEnd(line, at) {
        at = end
        continue
      }
      if line[at] >= 0x20 { kept.append(line[at]) }
      at += 1
    }
    return kept[...]
  }

  /// The index behind `[31m` at `start`. A run of digits longer than three is none.
  private static func colourEnd(_ line: ArraySlice<UInt8>, _ start: Int) -> Int? {
    var at = start + 1
    while at < line.endIndex, line[at].isDigit, at - start <= 4 { at += 1 }
    guard at > start + 1, at < line.endIndex, line[at] == UInt8(ascii: "m") else { return nil }
    return at + 1
  }
}
