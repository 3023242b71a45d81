import Content
import Context
import Edits
import Foundation
import Instances
import Models
import Prompts
import Repositories
import Workspaces

/// What a next attempt is told of the tests.
package enum FeedbackMode: String, CaseIterable, Codable, Comparable, Sendable {
  /// Nothing: every attempt begins from the issue alone.
  case none
  /// What the repository itself shows: edits that did not apply, tests that exist at the base commit.
  case visible
  /// Also what the hidden tests said. Every rate then reads *assisted*.
  case hidden

  /// From the strictest on.
  package static func < (left: FeedbackMode, right: FeedbackMode) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// Something that is on or off.
package typealias Switch = SkillOptions.Switch

/// Everything that can be set: the sum of each target's own options. A stage's key holds only those that it reads.
package struct Settings: Hashable, Codable, Sendable {
  package var context = ContextOptions()
  /// The template, by name; nil is the one made for the edit format.
  package var template: String?
  package var format: EditFormat = .search
  /// How the edits of a reply are taken.
  package var editing = EditOptions()
  /// Nil is what a new session has; settings of an older version have none.
  package var skills: SkillOptions?
  /// The model as it is typed, see `ModelName`; nil is the practice replies, for practice rows only.
  package var model: String?
  /// Where the model's server is, without user and password; nil is the kind's own place.
  package var modelURL: String?
  package var sampling = Sampling()
  /// What later attempts are sampled with.
  package var retrySampling = RetrySampling()
  /// How the model's server is reached.
  package var route = ServerRoute()
  /// What a million tokens cost, in US dollars; 0 where no price is set.
  package var inputPrice = 0.0
  package var outputPrice = 0.0
  package var workspace = WorkspaceOptions()
  package var repositories = RepositorySource.gitHub
  /// Where sets of rows are asked for by their names.
  package var datasetsServer = Hub.server
  package var feedback: FeedbackMode = .hidden
  /// The most attempts of an instance that `run --attempts` and campaigns make.
  package var attemptsMax = 6
  /// What each attempt does otherwise than the one before, as `AttemptLadder` reads it; nil is the standard one.
  package var ladder: String?
  /// Whether an attempt begins from the change of an earlier one.
  package var stack = Switch.off
  /// Whether the model writes a script that shows the bug, which is run without its change and with it.
  package var reproduce = Switch.off
  /// When another model is asked, as `Escalation` reads it; nil is never.
  package var escalate: String?
  /// What an instance may take: tokens read and written, seconds, US dollars; 0 is no limit.
  package var budgetTokens = 0
  package var budgetSeconds = 0.0
  package var budgetCost = 0.0
  /// The most tokens that a next attempt is told, and how many of them of the attempts before that.
  package var feedbackBudget = 1500
  package var feedbackMemory = 300
  /// How this attempt is sampled where its rung of the ladder changed that; nil is as the settings say.
  package var attemptSampling: Sampling?
  /// True in an attempt of the model that `escalate` names; nil elsewhere.
  package var isEscalated: Bool?
  /// What the campaign is called; nil has no name.
  package var campaign: String?
  /// How many megabytes may be kept in the cache: what was used longest ago goes; nil is any.
  package var cacheLimitMB: Int?
  /// How tokens are estimated; in the settings of a take what was learnt by then stands in it.
  package var tokensRatio: TokenRatio = 1

  package init() {}

  /// The settings of a kept take; what its ramp did not know yet is as it is by default. Nil for what are no settings.
  package static func kept(_ text: String) -> Settings? {
    guard let known = try? Canonical.bytes(Settings()), let kept = object(Array(text.utf8)), let usual = object(known),
      let whole = try? JSONSerialization.data(withJSONObject: filled(kept, from: usual))
    else { return nil }
    return try? Canonical.value(Settings.self, from: Array(whole))
  }

  private static func object(_ bytes: [UInt8]) -> [String: Any]? {
    try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
  }

  private static func filled(_ kept: [String: Any], from usual: [String: Any]) -> [String: Any] {
    kept.merging(usual) { old, new in
      // Two cases of an enumeration have no key in common, and only one of them can be.
      guard let old = old as? [String: Any], let new = new as? [String: Any],
        old.isEmpty || !new.keys.allSatisfy({ old[$0] == nil })
      else { return old }
      return filled(old, from: new)
    }
  }

  /// How the model is asked to answer an attempt, the first being 1.
  package func sampling(attempt: Int) -> Sampling { attemptSampling ?? sampling.of(attempt: attempt, retrySampling) }

  /// The template that a prompt is made from when nothing else is asked for.
  package var templateName: String {
    if let template { return template }
    return switch format {
    case .search: "repair"
    case .lines: "direct-edit"
    case .whole: "whole"
    case .function: "function"
    case .diff: "repair"
    }
  }
}
