import Foundation

extension EditError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .noEdit(let format, .some(let found)): "the reply holds no edit in format \(format), but some in \(found)"
    case .noEdit(let format, nil): "the reply holds no edit in format \(format)"
    case .proseOnly: "the reply is prose only, without any code"
    case .cutOff(let line): "the reply is cut off: the edit that begins on its line \(line) has no end"
    case .unreadable(let line, let reason): "line \(line) of the reply: \(reason.sentence)"
    case .pathNotFound(let path, let edit): "edit \(edit): \(path) does not exist"
    case .outsideRepository(let path, let edit): "edit \(edit): \(path) is not a path inside the repository"
    case .notAFile(let path, let edit): "edit \(edit): \(path) is a folder or a link, not a file"
    case .belowFile(let path, let edit, let file):
      "edit \(edit): \(path) cannot be made, for \(file) is a file and not a folder"
    case .testFile(let path, let edit): "edit \(edit): \(path) is a test file"
    case .notText(let path, let edit): "edit \(edit): \(path) is not a text file"
    case .ambiguous(let path, let edit, let lines):
      "edit \(edit): its SEARCH text is in \(path) \(lines.count) times, at lines \(EditError.list(lines))"
    case .emptySearch(let path, let edit): "edit \(edit): its SEARCH text is empty, and \(path) exists"
    case .staleAnchor(let path, let edit, .some(let nearest)):
      "edit \(edit): its SEARCH text is not in \(path); the nearest place is line \(nearest.firstLine)"
    case .staleAnchor(let path, let edit, nil): "edit \(edit): its SEARCH text is not in \(path)"
    case .alreadyApplied(let path, let edit, let line):
      "edit \(edit): its REPLACE text is in \(path) already, at line \(line)"
    case .overlap(let path, let edit, let other): "edits \(other) and \(edit) change the same lines of \(path)"
    case .linesOutOfRange(let path, let edit, let first, let last, let count, _):
      "edit \(edit): lines \(first)-\(last) are not in \(path), which has \(count)"
    case .noChange(let paths): "the edits change nothing in \(paths.joined(separator: ", "))"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .noEdit(_, .some(let found)): "`set format \(found)`, then `rerun edits`"
    case .noEdit, .proseOnly, .unreadable: "`show reply`, then `rerun reply` or `tweak reply`"
    case .cutOff: "allow a longer reply or send a shorter prompt, then `rerun reply`"
    case .pathNotFound, .staleAnchor, .ambiguous, .linesOutOfRange:
      "`show edits`, then `context add PATH` and `rerun`, or `tweak edits`"
    case .outsideRepository, .notAFile, .belowFile, .testFile, .notText, .emptySearch, .alreadyApplied, .overlap,
      .noChange:
      "`show edits`, then `run` for a new attempt, or `tweak edits`"
    }
  }

  /// One or two sentences that tell a small model what to do otherwise, with the real lines where they help.
  package var feedback: String {
    switch self {
    case .noEdit(let format, _): "Your reply held no edit that could be read. \(format.request)"
    case .proseOnly(let format): "Your reply held only prose. \(format.request)"
    case .cutOff: "Your reply was cut off before the edit was complete. Send a shorter edit, and send all of it."
    case .unreadable(_, let reason): "Your edit could not be read: \(reason.sentence). \(reason.request)"
    case .pathNotFound(let path, _): "The file \(path) does not exist. Use one of the paths shown to you."
    case .outsideRepository(let path, _):
      "\(path) is not allowed. Use a relative path inside the repository, such as one shown to you."
    case .notAFile(let path, _): "\(path) is not a file. Use one of the paths shown to you, or another new one."
    case .belowFile(let path, _, let file):
      "\(path) cannot be made, because \(file) is a file and not a folder. Use one of the paths shown to you."
    case .testFile(let path, _): "\(path) is a test file and must stay as it is. Change the source code instead."
    case .notText(let path, _): "\(path) is not a text file. Change the source code instead."
    case .ambiguous(let path, _, let lines):
      "Your SEARCH text is in \(path) \(lines.count) times, at lines \(EditError.list(lines)). "
        + "Add lines before or after it until only one place fits."
    case .emptySearch(let path, _):
      "\(path) exists, so SEARCH must not be empty. Copy the lines that you want to replace into SEARCH."
    case .staleAnchor(let path, _, let nearest):
      "Your SEARCH text is not in \(path). Copy the lines exactly as they are in the file."
        + EditError.shown(nearest, "The nearest lines are:")
    case .alreadyApplied(let path, _, let line):
      "Your REPLACE text is in \(path) already, at line \(line). A different change is needed."
    case .overlap(let path, _, _): "Two of your edits change the same lines of \(path). Send them as one edit."
    case .linesOutOfRange(let path, _, let first, let last, let count, let nearest):
      "Lines \(first)-\(last) are not in \(path), which has \(count) lines."
        + EditError.shown(nearest, "The nearest lines are:")
    case .noChange: "Your edit leaves the code as it was. Write the changed lines."
    }
  }

  private static func shown(_ region: Region?, _ title: String) -> String {
    guard let region, !region.lines.isEmpty else { return "" }
    return " \(title)\n\(region.numbered)"
  }

  /// The first ten numbers, as `1, 5 and 9`.
  private static func list(_ lines: [Int]) -> String {
    let shown = lines.prefix(10).map(String.init)
    if lines.count > shown.count { return shown.joined(separator: ", ") + " and more" }
    guard let last = shown.last, shown.count > 1 else { return shown.first ?? "none" }
    return "\(shown.dropLast().joined(separator: ", ")) and \(last)"
  }
}

extension EditFormat {
  /// A sentence that asks for the format.
  var request: String {
    switch self {
    case .search: "Write the path of the file, then a SEARCH/REPLACE block."
    case .whole: "Write the path of the file, then the complete new file in a fenced block."
    case .lines: "Write FILE, LINES and REASONING, then a blank line and the new lines."
    }
  }
}

extension UnreadableEdit {
  /// What is wrong, in lower case.
  var sentence: String {
    switch self {
    case .noPath: "no path stands above this edit"
    case .severalPaths: "several paths are named above this edit"
    case .noDivider: "no ======= stands between SEARCH and REPLACE"
    case .severalDividers: "several ======= stand between SEARCH and REPLACE"
    case .noHead: "no SEARCH stands before this REPLACE"
    case .nestedFence: "there is a fence within the fenced block"
    case .lineNumbers: "after FILE there is no LINES with a number or a range"
    }
  }

  /// A sentence that says what to write instead.
  var request: String {
    switch self {
    case .noPath, .severalPaths: "Write the path of the file alone on the line above each edit."
    case .noDivider, .noHead: "Each block is <<<<<<< SEARCH, the old lines, =======, the new lines, >>>>>>> REPLACE."
    case .severalDividers: "Use nine characters in each marker: <<<<<<<<< SEARCH, =========, >>>>>>>>> REPLACE."
    case .nestedFence: "Use four backticks for the outer fence."
    case .lineNumbers: "Write LINES: 40-52, for example."
    }
  }
}
