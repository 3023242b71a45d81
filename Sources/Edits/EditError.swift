import Foundation

/// Why a reply holds no edits that can be applied. Nothing has been changed when one is thrown.
///
/// `edit` is the 1-based number of the edit in the reply, `line` a 1-based line of the reply, `lines` are 1-based
/// lines of the file.
package enum EditError: Error, Hashable, Codable, Sendable {
  /// No edit in the format asked for; `found` is the format that the reply seems to be in, if any.
  case noEdit(format: EditFormat, found: EditFormat?)
  /// The code is in another language than the file: by its fence where nothing names a file, else by what it holds.
  case wrongLanguage(path: String?, edit: Int?, language: String)
  /// Words, and neither code nor the marks of an edit.
  case proseOnly(format: EditFormat)
  /// The edit that begins on `line` has no end.
  case cutOff(line: Int)
  /// The edit on `line` can be read in no way, or in more than one.
  case unreadable(line: Int, reason: UnreadableEdit)
  /// The file to change does not exist; `nearest` are files that do and are called so or nearly so.
  case pathNotFound(path: String, edit: Int, nearest: [String] = [])
  /// The path leads out of the repository, or into what git keeps for itself.
  case outsideRepository(path: String, edit: Int)
  /// No file can be made there: a folder or a link has that path.
  case notAFile(path: String, edit: Int)
  /// No file can be made there: `file`, which would have to be a folder above it, is a file or a link.
  case belowFile(path: String, edit: Int, file: String)
  /// The file belongs to the tests.
  case testFile(path: String, edit: Int)
  /// Every edit of the reply is of a file that belongs to the tests.
  case onlyTests(paths: [String])
  /// The file, or what the edit brings into it, holds a NUL byte.
  case notText(path: String, edit: Int)
  /// The SEARCH text begins on each of `lines`; `within` says of the first few where each is, see `Landmark`.
  case ambiguous(path: String, edit: Int, lines: [Int], within: [Landmark] = [])
  /// The SEARCH text is empty, which asks for a new file, and the file exists.
  case emptySearch(path: String, edit: Int)
  /// The SEARCH text is nowhere in the file; `nearest` is the place that looks most like it, `corrections` what would
  /// have to be written otherwise to be found there, `elsewhere` the only other place that has it.
  case staleAnchor(
    path: String, edit: Int, nearest: Region?, corrections: [Correction] = [], elsewhere: FilePlace? = nil)
  /// The SEARCH text is in the file but for blanks within lines, or an indentation by no one rule.
  case whitespaceOnly(path: String, edit: Int, nearest: Region?, corrections: [Correction] = [])
  /// Code is left out by `...` or a comment, and nothing tells what is to stand there.
  case ellipsis(path: String, edit: Int, text: String)
  /// No definition has this name; `nearest` are names that the file has.
  case noDefinition(path: String, edit: Int, name: String, nearest: [String])
  /// The file was Python before the edits and is none afterwards. `line`, `column` and `shown` are those of the new
  /// file; there is no column where the place is not on the line.
  case syntaxError(path: String, line: Int, column: Int?, reason: String, shown: Region?)
  /// The SEARCH text is nowhere in the file, and the REPLACE text stands on `line` of it.
  case alreadyApplied(path: String, edit: Int, line: Int)
  /// Two edits claim the same lines, or the whole file twice.
  case overlap(path: String, edit: Int, other: Int)
  /// The file has `count` lines; `nearest` are its lines about there.
  case linesOutOfRange(path: String, edit: Int, first: Int, last: Int, count: Int, nearest: Region?)
  /// All edits together leave every file as it is.
  case noChange(paths: [String])

  /// The number of the edit in the reply, where one is at fault.
  package var edit: Int? {
    switch self {
    case .noEdit, .proseOnly, .cutOff, .unreadable, .noChange, .syntaxError, .onlyTests: nil
    case .wrongLanguage(_, let edit, _): edit
    case .pathNotFound(_, let edit, _), .outsideRepository(_, let edit), .notAFile(_, let edit),
      .belowFile(_, let edit, _),
      .testFile(_, let edit), .notText(_, let edit), .ambiguous(_, let edit, _, _), .emptySearch(_, let edit),
      .staleAnchor(_, let edit, _, _, _), .whitespaceOnly(_, let edit, _, _), .ellipsis(_, let edit, _),
      .noDefinition(_, let edit, _, _), .alreadyApplied(_, let edit, _), .overlap(_, let edit, _),
      .linesOutOfRange(_, let edit, _, _, _, _):
      edit
    }
  }

  /// True where the SEARCH text has no place in the file that would do.
  var isOfPlace: Bool {
    switch self {
    case .staleAnchor, .whitespaceOnly, .ellipsis: true
    default: false
    }
  }

  /// The lines of the file that are nearest to what was meant.
  package var nearest: Region? {
    switch self {
    case .staleAnchor(_, _, let nearest, _, _), .whitespaceOnly(_, _, let nearest, _),
      .linesOutOfRange(_, _, _, _, _, let nearest), .syntaxError(_, _, _, _, let nearest):
      nearest
    default: nil
    }
  }

  /// What would have to be written otherwise for the edit to apply.
  package var corrections: [Correction] {
    switch self {
    case .staleAnchor(_, _, _, let corrections, _), .whitespaceOnly(_, _, _, let corrections): corrections
    default: []
    }
  }

  /// The reason code, one word for tables and counts.
  package var code: String {
    switch self {
    case .noEdit, .onlyTests: "no_edit"
    case .wrongLanguage: "wrong_language"
    case .proseOnly: "prose_only"
    case .cutOff: "cut_off"
    case .unreadable(_, let reason): reason.code
    case .pathNotFound: "path_not_found"
    case .outsideRepository: "outside_repository"
    case .notAFile, .belowFile: "path_taken"
    case .testFile: "test_file"
    case .notText: "not_text"
    case .ambiguous, .emptySearch: "ambiguous"
    case .staleAnchor, .noDefinition: "stale_anchor"
    case .whitespaceOnly: "whitespace_only"
    case .ellipsis: "ellipsis"
    case .syntaxError: "syntax_error"
    case .alreadyApplied: "already_applied"
    case .overlap: "overlap"
    case .linesOutOfRange: "lines_out_of_range"
    case .noChange: "no_change"
    }
  }
}

