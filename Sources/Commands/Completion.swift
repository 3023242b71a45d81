import ArgumentParser
import Attempts
import Campaigns
import Foundation
import Grading
import Instances
import Models
import Sessions

/// What an argument of a word may be, for completion.
package enum Candidates: Sendable {
  case word
  /// A word behind the one in the argument before.
  case inner
  case instance
  case stage
  case take
  /// What `open` takes: an instance, the failed ones of the last batch first.
  case opened
  /// The number of a sitting.
  case sitting
  case setting
  /// A value of the setting in the argument before.
  case value
  case template
  /// A file of the current instance's repository; may come again and again.
  case repositoryFile
  case model
  case dataset
  /// What `load` takes: a name, or a file.
  case source
  case verdict
  case repository
  /// What `expect` begins with, and what can stand behind that.
  case expectation
  case expected
  /// One of these, which are fixed.
  case choice([String])
  /// Something that cannot be listed.
  case anything
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
    if words.first == AlwaysCommand.word { words.removeFirst() }
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
    if words.last == ">" { return [] }
    if let option = arguments.last, let kind = value(of: option, in: type) {
      return candidates(kind, after: nil, known, served)
    }
    let plain = plain(arguments, of: type)
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
    return (try? WordTable.word(name, behind: word)).map { ($0, Array(rest.dropFirst())) }
  }

  /// The arguments that are neither options nor their values.
  private static func plain(_ arguments: [String], of type: any ParsableCommand.Type) -> [String] {
    arguments.enumerated().filter { index, text in
      !text.hasPrefix("-") && (index == 0 || value(of: arguments[index - 1], in: type) == nil)
    }.map(\.element)
  }

  /// What an option's value may be; nil where it is no option, or takes none.
  private static func value(of option: String, in type: any ParsableCommand.Type) -> Candidates? {
    guard option.hasPrefix("--"), usage(of: type).contains("\(option) <") else { return nil }
    return optionValues[option] ?? .anything
  }

  private static func usage(of type: any ParsableCommand.Type) -> String {
    type.helpMessage(includeHidden: false, columns: 200)
  }

  private static func kind(of index: Int, in type: any ParsableCommand.Type) -> Candidates? {
    let kinds = (type as? any SessionCommand.Type)?.completions ?? []
    if index < kinds.count { return kinds[index] }
    if case .repositoryFile? = kinds.last { return .repositoryFile }
    return nil
  }

  private static let optionValues: [String: Candidates] = [
    "--through": .stage, "--instance": .instance, "--take": .take, "--verdict": .verdict, "--set": .dataset,
    "--repo": .repository,
    "--failure": .choice(FailureCode.allCases.map(\.rawValue)),
    "--cause": .choice(Cause.Kind.allCases.map(\.rawValue)),
    "--phase": .choice(Phase.allCases.map { "\($0.rawValue)" }),
    "--record": .choice(RecordMode.allCases.map(\.rawValue)),
    "--outcomes": .choice(OutcomeMode.allCases.map(\.rawValue)),
    "--stratify": .choice(SampleCommand.Stratum.allCases.map(\.rawValue)),
    "--shape": .choice(Prediction.Shape.allCases.map(\.rawValue)),
    "--parser": .choice(LogParser.Form.allCases.map(\.rawValue)), "--file": .file, "--log": .file, "--logs": .file,
    "--rows": .source, "--rates": .file, "--report": .file, "--predictions": .file, "--out": .file,
  ]

  private static func candidates(
    _ kind: Candidates, after previous: String?, _ known: Known, _ served: () -> [String]
  ) -> [String] {
    switch kind {
    case .word: WordTable.words.map { $0.word } + ["tour"]
    case .inner:
      (previous.flatMap { try? WordTable.word($0) })?.configuration.subcommands.map { $0.word } ?? []
    case .instance: known.instances
    case .stage: Stage.allCases.map(\.rawValue) + ["tests"] + TakeView.allCases.map(\.rawValue)
    case .take: known.takes
    case .opened: ["next", "previous"] + known.failed + known.instances.filter { !known.failed.contains($0) }
    case .sitting: known.sittings > 0 ? (1...known.sittings).map(String.init) : []
    case .setting: SettingTable.all.map(\.name)
    case .value: previous.flatMap { try? SettingTable.setting($0) }.map { $0.choices } ?? []
    case .template: known.templates + ["default"]
    case .repositoryFile: known.paths
    case .model: ModelName.Kind.allCases.map(\.rawValue) + served()
    case .dataset: known.datasets
    case .source: ["practice"] + HubName.short.keys.sorted()
    case .verdict: VerdictWord.allCases.map(\.rawValue) + ["none"]
    case .repository: Array(Set(known.instances.compactMap(repository))).sorted()
    case .expectation: ["failure", "attempts", "resolved", "batch"] + candidates(.stage, after: nil, known, served)
    case .expected: expected(behind: previous ?? "")
    case .choice(let words): words
    case .file, .anything: []
    }
  }

  private static func expected(behind word: String) -> [String] {
    switch word {
    case "verdict": VerdictWord.allCases.map(\.rawValue)
    case "failure": FailureCode.allCases.map(\.rawValue) + ["none"]
    case "patch": ["none"]
    case "attempts", "resolved", "batch": []
    default: Stage(spoken: word) == nil ? [] : ["contains", "lacks"]
    }
  }

  /// The repository that an id is of: `owner/name` of `owner__name-1`.
  private static func repository(of id: String) -> String? {
    guard let dash = id.lastIndex(of: "-") else { return nil }
    let name = String(id[..<dash]).replacing("__", with: "/", maxReplacements: 1)
    return name.contains("/") ? name : nil
  }

  private static func options(of type: any ParsableCommand.Type) -> [String] {
    if (type as? any SessionCommand.Type)?.takesText ?? false { return [] }
    let names = usage(of: type).split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "," || $0 == "[" || $0 == "]" }
    )
    .filter { $0.hasPrefix("--") && $0.dropFirst(2).allSatisfy { $0.isLetter || $0 == "-" } }
    return Array(Set(names.map(String.init))).sorted()
  }

  /// Files of this machine, where the word being typed is one: folders end in `/`.
  private static func files(behind words: [String], _ last: String) -> [String] {
    guard let first = words.first, let word = try? WordTable.word(first),
      let (type, arguments) = command(word, Array(words.dropFirst()))
    else { return [] }
    let asked =
      arguments.last.flatMap { value(of: $0, in: type) } ?? kind(of: plain(arguments, of: type).count, in: type)
    switch asked {
    case .file?, .source?: break
    default: guard words.last == ">" else { return [] }
    }
    let folder = last.lastIndex(of: "/").map { String(last[...$0]) } ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") }.map { name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder)
      return folder + name + (isFolder.boolValue ? "/" : "")
    }.filter { $0.hasPrefix(last) }
  }
}
