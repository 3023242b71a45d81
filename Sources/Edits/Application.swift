import Content

/// The edits of one reply, applied: what the files were and what they are now. Nothing has been written.
package struct Application: Hashable, Codable, Sendable {
  /// The files that differ, sorted by path; at least one.
  package var changes: [FileChange]
  /// One for each edit, in the order of the reply.
  package var edits: [AppliedEdit]

  package init(changes: [FileChange], edits: [AppliedEdit]) {
    self.changes = changes
    self.edits = edits
  }
}

/// Where one edit took hold, and how.
package struct AppliedEdit: Hashable, Codable, Sendable {
  /// The path after cleaning.
  package var path: String
  /// The 1-based line of the old file where the edit begins; 1 for a new or a whole file.
  package var firstLine: Int
  package var step: MatchingStep

  package init(path: String, firstLine: Int, step: MatchingStep) {
    self.path = path
    self.firstLine = firstLine
    self.step = step
  }
}

/// How an edit found its place. The steps for SEARCH text are tried in this order; the first that finds one place
/// takes it, one that finds several is an error.
package enum MatchingStep: String, CaseIterable, Codable, Sendable, CustomStringConvertible {
  /// The lines are equal, but for their line ends.
  case exact
  /// The lines are equal, but for blanks at their ends.
  case trailingBlanks = "trailing blanks"
  /// Every line is indented by the same blanks more, or less, than the file; the replacement is shifted likewise.
  case indentation
  /// The file did not exist.
  case newFile = "new file"
  /// The complete file was given.
  case wholeFile = "whole file"
  /// The line numbers were given.
  case lines

  package var description: String { rawValue }
}
