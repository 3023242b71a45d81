import ArgumentParser
import Attempts
import Foundation
import Models
import Sessions

/// What an argument of a word may be, for completion.
package enum Candidates: Sendable {
  case word
  case instance
  case stage
  case take
  case setting
  /// A value of the setting in the argument before.
  case value
  case template
  /// A file of the current instance's repository; may come again and again.
  case repositoryFile
  case model
  case dataset
  /// A file of this machine.
  case file
}

/// What can stand where the cursor is.
package enum Completion {
  /// Whole candidates for the word that ends at `cursor`, a UTF-8 offset into `line`, in a sitting that knows `known`.
  /// `served` gives the models that a server has, and is called only where a model may stand.
  package static func words(
    line: String, cursor: Int, known: Known, served: () -> [String] = { [] }
  ) -> [String] {
    let before = String(decoding: Array(line.utf8.prefix(cursor)), as: UTF8.self)
    // Only the last of several commands matters.
    let start = before.lastIndex(of: ";").map { before.index(after: $0) } ?? before.startIndex
    var words = before[start...].drop { $0 == " " }
      .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard let last = words.popLast() else { return [] }
    words.removeAll { $0.isEmpty }
    return choices(behind: words, known, served).filter { $0.hasPrefix(last) }
      .filter { !$0.hasPrefix("-") || last.hasPrefix("-") }
      + (words.isEmpty ? [] : files(behind: words, last))
  }

  private static func choices(
    behind words: [String], _ known: Known, _ served: () -> [String]
  ) -> [String] {
    guard let first = words.first else { return WordTable.words.map { $0.word } }
    guard let word = try? WordTable.word(first) else { return [] }
    guard let (type, arguments) = command(word, Array(words.dropFirst())) else {
      return word.configuration.subcommands.map { $0.word }
    }
    if let option = arguments.last, let kind = optionValues[option] {
      return candidates(kind, after: nil, known, served)
    }
    let plain = arguments.filter { !$0.hasPrefix("-") }
    var found = kind(of: plain.count, in: type).map { candidates($0, after: plain.last, known, served) } ?? []
    if type.word == word.word, plain.isEmpty { found += word.configuration.subcommands.map { $0.word } }
    return found + options(of: type)
  }

  /// The command that is being typed, and what has been typed of its arguments; nil where its second word is to come.
  private static func command(
    _ word: any ParsableCommand.Type, _ rest: [String]
  ) -> (type: any ParsableCommand.Type, arguments: [String])? {
    if word.configuration.subcommands.isEmpty { return (word, rest) }
    guard let name = rest.first else { return nil }
    return word.configuration.subcommands.first { $0.word == name }.map { ($0, Array(rest.dropFirst())) }
  }

  private static func kind(of index: Int, in type: any ParsableCommand.Type) -> Candidates? {
    let kinds = (type as? any SessionCommand.Type)?.completions ?? []
    if index < kinds.count { return kinds[index] }
    if case .repositoryFile? = kinds.last { return .repositoryFile }
    return nil
  }

  private static let optionValues: [String: Candidates] = [
    "--through": .stage, "--instance": .instance, "--file": .file,
  ]

  private static func candidates(
    _ kind: Candidates, after previous: String?, _ known: Known, _ served: () -> [String]
  ) -> [String] {
    switch kind {
    case .word: WordTable.words.map { $0.word } + ["tour"]
    case .instance: known.instances
    case .stage: Stage.allCases.map(\.rawValue) + ["tests"]
    case .take: known.takes
    case .setting: SettingTable.all.map(\.name)
    case .value: previous.flatMap { try? SettingTable.setting($0) }.map { $0.choices } ?? []
    case .template: known.templates + ["default"]
    case .repositoryFile: known.paths
    case .model: ModelName.Kind.allCases.map(\.rawValue) + served()
    case .dataset: known.datasets
    case .file: []
    }
  }

  private static func options(of type: any ParsableCommand.Type) -> [String] {
    let text = type.helpMessage(includeHidden: false, columns: 200)
    let names = text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "," || $0 == "[" || $0 == "]" })
      .filter { $0.hasPrefix("--") && $0.dropFirst(2).allSatisfy { $0.isLetter || $0 == "-" } }
    return Array(Set(names.map(String.init))).sorted()
  }

  /// Files of this machine, where the word being typed is one: folders end in `/`.
  private static func files(behind words: [String], _ last: String) -> [String] {
    guard let first = words.first, let word = try? WordTable.word(first),
      let (type, arguments) = command(word, Array(words.dropFirst()))
    else { return [] }
    let plain = arguments.filter { !$0.hasPrefix("-") }
    var isFile = arguments.last == "--file"
    if case .file? = kind(of: plain.count, in: type) { isFile = true }
    guard isFile else { return [] }
    let folder = last.lastIndex(of: "/").map { String(last[...$0]) } ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") }.map { name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder)
      return folder + name + (isFolder.boolValue ? "/" : "")
    }.filter { $0.hasPrefix(last) }
  }
}
