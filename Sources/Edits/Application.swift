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

/// Which place is taken where a SEARCH text stands in several.
package enum PlaceRule: String, CaseIterable, Codable, Sendable {
  /// None: a place is taken only where it is the only one.
  case only
  /// The first, as some other programs do: for comparison with what they made.
  case first
}

/// How an edit found its place. The steps for SEARCH text are tried in this order; the first that finds one place
/// takes it, one that finds several is an error.
package enum MatchingStep: String, CaseIterable, Codable, Sendable, CustomStringConvertible {
  /// The lines are equal, but for their line ends.
  case exact
  /// It stands in several places, and one alone of them was in the prompt.
  case shown = "shown lines"
  /// It stands in several places, and one alone of them is in the class that the reply's other edits are in.
  case sameClass = "same class"
  /// The lines are equal, but for blanks at their ends.
  case trailingBlanks = "trailing blanks"
  /// The indentation alone differs, for all lines by one rule; the replacement follows it.
  case indentation
  /// The lines are equal, but for blank lines between them.
  case blankLines = "blank lines"
  /// Lines such as `...` stand for others, on both sides alike.
  case ellipsis
  /// One place alone is like it: most lines equal, the others alike.
  case nearest
  /// The text is not in the file named, and just once in another.
  case otherFile = "other file"
  /// A hunk of a diff: the lines that change and the context beside them stand in one place.
  case anchor
  /// The SEARCH text is empty: the lines stand at the end of the file.
  case append = "end of file"
  /// The definition was named.
  case function
  /// The file has it already, and other edits change something.
  case alreadyThere = "already there"
  /// The file did not exist.
  case newFile = "new file"
  /// The file goes.
  case deleted
  /// The file gets another path.
  case renamed
  /// No edit of the reply: an import that the changed lines need, added by rule.
  case missingImport = "missing import"
  /// The complete file was given.
  case wholeFile = "whole file"
  /// The line numbers were given.
  case lines

  package var description: String { rawValue }

  /// True for an edit of some lines of a file that was there.
  var hasPlace: Bool {
    switch self {
    case .newFile, .wholeFile, .deleted, .renamed, .missingImport, .append, .alreadyThere: false
    default: true
    }
  }
}
