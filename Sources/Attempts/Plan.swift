import Content
import Context
import Instances
import Models
import Prompts

/// A template as it will be used.
package struct TemplateText: Hashable, Codable, Sendable {
  package let name: String
  package let source: String
  /// The texts of the templates that it includes, by name; nil where it includes none.
  package let includes: [String: String]?

  package init(name: String, source: String, includes: [String: String]? = nil) {
    self.name = name
    self.source = source
    self.includes = includes
  }

  /// What it is made of: its text, and those that it includes.
  package var hash: Hash {
    guard let includes, !includes.isEmpty else { return Hash(of: source) }
    return Hash(
      of: ([source] + includes.sorted { $0.key < $1.key }.map { "\($0.key)\0\($0.value)" }).joined(separator: "\0"))
  }
}

/// Everything that one take is made from.
package struct Plan: Sendable {
  package var instance: Instance {
    didSet { row = instance.hash }
  }
  /// The hash of the row.
  package private(set) var row: Hash
  package var id: TakeID
  package var settings: Settings
  package var template: TemplateText
  /// The skills that there are; empty where they are off.
  package var skills: [Skill] = []
  /// Lines the person added to the context, and lines they took out.
  package var added: [Span]
  package var dropped: [Span]
  /// Lines that this attempt's rung adds, as far as the files have them.
  package var widened: [Span] = []
  /// What the attempt before this one leaves behind; nil for the first.
  package var earlier: FeedbackArtifact?
  /// What the attempts before this one came to.
  package var memory = Memory()
  /// The change that it begins from; nil is the base commit alone.
  package var stack: Stack?
  /// The script that shows the bug, where an earlier attempt wrote one and this one is to.
  package var reproduction: ReproductionScript?
  /// What this attempt does otherwise than the one before, in words, as its rung of the ladder says.
  package var strategy: [String] = []
  /// The take whose artifacts are kept as far as their keys have not changed.
  package var base: Take?
  /// The first stage that is made anew whatever its key.
  package var from: Stage?
  /// The last stage to be made.
  package var through: Stage
  package var tweak: Tweak?
  package var changes: [String]
  /// How many tokens the instance has left, read and written; nil without a limit.
  package var tokensLeft: Int?
  /// The hash of the file that the model reads its replies from; nil where it reads none.
  package var modelFile: Hash?

  package init(
    instance: Instance, id: TakeID, settings: Settings, template: TemplateText, added: [Span] = [],
    dropped: [Span] = [], earlier: FeedbackArtifact? = nil, base: Take? = nil, from: Stage? = nil,
    through: Stage = .feedback, tweak: Tweak? = nil, changes: [String] = [], modelFile: Hash? = nil
  ) {
    self.instance = instance
    row = instance.hash
    self.id = id
    self.settings = settings
    self.template = template
    self.added = added
    self.dropped = dropped
    self.earlier = earlier
    self.base = base
    self.from = from
    self.through = through
    self.tweak = tweak
    self.changes = changes
    self.modelFile = modelFile
  }

  /// How the model is asked to answer.
  package var sampling: Sampling { settings.sampling(attempt: id.attempt) }

  /// How the model is asked with this prompt: its reply may be no longer than what the instance has left.
  func sampling(behind prompt: PromptArtifact?) -> Sampling {
    var sampling = sampling
    if let tokensLeft, let prompt {
      sampling.numPredict = min(sampling.numPredict, max(1, tokensLeft - prompt.prompt.tokens))
    }
    return sampling
  }

  /// What the key of a stage holds that reads the script; nil where none is asked for.
  var reproduceWords: String? {
    guard settings.reproduce == .on else { return nil }
    return reproduction.map { "\($0.isTainted) \(Hash(of: $0.text).hex)" } ?? ""
  }

  /// The baseline and everything after the patch need an environment; a take that stops between them does not.
  package var needsTests: Bool { through >= .outcomes || through == .baseline }
}
