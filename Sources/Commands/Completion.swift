import ArgumentParser
import Sessions

/// What can stand where the cursor is: words, and the names of settings. More comes with a later version.
package enum Completion {
  /// Whole candidates for the word that ends at `cursor`, a UTF-8 offset into `line`.
  package static func words(line: String, cursor: Int) -> [String] {
    let before = String(decoding: Array(line.utf8.prefix(cursor)), as: UTF8.self)
    let words = before.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard let last = words.last else { return [] }
    let choices: [String]
    switch (words.count, words.first) {
    case (1, _): choices = WordTable.words.map { $0.word }
    case (2, "set"?), (2, "settings"?): choices = SettingTable.all.map(\.name)
    case (2, "help"?): choices = WordTable.words.map { $0.word }
    case (2, let first?):
      choices = (try? WordTable.word(first))?.configuration.subcommands.map { $0.word } ?? []
    default: choices = []
    }
    return choices.filter { $0.hasPrefix(last) }
  }
}
