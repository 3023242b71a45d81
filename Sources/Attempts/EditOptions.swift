import Prompts

/// What becomes of edits of test files.
package enum TestEdits: String, CaseIterable, Codable, Sendable {
  /// They are left out, and the rest is applied: the row's own tests take their place anyway.
  case drop
  /// Nothing is applied.
  case refuse
}

/// What becomes of a name that edits use and do not import.
package enum ImportRule: String, CaseIterable, Codable, Sendable {
  /// `add` for formats in which the model sees parts of files, and `tell` for whole files.
  case usual = "default"
  /// The import is added when the repository makes it in exactly one way.
  case add
  /// Person and model are told.
  case tell
  case off
}

/// How the edits of a reply are taken.
package struct EditOptions: Hashable, Codable, Sendable {
  /// Whether edits in another format than the one asked for are refused.
  package var strict = Switch.off
  /// Whether the edits that hold are applied when others fail.
  package var partial = Switch.off
  package var tests = TestEdits.drop
  package var imports = ImportRule.usual

  package init() {}
}

/// Something that person and model should know of edits that were applied.
package struct EditNote: Hashable, Codable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// They are in another format than the one asked for.
    case format
    /// Edits of tests were left out.
    case tests
    /// Definitions are gone that the issue does not name.
    case drops
    /// Edits that fail were left out.
    case partial
    /// An import is missing, or was added.
    case imports
  }

  package let kind: Kind
  /// For a person, in lower case.
  package let message: String
  /// For the model; nil when it need not know.
  package let feedback: String?
}
