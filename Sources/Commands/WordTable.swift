import ArgumentParser
import Content
import Foundation

/// A group of words, as `help` lists them.
package struct WordGroup: Sendable {
  package let title: String
  package let words: [any ParsableCommand.Type]
}

/// The words of the language. Help, completion and `docs/language.md` come from this table.
package enum WordTable {
  package static let groups: [WordGroup] = [
    WordGroup(
      title: "instances",
      words: [
        LoadCommand.self, UnloadCommand.self, InstancesCommand.self, InfoCommand.self, SampleCommand.self,
        PreflightCommand.self, InstanceCommand.self,
      ]),
    WordGroup(
      title: "attempts",
      words: [RunCommand.self, RerunCommand.self, ContinueCommand.self, OpenCommand.self, AttemptsCommand.self]),
    WordGroup(title: "looking", words: [ShowCommand.self, DiffCommand.self, WhyCommand.self]),
    WordGroup(
      title: "changing",
      words: [
        SetCommand.self, SettingsCommand.self, ContextCommand.self, TemplateCommand.self, SkillCommand.self,
        TweakCommand.self,
        NoteCommand.self,
      ]),
    WordGroup(title: "models", words: [ModelCommand.self]),
    WordGroup(
      title: "campaigns",
      words: [
        PhaseCommand.self, BatchCommand.self, GateCommand.self, RetryCommand.self, ResumeCommand.self,
        ResultsCommand.self, ReportCommand.self, CompareCommand.self, ForecastCommand.self, FollowCommand.self,
      ]),
    WordGroup(title: "reading again", words: [ReparseCommand.self, GradeCommand.self, RegradeCommand.self]),
    WordGroup(
      title: "sessions",
      words: [
        SaveCommand.self, SourceCommand.self, ReplayCommand.self, CheckCommand.self, ExpectCommand.self,
        ParamCommand.self, AlwaysCommand.self, HistoryCommand.self, SittingsCommand.self,
      ]),
    WordGroup(title: "this machine", words: [CacheCommand.self]),
    WordGroup(
      title: "leaving",
      words: [ExportCommand.self, HelpCommand.self, ShellCommand.self, QuitCommand.self]),
  ]

  package static let words: [any ParsableCommand.Type] = groups.flatMap(\.words)

  /// The word that `text` means: itself, or the only one that begins so. Throws naming the nearest.
  package static func word(_ text: String) throws -> any ParsableCommand.Type {
    try choose(text, among: words, in: nil)
  }

  /// The word that `text` means behind the word `outer`. Throws naming the nearest.
  static func word(_ text: String, behind outer: any ParsableCommand.Type) throws -> any ParsableCommand.Type {
    try choose(text, among: outer.configuration.subcommands, in: outer.word)
  }

  /// A line of the language, parsed.
  package struct Request {
    package let command: any SessionCommand
    /// Its words without `--json`, the language's own in full: what they mean stays the same where words are added.
    package let words: [String]
    /// True where `--json`, which belongs to every word, is among its options.
    package let json: Bool
  }

  /// What `arguments` mean. Throws `LanguageError`.
  package static func parse(_ arguments: [String]) throws -> Request {
    guard let first = arguments.first else { throw LanguageError.nothing }
    let type = try word(first)
    let takesText = (type as? any SessionCommand.Type)?.takesText ?? false
    var rest = Array(arguments.dropFirst())
    if takesText {
      guard rest != ["--help"] else { return Request(command: try help([type.word]), words: arguments, json: false) }
      return Request(command: try parsed(type, rest), words: [type.word] + rest, json: false)
    }
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    let json = rest[..<end].contains("--json")
    if json { rest = rest[..<end].filter { $0 != "--json" } + rest[end...] }
    let subcommands = type.configuration.subcommands
    // `rerun --help` is `help rerun`.
    if rest.contains(where: { $0 == "--help" || $0 == "-h" }) {
      let inner = subcommands.isEmpty ? [] : rest.prefix(1).filter { !$0.hasPrefix("-") }
      return Request(command: try help([type.word] + inner), words: arguments, json: json)
    }
    guard !subcommands.isEmpty else {
      return Request(command: try parsed(type, rest), words: [type.word] + rest, json: json)
    }
    guard let name = rest.first, !name.hasPrefix("-") else {
      guard let standard = type.configuration.defaultSubcommand else { throw LanguageError.needsWord(type.word) }
      return Request(command: try parsed(standard, rest), words: [type.word, standard.word] + rest, json: json)
    }
    let inner = try self.word(name, behind: type)
    rest.removeFirst()
    return Request(command: try parsed(inner, rest), words: [type.word, inner.word] + rest, json: json)
  }

  private static func help(_ words: [String]) throws -> any SessionCommand { try HelpCommand.parse(words) }

  private static func choose(
    _ text: String, among types: [any ParsableCommand.Type], in outer: String?
  ) throws -> any ParsableCommand.Type {
    if let exact = types.first(where: { $0.word == text || $0.configuration.aliases.contains(text) }) { return exact }
    let begun = text.isEmpty ? [] : types.filter { $0.word.hasPrefix(text) }
    if begun.count == 1 { return begun[0] }
    if begun.count > 1 { throw LanguageError.ambiguous(text, words: begun.map { $0.word }) }
    let nearest = text.isEmpty ? [] : Nearest.names(to: text, in: types.map { $0.word })
    throw LanguageError.unknownWord(outer.map { "\($0) \(text)" } ?? text, nearest: nearest)
  }

  /// The arguments with `--force=yes` as `--force`, and without `--force=no`: so a parameter of a script can say whether a
  /// flag stands there.
  private static func switched(_ arguments: [String], of type: any ParsableCommand.Type) throws -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    guard arguments[..<end].contains(where: { $0.hasPrefix("--") && $0.contains("=") }) else { return arguments }
    let usage = type.helpMessage(includeHidden: false, columns: 400)
    let told = try arguments[..<end].filter { argument in
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, parts[0].hasPrefix("--"), usage.contains("[\(parts[0])]") else { return true }
      guard ["yes", "no"].contains(parts[1]) else {
        throw LanguageError.badArguments(
          word: type.fullWord, message: "\(parts[0]) is yes or no, and not `\(parts[1])`")
      }
      return parts[1] == "yes"
    }
    return told.map { argument in
      argument.hasSuffix("=yes") && usage.contains("[\(argument.dropLast(4))]")
        ? String(argument.dropLast(4)) : argument
    } + arguments[end...]
  }

  private static func parsed(_ type: any ParsableCommand.Type, _ arguments: [String]) throws -> any SessionCommand {
    let takesText = (type as? any SessionCommand.Type)?.takesText ?? false
    let arguments = takesText ? arguments : try switched(arguments, of: type)
    do {
      let command = try type.parseAsRoot(arguments)
      if let command = command as? any SessionCommand { return command }
      return try HelpCommand.parse([type.word])
    } catch {
      throw LanguageError.badArguments(word: type.fullWord, message: type.message(for: error))
    }
  }
}

