/// Why a SEARCH text found no place, with the nearest lines and what would have to be written otherwise.
struct Diagnosis {
  let path: String
  let edit: Int
  let text: SourceText
  let matcher: Matcher

  /// The error of a placing that is none.
  func error(of placing: Placing) -> EditError {
    switch placing {
    case .several(let places, _):
      return .ambiguous(
        path: path, edit: edit, lines: places.map { $0 + 1 },
        within: Diagnosis.landmarks(of: places, in: text, path))
    case .blanksDiffer(let at): return whitespaceOnly(at)
    case .leftOut:
      let mark = matcher.search.first(where: Ellipsis.isMark) ?? matcher.new.first(where: Ellipsis.isMark)
      return .ellipsis(path: path, edit: edit, text: mark?.withoutBlanks.text ?? "...")
    case .absent, .one: return absent
    }
  }

  /// What tells the first few of these 0-based lines apart.
  static func landmarks(of places: [Int], in text: SourceText, _ path: String) -> [Landmark] {
    let all = PythonSyntax.isPython(path) ? Definition.all(in: text.bytes) : []
    return places.prefix(6).map { place in
      if let inner = all.last(where: { $0.firstLine <= place + 1 && place + 1 <= $0.lastLine }) {
        return .definition(inner.name)
      }
      guard let above = text.lines[..<place].last(where: { !$0.content.isBlank }) else { return .startOfFile }
      return .below(String(above.content.withoutBlanks.prefix(200).text))
    }
  }

  private func whitespaceOnly(_ place: Int) -> EditError {
    .whitespaceOnly(
      path: path, edit: edit, nearest: text.region(about: place + 1), corrections: corrections(at: place))
  }

  private var absent: EditError {
    let (search, new) = (matcher.search, matcher.new)
    if saysEnough(new),
      let there = BlockMatch(of: new, in: text.lines, fingerprints: matcher.fingerprints), there.places.count == 1
    {
      return .alreadyApplied(path: path, edit: edit, line: there.places[0] + 1)
    }
    if let place = withoutAnyBlanks() { return whitespaceOnly(place) }
    if let mark = search.first(where: Ellipsis.isMark) {
      return .ellipsis(path: path, edit: edit, text: mark.withoutBlanks.text)
    }
    let start = NearestPlace.start(of: search, in: text, fingerprints: matcher.fingerprints)
    return .staleAnchor(
      path: path, edit: edit,
      nearest: start.flatMap { NearestPlace.region(of: search, at: $0, in: text, fingerprints: matcher.fingerprints) },
      corrections: start.map(corrections) ?? [])
  }

  /// Whether lines that are in the file show that an edit was made: a lone `pass`, `else:` or `)` is there anyway.
  private func saysEnough(_ lines: [ArraySlice<UInt8>]) -> Bool {
    let full = lines.filter { !$0.isBlank }
    if full.count != 1 { return !full.isEmpty }
    let isOfWord = { (byte: UInt8) in
      byte == UInt8(ascii: "_") || byte >= 128 || Character(Unicode.Scalar(byte)).isLetter
    }
    let words = full[0].split { !isOfWord($0) }.map { String(decoding: $0, as: UTF8.self) }
    return words.contains { !Diagnosis.common.contains($0) }
  }

  private static let common: Set<String> = [
    "pass", "return", "None", "True", "False", "else", "try", "finally", "continue", "break", "except", "raise", "self",
  ]

  /// The only place where the lines are equal when no blank counts.
  private func withoutAnyBlanks() -> Int? {
    let wanted = matcher.search.filter { !$0.isBlank }.map(Fingerprint.withoutBlanks)
    guard matcher.search.reduce(0, { $0 + $1.count { !$0.isBlank } }) > 2 else { return nil }
    let full = text.lines.indices.filter { !text.lines[$0].content.isBlank }
    guard full.count >= wanted.count else { return nil }
    let lines = full.map { Fingerprint.withoutBlanks(text.lines[$0].content) }
    let places = (0...lines.count - wanted.count).filter { start in
      lines[start] == wanted[0] && wanted.indices.allSatisfy { lines[start + $0] == wanted[$0] }
    }
    return places.count == 1 ? full[places[0]] : nil
  }

  /// The first lines of the SEARCH text that differ from those at `start`, where not most of them do.
  private func corrections(at start: Int) -> [Correction] {
    var found: [Correction] = []
    for (index, line) in matcher.search.enumerated() {
      let place = start + index
      let actual = text.lines.indices.contains(place) ? text.lines[place].content : nil
      if actual?.withoutTrailingBlanks == line.withoutTrailingBlanks { continue }
      found.append(
        Correction(
          line: index + 1, written: line.prefix(200).text, actual: actual.map { $0.prefix(200).text }))
    }
    return found.count * 2 > matcher.search.count + 1 ? [] : Array(found.prefix(Correction.limit))
  }
}
