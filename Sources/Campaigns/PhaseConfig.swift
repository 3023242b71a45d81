/// What a phase was run with. What a file does not tell is nil, or missing among the settings.
package struct PhaseConfig: Hashable, Sendable {
  /// How many files a prompt shows; older files say it in words.
  package enum FilesContext: Hashable, Sendable, CustomStringConvertible {
    case count(Int)
    case text(String)

    package var description: String {
      switch self {
      case .count(let count): "\(count)"
      case .text(let text): text
      }
    }
  }

  /// As its server calls it.
  package var model: String?
  /// `direct_edits_plus_feedback_loop`, or what was used.
  package var approach: String?
  package var attemptsMax: Int?
  package var filesContext: FilesContext?
  /// Every setting that plays a part, by its name as it is typed, the hash of the template (`template.sha256`), and what
  /// answered by the names of its passport (`passport.digest`); empty in files of others.
  package var settings: [String: String] = [:]
  /// The version of ramp.
  package var ramp: String?
  /// The seed that the ids were sampled with.
  package var samplingSeed: Int?
  /// How the ids were drawn, see `PhaseSample.Draw`; nil in files of others.
  package var draw: Int?
  /// The instances that the plan names and that were among the rows, by the plan's names.
  package var named: [String: String] = [:]

  package init(
    model: String? = nil, approach: String? = nil, attemptsMax: Int? = nil, filesContext: FilesContext? = nil
  ) {
    self.model = model
    self.approach = approach
    self.attemptsMax = attemptsMax
    self.filesContext = filesContext
  }

  /// What a comparison may be about: settings that are changed together.
  package enum Factor: String, CaseIterable, Codable, Sendable {
    case model, approach, attempts, sampling, template, format, feedback, context, ladder, skills, window, tests, ramp

    /// The factor that a setting belongs to.
    package init(setting name: String) {
      let first = String(name.prefix { $0 != "." })
      switch first {
      case "passport": self = .model
      case "model": self = name == "model" ? .model : name == "model.num_ctx" ? .window : .sampling
      case "template": self = .template
      case "format": self = .format
      case "feedback": self = .feedback
      case "context", "tokens": self = .context
      case "ladder", "escalate": self = .ladder
      case "skill", "skills": self = .skills
      case "attempts_max", "limit": self = .attempts
      default: self = .tests
      }
    }
  }

  /// One factor in which two differ, each side in words.
  package struct Difference: Hashable, Sendable {
    package let factor: Factor
    package let first: String
    package let second: String
  }

  /// The factors in which two differ, as far as both tell.
  package func differences(to other: PhaseConfig) -> [Difference] {
    Factor.allCases.compactMap { factor in
      let (mine, theirs) = (told(factor), other.told(factor))
      let names = mine.keys.filter { name in theirs[name].map { $0 != mine[name] } ?? false }
        .filter { !isOfFormat($0, beside: other) }.sorted()
      guard !names.isEmpty else { return nil }
      func words(_ values: [String: String]) -> String {
        names.map { $0 == factor.rawValue ? values[$0] ?? "" : "\($0) \(values[$0] ?? "")" }.joined(separator: ", ")
      }
      return Difference(factor: factor, first: words(mine), second: words(theirs))
    }
  }

  /// The factors of which only one of two tells.
  package func unknown(beside other: PhaseConfig) -> [Factor] {
    Factor.allCases.filter { Set(told($0).keys) != Set(other.told($0).keys) }
  }

  /// Each format has a template of its own, so that another format alone changes its text.
  private func isOfFormat(_ name: String, beside other: PhaseConfig) -> Bool {
    name == "template.sha256" && settings["template"] == other.settings["template"]
      && settings["format"] != other.settings["format"]
  }

  /// What tells one run from another and is no setting.
  private static let ofRun: Set<String> = ["repetition", PhaseConfig.runHash]
  /// The name under which a run's hash stands: of its rows, settings and texts.
  package static let runHash = "run.sha256"

  private func told(_ factor: Factor) -> [String: String] {
    var told = settings.filter { Factor(setting: $0.key) == factor && !PhaseConfig.ofRun.contains($0.key) }
    func tell(_ name: String, _ value: String?) { told[name] = told[name] ?? value }
    switch factor {
    case .model: tell("model", model)
    case .attempts: tell("attempts_max", attemptsMax.map { "\($0)" })
    // Where the settings are told, these two follow from them.
    case .approach where settings.isEmpty: tell("approach", approach)
    case .context where settings.isEmpty: tell("context.files", filesContext?.description)
    case .ramp: tell("ramp", ramp)
    default: break
    }
    return told
  }
}
