import Attempts
import Content
import Context
import Edits
import Models
import Prompts
import Repositories
import Workspaces

/// One setting: its name as typed, what it means, and how it is read and written.
package struct Setting: Sendable {
  package let name: String
  package let help: String
  /// The values there are to choose from; empty where it is a number or a text.
  package let choices: [String]
  private let read: @Sendable (Settings) -> String
  private let write: @Sendable (inout Settings, String) throws -> Bool

  init(
    _ name: String, _ help: String, choices: [String] = [], read: @escaping @Sendable (Settings) -> String,
    write: @escaping @Sendable (inout Settings, String) throws -> Bool
  ) {
    self.name = name
    self.help = help
    self.choices = choices
    self.read = read
    self.write = write
  }

  /// The value in `settings`, as it would be typed.
  package func value(in settings: Settings) -> String { read(settings) }

  /// Writes `text` into `settings`. Throws `SessionError.badValue` where it is none of the values, and
  /// `SessionError.credentials` where it is a URL with a password.
  package func set(_ text: String, in settings: inout Settings) throws {
    guard try write(&settings, text) else {
      // What could not be read may hold a secret.
      let shown = name == "model.header" ? "(what was given)" : text
      throw SessionError.badValue(setting: name, value: shown, choices: choices, help: help)
    }
  }
}

