/// Lines that stand for code which a model left out.
enum Ellipsis {
  /// True for `...` alone, and for a comment that says so.
  static func isMark(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.withoutBlanks
    return text.elementsEqual("...".utf8) || text.elementsEqual("…".utf8) || isComment(line)
  }

  /// True for a comment that says that code is left out: `# ...`, `# ... existing code ...`, `# rest of the method`.
  static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.withoutBlanks
    guard let words = text.dropping(word: "#") ?? text.dropping(word: "//"), text.count < 100 else { return false }
    let said = words.drop { $0 == 35 || $0 == 47 || $0.isBlank }.text.lowercased()
    if said.hasPrefix("...") || said.hasPrefix("…") {
      let rest = said.drop { $0 == "." || $0 == "…" || $0 == " " }
      return rest.isEmpty || said.hasSuffix("...") || said.hasSuffix("…") || hasWord(said)
    }
    if said.hasPrefix("rest "), ["unchanged", "same", "remain", "omitted"].contains(where: said.contains) {
      return true
    }
    let isOpening = ["rest of", "the rest of", "remaining ", "existing ", "other ", "(rest", "(existing", "unchanged"]
      .contains { said.hasPrefix($0) }
    return isOpening && hasWord(said)
      && (said.hasPrefix("rest") || said.hasPrefix("the rest") || said.hasSuffix("...")
        || said.hasSuffix("unchanged") || said.hasSuffix("same") || said.hasPrefix("unchanged") || said.hasSuffix(")"))
  }

  private static func hasWord(_ said: String) -> Bool {
    ["rest", "existing", "unchanged", "remain", "same", "other", "omitted", "previous", "original", "code"]
      .contains { said.contains($0) }
  }

  /// The first line of `new` that leaves code out and is no line of `old`, 0-based.
  static func firstComment(in new: [ArraySlice<UInt8>], unlike old: some Sequence<ArraySlice<UInt8>>) -> Int? {
    guard let index = new.firstIndex(where: isComment) else { return nil }
    let known = Set(old.filter(isComment).map(\.withoutBlanks.text))
    return new[index...].firstIndex { isComment($0) && !known.contains($0.withoutBlanks.text) }
  }
}