/// What keeps one edit of a reply from being read.
package enum UnreadableEdit: String, Hashable, Codable, Sendable {
  /// No path stands above the block.
  case noPath
  /// Several paths are named above the block, none of them right above it.
  case severalPaths
  /// No divider between SEARCH and REPLACE.
  case noDivider
  /// Several lines could be the divider.
  case severalDividers
  /// An end marker without a head marker before it.
  case noHead
  /// A fence within the block, so that its end is not certain.
  case nestedFence
  /// A block without a definition, or without the one that is named.
  case noDefinition
  /// Several definitions of the name in one block.
  case severalDefinitions
  /// The LINES line is missing or is not a number or a range.
  case lineNumbers
  /// A hunk without a line that is marked + or -.
  case noMarks

  /// The reason code that `EditError.code` gives.
  package var code: String {
    switch self {
    case .noPath: "path_not_found"
    case .severalPaths, .severalDividers, .nestedFence, .severalDefinitions: "ambiguous"
    case .noDivider, .noHead, .noDefinition: "no_edit"
    case .lineNumbers: "lines_out_of_range"
    case .noMarks: "no_change"
    }
  }
}

/// A line of a file of the repository.
package struct FilePlace: Hashable, Codable, Sendable {
  package var path: String
  /// 1-based.
  package var line: Int

  package init(path: String, line: Int) {
    self.path = path
    self.line = line
  }
}

/// What tells a place in a file from others that look the same.
package enum Landmark: Hashable, Codable, Sendable {
  /// The definition round it, such as `Cart.total`.
  case definition(String)
  /// The last line above it that is not blank.
  case below(String)
  case startOfFile
}

/// One line of a SEARCH text that keeps it from being found, and what the file has there.
package struct Correction: Hashable, Codable, Sendable {
  /// The most corrections that are told.
  static let limit = 4
  /// 1-based line of the SEARCH text.
  package var line: Int
  /// The line as it was written; nil where one is missing.
  package var written: String?
  /// The line of the file; nil where it has none there.
  package var actual: String?

  package init(line: Int, written: String?, actual: String?) {
    self.line = line
    self.written = written
    self.actual = actual
  }
}

/// Consecutive lines of a file.
package struct Region: Hashable, Codable, Sendable {
  /// The most lines that a region holds.
  package static let limit = 12
  /// 1-based.
  package var firstLine: Int
  /// At most `limit` lines, without line ends, each cut after 200 characters.
  package var lines: [String]

  package init(firstLine: Int, lines: [String]) {
    self.firstLine = firstLine
    self.lines = lines
  }

  /// The lines with their numbers in front, as `  40 | text`.
  package var numbered: String { numbered(caret: nil) }

  /// The same with a caret below one place, whose line and column are 1-based.
  package func numbered(caret: (line: Int, column: Int)?) -> String {
    let width = String(firstLine + max(lines.count - 1, 0)).count
    return lines.enumerated().map { offset, line in
      let number = String(firstLine + offset)
      let text = "\(String(repeating: " ", count: width - number.count))\(number) | \(line)"
      let row = line.isEmpty ? String(text.dropLast()) : text
      guard let caret, caret.line == firstLine + offset, caret.column <= line.count + 1 else { return row }
      let blanks = line.prefix(caret.column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
      return "\(row)\n\(String(repeating: " ", count: width)) | \(blanks)^"
    }.joined(separator: "\n")
  }
}
