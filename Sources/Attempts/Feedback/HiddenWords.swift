/// Words that the test patch brings and the test files at the base commit lack. What visible tests say may quote them,
/// where the patch changes what these tests call; such lines are left out.
struct HiddenWords {
  private static let shortest = 6
  private let words: Set<Substring>

  init(testPatch: String, files: [String: [UInt8]]) {
    var words: Set<Substring> = []
    for line in testPatch.split(separator: "\n") where line.hasPrefix("+") && !line.hasPrefix("+++ ") {
      words.formUnion(HiddenWords.words(of: line))
    }
    for file in files.values where !words.isEmpty {
      words.subtract(HiddenWords.words(of: String(decoding: file, as: UTF8.self)[...]))
    }
    self.words = words
  }

  /// `text` without the lines that hold one of the words.
  func removed(from text: String) -> String {
    guard !words.isEmpty else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { words.isDisjoint(with: HiddenWords.words(of: $0)) }.joined(separator: "\n")
  }

  /// Runs of letters, digits and underlines.
  private static func words(of text: Substring) -> [Substring] {
    text.split { character in
      !(character.isLetter || character.isNumber || character == "_")
    }.filter { $0.utf8.count >= shortest }
  }
}
