/// What a phase was run with. What a file does not tell is nil.
package struct PhaseConfig: Hashable, Sendable {
  /// How many files a prompt shows; older files say it in words.
  package enum FilesContext: Hashable, Sendable {
    case count(Int)
    case text(String)
  }

  package var model: String?
  /// `direct_edits_plus_feedback_loop`, or what was used.
  package var approach: String?
  package var attemptsMax: Int?
  package var filesContext: FilesContext?
  package var temperatures: [Double]?
  package var seeds: [Int]?
  package var template: String?
  package var format: String?
  package var feedback: String?
  /// How the context is chosen.
  package var strategy: String?
  /// Tokens that the context may take.
  package var contextBudget: Int?
  package var ladder: String?
  package var skills: [String]?
  /// The model's window in tokens.
  package var window: Int?
  package var grader: String?
  /// The digest of the model's passport.
  package var passport: String?
  /// The version of ramp.
  package var ramp: String?
  /// The seed that the ids were sampled with.
  package var samplingSeed: Int?

  package init(
    model: String? = nil, approach: String? = nil, attemptsMax: Int? = nil, filesContext: FilesContext? = nil
  ) {
    self.model = model
    self.approach = approach
    self.attemptsMax = attemptsMax
    self.filesContext = filesContext
  }

  /// What a comparison may be about: parts of the configuration that are changed together.
  package enum Factor: String, CaseIterable, Codable, Sendable {
    case model, approach, attempts, sampling, template, format, feedback, context, ladder, skills, window, grader, ramp
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
      let pairs = zip(told(factor), other.told(factor)).compactMap { mine, theirs in
        mine.flatMap { mine in theirs.map { (mine, $0) } }
      }
      let differing = pairs.filter { $0.0 != $0.1 }
      guard !differing.isEmpty else { return nil }
      return Difference(
        factor: factor, first: differing.map(\.0).joined(separator: ", "),
        second: differing.map(\.1).joined(separator: ", "))
    }
  }

  /// The factors of which only one of two tells.
  package func unknown(beside other: PhaseConfig) -> [Factor] {
    Factor.allCases.filter { factor in
      zip(told(factor), other.told(factor)).contains { ($0 == nil) != ($1 == nil) }
    }
  }

  private func told(_ factor: Factor) -> [String?] {
    switch factor {
    case .model: [model, passport]
    case .approach: [approach]
    case .attempts: [attemptsMax.map { "\($0)" }]
    case .sampling: [temperatures.map { "\($0)" }, seeds.map { "\($0)" }]
    case .template: [template]
    case .format: [format]
    case .feedback: [feedback]
    case .context:
      [
        filesContext.map {
          switch $0 {
          case .count(let count): "\(count)"
          case .text(let text): text
          }
        }, strategy, contextBudget.map { "\($0)" },
      ]
    case .ladder: [ladder]
    case .skills: [skills.map { $0.joined(separator: " ") }]
    case .window: [window.map { "\($0)" }]
    case .grader: [grader]
    case .ramp: [ramp]
    }
  }
}