extension ParsableCommand {
  /// The word that names it.
  package static var word: String { configuration.commandName ?? "" }

  /// The word with the one before it, e.g. `context add`.
  package static var fullWord: String {
    for outer in WordTable.words where outer.configuration.subcommands.contains(where: { $0 == Self.self }) {
      return "\(outer.word) \(word)"
    }
    return word
  }
}

/// Why a line is none of the language.
package enum LanguageError: Error, Hashable, Sendable {
  case nothing
  case unknownWord(String, nearest: [String])
  case ambiguous(String, words: [String])
  /// A word that wants another one behind it.
  case needsWord(String)
  case badArguments(word: String, message: String)
}

extension LanguageError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .nothing: "there is nothing to do on this line"
    case .unknownWord(let word, let nearest):
      "no word `\(word)`" + (nearest.isEmpty ? "" : "; nearest: \(nearest.joined(separator: ", "))")
    case .ambiguous(let word, let words): "`\(word)` may mean \(words.joined(separator: ", "))"
    case .needsWord(let word): "`\(word)` wants another word behind it"
    case .badArguments(let word, let message): "`\(word)`: \(LanguageError.sentence(message))"
    }
  }

  /// The library's own sentences begin with a capital and end with a full stop. What begins with a name, as `N`, stays.
  private static func sentence(_ message: String) -> String {
    let text = message.trimmingCharacters(in: .init(charactersIn: ".\n"))
    guard text.dropFirst().first?.isLowercase == true else { return text }
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  package var recoverySuggestion: String? {
    switch self {
    case .nothing, .unknownWord: "`help` lists the words"
    case .ambiguous: "type one more letter"
    case .needsWord(let word): "`help \(word)` shows them"
    case .badArguments(let word, _): "`help \(word)` shows how it is used"
    }
  }
}
