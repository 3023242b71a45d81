import ArgumentParser
import Attempts
import Sessions

/// `docs/language.md`: the words, the settings and what `expect` can say, made from the tables that the program uses.
package enum LanguageDocument {
  /// The document; every line ends in a newline.
  package static var text: String {
    var text = """
      # The language

      Made from the table of words by `make accept`; a test holds it equal. `help WORD` prints the same at the prompt.

      A line is a word and its arguments, split at blanks. `'...'` is literal; `"..."` knows `\\"`, `\\\\`, `\\$`, `\\n` and
      `\\t`; `#` at the start of a word begins a comment; `;` separates lines; a backslash at the end goes on with the
      next. `$name` and `${name}` put a parameter into an argument. The beginning of a word is enough where it is the
      only one that begins so. `--json` behind any line prints one JSON object per line, and `--help` its help.

      The prompt, a script (`ramp FILE.ramp`), `ramp -c 'LINE; LINE'`, standard input and the shell (`ramp WORD ...`)
      know the same words.


      """
    for group in WordTable.groups {
      text += "## \(group.title)\n\n"
      for word in group.words { text += entry(word) }
    }
    return text + settings
  }

  private static func entry(_ type: any ParsableCommand.Type) -> String {
    let subcommands = type.configuration.subcommands
    guard !subcommands.isEmpty else { return page(type) }
    var text = "### \(type.word)\n\n\(type.configuration.abstract)\n\n"
    if let standard = type.configuration.defaultSubcommand { text += "Alone it is `\(standard.fullWord)`.\n\n" }
    return text + subcommands.map { page($0) }.joined()
  }

  private static func page(_ type: any ParsableCommand.Type) -> String {
    let page = HelpPage(type)
    let level = type.fullWord == type.word ? "###" : "####"
    return "\(level) \(type.fullWord)\n\n```\n\(page.usage)\n\n\(page.body)```\n\n"
  }

  /// The settings as a table.
  private static var settings: String {
    var text = "## settings\n\n| setting | default | means |\n|---|---|---|\n"
    for setting in SettingTable.all {
      let choices = setting.choices.isEmpty ? "" : " (\(setting.choices.joined(separator: ", ")))"
      let standard = setting.value(in: Settings())
      text += "| `\(setting.name)` | `\(standard)` | \(setting.help)\(choices) |\n"
    }
    return text
  }
}