/// All settings, by name. The help, completion and `docs/language.md` come from it.
package enum SettingTable {
  package static let all = own + ModelSettings.all

  /// Those that are not of a model.
  private static let own: [Setting] = [
    choice("context.strategy", "how files are chosen for the prompt", \.context.strategy),
    integer("context.budget", "tokens that the files in the prompt may take", \.context.budget, 0...10_000_000),
    integer("context.files", "the most files that are chosen", \.context.files, 0...1000),
    Setting(
      "format", "how the model is asked to write its edits", choices: EditFormat.asked.map(\.rawValue),
      read: { $0.format.rawValue },
      write: { settings, text in
        guard let format = EditFormat(rawValue: text), EditFormat.asked.contains(format) else { return false }
        settings.format = format
        return true
      }),
    choice(
      "format.strict",
      "whether edits in another format than the one asked for are refused, even where they are the only ones",
      \.editing.strict),
    choice(
      "edits.partial", "whether the edits of a reply that hold are applied where others fail", \.editing.partial),
    choice("edits.tests", "whether edits of tests are left out, or refuse the whole reply", \.editing.tests),
    choice(
      "edits.imports",
      "whether an import that the edits need, and that the repository makes in one way, is added or told; "
        + "default adds it but for whole files",
      \.editing.imports),
    Setting(
      "template", "the prompt template; `default` is the one made for the format",
      read: { $0.template ?? "default" },
      write: { settings, text in
        if text.isEmpty { return false }
        settings.template = text == "default" ? nil : text
        return true
      }),
    choice("skills", "whether the prompt shows skills that fit the bug", \.skillOptions.skills),
    choice("skill.position", "where they stand: before the files, or behind the issue", \.skillOptions.position),
    integer("skill.share", "the most of the prompt's window that they take, in percent", \.skillOptions.share, 0...100),
    choice(
      "feedback", "what the next attempt is told: nothing, what the visible tests said, or the hidden ones too",
      \.feedback),
    integer("feedback.tokens", "the most tokens of what it is told", \.feedbackBudget, 100...100_000),
    integer(
      "feedback.memory", "how many of them tell of the attempts before the last", \.feedbackMemory, 0...100_000),
    Setting(
      "campaign", "what the campaign is called in its results; `default` has no name",
      read: { $0.campaign ?? "default" },
      write: { settings, text in
        guard !text.isEmpty, text.utf8.count <= 100, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
          return false
        }
        settings.campaign = text == "default" ? nil : text
        return true
      }),
    integer("attempts_max", "the most attempts of an instance", \.attemptsMax, 1...100),
    Setting(
      "ladder",
      "what each attempt does otherwise, rungs by commas: "
        + AttemptLadder.Move.words.map { "\($0.word) (\($0.summary))" }.joined(separator: ", ")
        + ", or NAME=VALUE of a setting; several with `+`",
      read: { $0.ladder ?? AttemptLadder.standard.description },
      write: { settings, text in
        let ladder = try AttemptLadder(parsing: text)
        var tried = settings
        for case .set(let name, let value) in ladder.rungs.flatMap(\.self) {
          try setting(name).set(value, in: &tried)
        }
        settings.ladder = ladder == .standard ? nil : ladder.description
        return true
      }),
    choice(
      "reproduce",
      "whether the model writes a script that shows the bug, which is run without its edits and with them",
      \.reproduce),
    choice(
      "stack",
      "whether an attempt begins from the change of an earlier one: the best under feedback hidden, or else the last",
      \.stack),
    Setting(
      "escalate",
      "when another model is asked, off or rules: `after N [CODE ...]: KIND:MODEL [at URL] [price IN OUT]`, "
        + "`share PERCENT: KIND:MODEL`",
      read: { $0.escalate ?? "off" },
      write: { settings, text in
        guard text != "off", text != "default" else {
          settings.escalate = nil
          return true
        }
        try refuseUsers(in: text, of: "escalate")
        let escalation = try Escalation(parsing: text)
        for rule in escalation.rules where rule.model.description == settings.model && rule.url == settings.modelURL {
          throw EscalationError.sameModel(rule.model.description)
        }
        settings.escalate = escalation.description
        return true
      }),
    integer(
      "limit.tokens", "tokens read and written that an instance may take; 0 is no limit", \.budgetTokens,
      0...1_000_000_000),
    number("limit.seconds", "seconds that an instance may take; 0 is no limit", \.budgetSeconds, 0...10_000_000),
    number(
      "limit.cost", "US dollars that an instance may take where a price is set; 0 is no limit", \.budgetCost,
      0...1_000_000),
    Setting(
      "tokens.ratio",
      "how tokens are estimated before a server counts them: auto learns it from each model's counts, auto:R begins and "
        + "stays with R, and a number multiplies bytes / 3 (0.1 to 10)",
      read: { settings in
        if case .fixed(let value) = settings.tokensRatio { return short(value) }
        return settings.tokensRatio.description
      },
      write: { settings, text in
        guard let ratio = TokenRatio(text) else { return false }
        settings.tokensRatio = ratio
        return true
      }),
    Setting(
      "repositories", "where repositories are cloned from: a pattern with {owner} and {name}, or a folder of mirrors",
      read: { $0.repositories.pattern },
      write: { settings, text in
        if text.isEmpty { return false }
        let source = RepositorySource(pattern: text)
        if source.holdsSecret { throw SessionError.credentials(setting: "repositories") }
        settings.repositories = source
        return true
      }),
    Setting(
      "datasets.server", "the Hugging Face datasets server that `load OWNER/NAME` asks",
      read: { $0.datasetsServer },
      write: { settings, text in
        try refuseUser(in: text, of: "datasets.server")
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else { return false }
        settings.datasetsServer = text.hasSuffix("/") ? String(text.dropLast()) : text
        return true
      }),
    Setting(
      "cache.limit", "megabytes that the cache may take, trimmed once per start; none is no limit",
      read: { $0.cacheLimitMB.map(String.init) ?? "none" },
      write: { settings, text in
        let limit = Int(text)
        guard text == "none" || limit.map({ (0...1_000_000_000).contains($0) }) ?? false else { return false }
        settings.cacheLimitMB = limit
        return true
      }),
    choice(
      "sandbox", "what holds the tests: on is the best that works here; off runs them unprotected", \.workspace.sandbox),
    Setting(
      "container", "what runs containers for `set sandbox container`; `default` is the first that is there",
      choices: ["default", "docker", "podman"], read: { $0.workspace.container ?? "default" },
      write: { settings, text in
        guard ["default", "docker", "podman"].contains(text) else { return false }
        settings.workspace.container = text == "default" ? nil : text
        return true
      }),
    integer("tests.timeout", "seconds after which a test run is ended", \.workspace.timeoutSeconds, 1...86_400),
    integer("tests.memory", "megabytes of memory that a test run may take", \.workspace.memoryMB, 64...1_000_000),
    integer(
      "tests.disk", "megabytes that a test run may write, and 64 files for each", \.workspace.diskMB, 64...1_000_000),
    integer("tests.processes", "processes that a test run may have", \.workspace.processes, 1...100_000),
    integer("tests.output", "megabytes of output that are kept of a test run", \.workspace.outputMB, 1...1024),
    choice(
      "tests.order",
      "targets_first runs FAIL_TO_PASS alone, and all tests only where none of these fails: no regression is seen then",
      \.workspace.order),
    Setting(
      "tests.python", "the python3 that runs the tests", read: { $0.workspace.python },
      write: { settings, text in
        if text.isEmpty { return false }
        settings.workspace.python = text
        return true
      }),
    Setting(
      "tests.environments", "how tests' environments are made: auto, off, or a FILE of specs",
      read: { $0.workspace.environments.text },
      write: { settings, text in
        if text.isEmpty { return false }
        settings.workspace.environments = try SpecSource(text)
        return true
      }),
  ]

  /// The setting called `name`. Throws `SessionError.unknownSetting`, naming the nearest.
  package static func setting(_ name: String) throws -> Setting {
    if let setting = all.first(where: { $0.name == name }) { return setting }
    // The end of a name is enough where only one setting ends so: `temperature`, `budget`.
    let ending = all.filter { $0.name.hasSuffix(".\(name)") }
    if ending.count == 1 { return ending[0] }
    let near = Nearest.names(to: name, in: all.map(\.name)) + ending.map(\.name)
    throw SessionError.unknownSetting(name, nearest: near)
  }

  /// Whether a setting says where a model's server is, how it is reached or what it costs, rather than what is asked.
  static func isOfRoute(_ name: String) -> Bool { ModelSettings.route.contains(name) }

  /// Settings that are of a machine and no sitting: they stand in no saved session.
  package static let ofMachine: Set<String> = ["cache.limit"]

  /// Whether a setting can reach no model: changing it steers nothing, whatever has been seen.
  static func isBesideTheModel(_ name: String) -> Bool {
    if ofMachine.contains(name) || ["campaign", "repositories", "datasets.server"].contains(name) { return true }
    return isOfRoute(name) && name != "model.url" && name != "model.socket" && name != "model.proxy"
  }

  /// All settings that play a part in what comes out, by their names: none of a server's place, of where things are
  /// kept, or of names.
  package static func values(_ settings: Settings) -> [String: String] {
    let places = ofMachine.union(["repositories", "datasets.server", "campaign", "limit.seconds", "limit.cost"])
    return Dictionary(
      all.filter { !isOfRoute($0.name) && !places.contains($0.name) }.map { ($0.name, $0.value(in: settings)) },
      uniquingKeysWith: { $1 })
  }

  /// The settings of `settings` that differ from those of `other`, by name.
  package static func differences(_ settings: Settings, from other: Settings) -> [(name: String, value: String)] {
    all.compactMap { setting in
      let value = setting.value(in: settings)
      return value == setting.value(in: other) || ofMachine.contains(setting.name) ? nil : (setting.name, value)
    }
  }

  /// A setting stands in sessions and in the journal, which others may read.
  static func refuseUser(in text: String, of setting: String) throws {
    if ServerURL.namesUser(text) { throw SessionError.credentials(setting: setting) }
  }

  /// The same for a text in which several URLs may stand.
  private static func refuseUsers(in text: String, of setting: String) throws {
    let words = text.split { " \t\n;|".contains($0) }
    for (index, word) in words.enumerated() where word.contains("@") {
      if word.contains("://") || index > 0 && words[index - 1] == "at" {
        throw SessionError.credentials(setting: setting)
      }
    }
  }

  private static func choice<Value: CaseIterable & RawRepresentable & Sendable>(
    _ name: String, _ help: String, _ path: any WritableKeyPath<Settings, Value> & Sendable
  ) -> Setting where Value.RawValue == String {
    Setting(
      name, help, choices: Value.allCases.map(\.rawValue), read: { $0[keyPath: path].rawValue },
      write: { settings, text in
        guard let value = Value(rawValue: text) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  static func integer(
    _ name: String, _ help: String, _ path: any WritableKeyPath<Settings, Int> & Sendable, _ range: ClosedRange<Int>
  ) -> Setting {
    Setting(
      name, "\(help) (\(range.lowerBound) to \(range.upperBound))", read: { "\($0[keyPath: path])" },
      write: { settings, text in
        guard let value = Int(text), range.contains(value) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  static func number(
    _ name: String, _ help: String, _ path: any WritableKeyPath<Settings, Double> & Sendable,
    _ range: ClosedRange<Double>
  ) -> Setting {
    Setting(
      name, "\(help) (\(short(range.lowerBound)) to \(short(range.upperBound)))",
      read: { short($0[keyPath: path]) },
      write: { settings, text in
        guard let value = Double(text), range.contains(value) else { return false }
        settings[keyPath: path] = value
        return true
      })
  }

  static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

extension Settings {
  /// The options of skills; nothing is kept where they are a new session's.
  fileprivate var skillOptions: SkillOptions {
    get { skills ?? SkillOptions() }
    set { skills = newValue == SkillOptions() ? nil : newValue }
  }
}
