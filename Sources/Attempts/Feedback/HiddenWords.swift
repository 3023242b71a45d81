/// Words that the test patch brings and the test files at the base commit lack. What visible tests say may quote them,
/// where the patch changes what these tests call; such lines are left out.
struct HiddenWords {
  private static let shortest = 4
  /// From this length on a word is also found inside of another: `repr` writes a line end before it as `\n`.
  private static let longEnough = 6
  private let words: Set<Substring>
  private let long: [Substring]

  init(testPatch: String, files: [String: [UInt8]]) {
    var words: Set<Substring> = []
    // The names of its files count too: a traceback tells where a helper that it brings stands.
    for line in testPatch.split(separator: "\n") where line.hasPrefix("+") && line != "+++ /dev/null" {
      words.formUnion(HiddenWords.words(of: line))
    }
    for (path, file) in files where !words.isEmpty {
      words.subtract(HiddenWords.words(of: path[...]))
      words.subtract(HiddenWords.words(of: String(decoding: file, as: UTF8.self)[...]))
    }
    self.words = words
    long = words.filter { $0.utf8.count >= HiddenWords.longEnough }
  }

  /// `text` without the lines that hold one of the words.
  func removed(from text: String) -> String {
    guard !words.isEmpty else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !holds($0) }.joined(separator: "\n")
  }

  /// True where one of the words stands in `text`, whole, inside of another, or its beginning.
  func holds(_ text: some StringProtocol) -> Bool {
    HiddenWords.words(of: Substring(text)).contains { word in
      words.contains(word) || long.contains { holds($0, in: word) }
    }
  }

  private func holds(_ hidden: Substring, in word: Substring) -> Bool {
    // Messages are cut: what is left of a word at the cut is its beginning.
    if word.utf8.count >= HiddenWords.longEnough, hidden.hasPrefix(word) { return true }
    return word.utf8.count > hidden.utf8.count && word.contains(hidden)
  }

  /// Runs of letters, digits and underlines.
  private static func words(of text: Substring) -> [Substring] {
    text.split { character in
      !(character.isLetter || character.isNumber || character == "_")
    }.filter { $0.utf8.count >= shortest }
  }
}
