import Foundation

/// Why a reply holds no edits that can be applied. Nothing has been changed when one is thrown.
///
/// `edit` is the 1-based number of the edit in the reply, `line` a 1-based line of the reply, `lines` are 1-based
/// lines of the file.
package enum EditError: Error, Hashable, Codable, Sendable {
  /// No edit in the format asked for; `found` is the format that the reply seems to be in, if any.
  case noEdit(format: EditFormat, found: EditFormat?)
  /// Words, and neither code nor the marks of an edit.
  case proseOnly(format: EditFormat)
  /// The edit that begins on `line` has no end.
  case cutOff(line: Int)
  /// The edit on `line` can be read in no way, or in more than one.
  case unreadable(line: Int, reason: UnreadableEdit)
  /// The file to change does not exist.
  case pathNotFound(path: String, edit: Int)
  /// The path leads out of the repository, or into what git keeps for itself.
  case outsideRepository(path: String, edit: Int)
  /// No file can be made there: a folder or a link has that path.
  case notAFile(path: String, edit: Int)
  /// No file can be made there: `file`, which would have to be a folder above it, is a file or a link.
  case belowFile(path: String, edit: Int, file: String)
  /// The file belongs to the tests.
  case testFile(path: String, edit: Int)
  /// The file, or what the edit brings into it, holds a NUL byte.
  case notText(path: String, edit: Int)
  /// The SEARCH text begins on each of `lines`.
  case ambiguous(path: String, edit: Int, lines: [Int])
  /// The SEARCH text is empty, which asks for a new file, and the file exists.
  case emptySearch(path: String, edit: Int)
  /// The SEARCH text is nowhere in the file; `nearest` is the place that looks most like it.
  case staleAnchor(path: String, edit: Int, nearest: Region?)
  /// The SEARCH text is nowhere in the file, and the REPLACE text stands on `line` of it.
  case alreadyApplied(path: String, edit: Int, line: Int)
  /// Two edits claim the same lines, or the whole file twice.
  case overlap(path: String, edit: Int, other: Int)
  /// The file has `count` lines; `nearest` are its lines about there.
  case linesOutOfRange(path: String, edit: Int, first: Int, last: Int, count: Int, nearest: Region?)
  /// All edits together leave every file as it is.
  case noChange(paths: [String])

  /// The reason code, one word for tables and counts.
  package var code: String {
    switch self {
    case .noEdit: "no_edit"
    case .proseOnly: "prose_only"
    case .cutOff: "cut_off"
    case .unreadable(_, let reason): reason.code
    case .pathNotFound: "path_not_found"
    case .outsideRepository: "outside_repository"
    case .notAFile, .belowFile: "path_taken"
    case .testFile: "test_file"
    case .notText: "not_text"
    case .ambiguous, .emptySearch: "ambiguous"
    case .staleAnchor: "stale_anchor"
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
  /// The LINES line is missing or is not a number or a range.
  case lineNumbers

  /// The reason code that `EditError.code` gives.
  package var code: String {
    switch self {
    case .noPath: "path_not_found"
    case .severalPaths, .severalDividers, .nestedFence: "ambiguous"
    case .noDivider, .noHead: "no_edit"
    case .lineNumbers: "lines_out_of_range"
    }
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
  package var numbered: String {
    let width = String(firstLine + max(lines.count - 1, 0)).count
    return lines.enumerated().map { offset, line in
      let number = String(firstLine + offset)
      let text = "\(String(repeating: " ", count: width - number.count))\(number) | \(line)"
      return line.isEmpty ? String(text.dropLast()) : text
    }.joined(separator: "\n")
  }
}
