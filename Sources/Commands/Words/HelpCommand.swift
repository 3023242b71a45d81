import ArgumentParser
import Sessions
import Terminal

/// `help [WORD]`: what can be typed.
package struct HelpCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "help",
    abstract: "List the words, or show how one is used, with examples; of a setting, what it means.")
  package static let examples = ["help", "help rerun", "help context add", "help feedback", "help tour"]
  package static let completions: [Candidates] = [.word, .inner]

  @Argument(help: "The word.")
  var words: [String] = []

  @Flag(help: .hidden)
  var markdown = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    if markdown { return Done(MessageOutput(LanguageDocument.text, fields: [:])) }
    guard let first = words.first else { return Done(WordsOutput()) }
    if words == ["tour"] { return Done(Tour()) }
    if words.count == 1, (try? WordTable.word(first)) == nil, let setting = try? SettingTable.setting(first) {
      return Done(SettingsOutput(rows: [.init(setting, in: await session.settings)]))
    }
    let type = try WordTable.word(first)
    guard words.count > 1 else { return Done(HelpOutput(type: type)) }
    return Done(HelpOutput(type: try WordTable.word(words[1], behind: type)))
  }
}

/// All words, by group.
struct WordsOutput: Output {
  func text(_ look: Look) -> String {
    var text = ""
    for group in WordTable.groups {
      text += look.style.apply(.heading, group.title) + "\n"
      for word in group.words {
        text += "  \(Width.padded(word.word, to: 10))  \(word.configuration.abstract)\n"
      }
    }
    return text
      + "`help WORD` shows options and examples, `help tour` walks through the practice set; the beginning of a word is\n"
      + "enough where it is the only one\n"
  }

  func json() throws -> [String] {
    struct Line: Encodable { let word, group, abstract: String }
    return try WordTable.groups.flatMap { group in
      try group.words.map {
        try JSONLine.of(Line(word: $0.word, group: group.title, abstract: $0.configuration.abstract))
      }
    }
  }
}

/// One word: what it does, its arguments, its examples.
struct HelpOutput: Output {
  let type: any ParsableCommand.Type

  /// The words behind this one, or itself.
  private var commands: [any ParsableCommand.Type] {
    type.configuration.subcommands.isEmpty ? [type] : type.configuration.subcommands
  }

  func text(_ look: Look) -> String {
    var text = ""
    if !type.configuration.subcommands.isEmpty { text += type.configuration.abstract + "\n\n" }
    for command in commands {
      let page = HelpPage(command)
      text += look.style.apply(.heading, page.usage) + "\n"
      text += page.body + "\n"
    }
    return text
  }

  func json() throws -> [String] {
    struct Line: Encodable { let word, usage, abstract: String, examples: [String] }
    return try commands.map {
      let page = HelpPage($0)
      return try JSONLine.of(
        Line(word: $0.fullWord, usage: page.usage, abstract: $0.configuration.abstract, examples: page.examples))
    }
  }
}

/// The help of one command, as `help` prints it and `docs/language.md` holds it.
struct HelpPage {
  let usage: String
  let body: String
  let examples: [String]

  init(_ type: any ParsableCommand.Type) {
    let message = type.helpMessage(includeHidden: false, columns: 100)
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let usageLine = lines.first { $0.hasPrefix("USAGE: ") } ?? ""
    let inner = usageLine.dropFirst("USAGE: ".count)
    let outer = type.fullWord == type.word ? "" : String(type.fullWord.dropLast(type.word.count))
    usage = outer + inner
    examples = (type as? any SessionCommand.Type)?.examples ?? []
    var rest = ["  \(type.configuration.abstract)"]
    if !type.configuration.discussion.isEmpty { rest += HelpPage.wrapped(type.configuration.discussion) }
    // Arguments and options as the parser knows them, without `--help`, which every word has.
    let tables = lines.drop { !$0.hasPrefix("ARGUMENTS:") && !$0.hasPrefix("OPTIONS:") }
    let described = tables.filter {
      !$0.contains("-h, --help") && !$0.hasSuffix("OPTIONS:") && !$0.hasSuffix("ARGUMENTS:")
    }
    let options = described.filter { !$0.allSatisfy(\.isWhitespace) }
    if !options.isEmpty { rest += [""] + options.map { "  " + $0 } }
    if !examples.isEmpty { rest += ["", "  examples"] + examples.map { "    \($0)" } }
    body = rest.joined(separator: "\n") + "\n"
  }

  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = " "
    for word in text.split(whereSeparator: \.isWhitespace) {
      if line.count + word.count + 1 > 100 {
        lines.append(line)
        line = " "
      }
      line += " " + word
    }
    return lines + [line]
  }
}
