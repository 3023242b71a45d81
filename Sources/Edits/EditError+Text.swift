import Foundation

extension EditError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .noEdit(let format, .some(let found)): "the reply holds no edit in format \(format), but some in \(found)"
    case .noEdit(let format, nil): "the reply holds no edit in format \(format)"
    case .wrongLanguage(let path, let edit, let language):
      (edit.map { "edit \($0): " } ?? "") + "the code is \(language)"
        + (path.map { ", and \($0) is not" } ?? ", and names no file")
    case .proseOnly: "the reply is prose only, without any code"
    case .cutOff(let line): "the reply is cut off: the edit that begins on its line \(line) has no end"
    case .unreadable(let line, let reason): "line \(line) of the reply: \(reason.sentence)"
    case .pathNotFound(let path, let edit, let nearest):
      "edit \(edit): \(path) does not exist" + (nearest.isEmpty ? "" : "; nearest: \(nearest.joined(separator: ", "))")
    case .outsideRepository(let path, let edit): "edit \(edit): \(path) is not a path inside the repository"
    case .notAFile(let path, let edit): "edit \(edit): \(path) is a folder or a link, not a file"
    case .belowFile(let path, let edit, let file):
      "edit \(edit): \(path) cannot be made, for \(file) is a file and not a folder"
    case .testFile(let path, let edit): "edit \(edit): \(path) is a test file"
    case .onlyTests(let paths): "the reply edits only tests: \(paths.joined(separator: ", "))"
    case .notText(let path, let edit): "edit \(edit): \(path) is not a text file"
    case .ambiguous(let path, let edit, let lines, _):
      "edit \(edit): its SEARCH text is in \(path) \(lines.count) times, at lines \(EditError.list(lines))"
    case .emptySearch(let path, let edit): "edit \(edit): its SEARCH text is empty, and \(path) exists"
    case .staleAnchor(let path, let edit, _, _, .some(let place)):
      "edit \(edit): its SEARCH text is not in \(path), but at line \(place.line) of \(place.path)"
    case .staleAnchor(let path, let edit, .some(let nearest), _, nil):
      "edit \(edit): its SEARCH text is not in \(path); the nearest place is line \(nearest.firstLine)"
    case .staleAnchor(let path, let edit, nil, _, nil): "edit \(edit): its SEARCH text is not in \(path)"
    case .whitespaceOnly(let path, let edit, let nearest, _):
      "edit \(edit): its SEARCH text is in \(path) but for blanks" + (nearest.map { ", at line \($0.firstLine)" } ?? "")
    case .ellipsis(let path, let edit, let text): "edit \(edit): `\(text)` leaves out code of \(path)"
    case .noDefinition(let path, let edit, let name, let nearest):
      "edit \(edit): \(path) defines no `\(name)`"
        + (nearest.isEmpty ? "" : "; nearest: \(nearest.joined(separator: ", "))")
    case .syntaxError(let path, let line, _, let reason, _):
      "\(path) is no Python after the edits: line \(line): \(reason)"
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
    case .noEdit, .proseOnly, .unreadable, .wrongLanguage, .onlyTests:
      "`show reply`, then `rerun reply` or `tweak reply`"
    case .cutOff: "allow a longer reply or send a shorter prompt, then `rerun reply`"
    case .pathNotFound, .staleAnchor, .whitespaceOnly, .ellipsis, .noDefinition, .ambiguous, .linesOutOfRange:
      "`show edits`, then `context add PATH` and `rerun`, or `tweak edits`"
    case .outsideRepository, .notAFile, .belowFile, .testFile, .notText, .emptySearch, .alreadyApplied, .overlap,
      .noChange, .syntaxError:
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
    case .wrongLanguage(let path, _, let language):
      "Your code is \(language). "
        + (path.map { "Write the lines of \($0) in its own language." } ?? "Write Python, as an edit of a file.")
    case .pathNotFound(let path, _, let nearest):
      "The file \(path) does not exist. "
        + (nearest.isEmpty
          ? "Use one of the paths shown to you." : "Did you mean \(nearest.joined(separator: " or "))?")
    case .outsideRepository(let path, _):
      "\(path) is not allowed. Use a relative path inside the repository, such as one shown to you."
    case .notAFile(let path, _): "\(path) is not a file. Use one of the paths shown to you, or another new one."
    case .belowFile(let path, _, let file):
      "\(path) cannot be made, because \(file) is a file and not a folder. Use one of the paths shown to you."
    case .testFile(let path, _): "\(path) is a test file and must stay as it is. Change the source code instead."
    case .onlyTests(let paths):
      "You edited only tests (\(paths.joined(separator: ", "))), which stay as they are. Change the source code instead."
    case .notText(let path, _): "\(path) is not a text file. Change the source code instead."
    case .ambiguous(let path, _, let lines, let within):
      "Your SEARCH text is in \(path) \(lines.count) times, at lines \(EditError.list(lines)). "
        + "Add lines before or after it until only one place fits."
        + EditError.told(zip(lines, within).map { "Line \($0) is \($1.words)." })
    case .emptySearch(let path, _):
      "\(path) exists, so SEARCH must not be empty. Copy the lines that you want to replace into SEARCH."
    case .staleAnchor(let path, _, _, _, .some(let place)):
      "Your SEARCH text is not in \(path). It is in \(place.path), at line \(place.line). "
        + "If you mean that file, write its path."
    case .staleAnchor(let path, _, let nearest, let corrections, nil):
      "Your SEARCH text is not in \(path). Copy the lines exactly as they are in the file."
        + EditError.told(corrections.map(\.sentence))
        + EditError.shown(nearest, "The nearest lines are:", isBehindOthers: !corrections.isEmpty)
    case .whitespaceOnly(let path, _, let nearest, let corrections):
      "Your SEARCH text is in \(path), but with other blanks. Copy the lines with all blanks as they are in the file."
        + EditError.told(corrections.map(\.sentence))
        + EditError.shown(nearest, "The lines are:", isBehindOthers: !corrections.isEmpty)
    case .ellipsis(_, _, let text):
      "Your edit leaves out code with `\(text)`. Write every line of SEARCH and of its replacement, or choose fewer lines."
    case .noDefinition(let path, _, let name, let nearest):
      "\(path) has no definition called \(name). "
        + (nearest.isEmpty
          ? "Use the name of one that is shown to you." : "Did you mean \(nearest.joined(separator: " or "))?")
    case .syntaxError(let path, let line, let column, let reason, let shown):
      "After your edit \(path) is no valid Python: on line \(line), \(reason). Send the edit again with this put right."
        + EditError.shown(shown, "The lines would be:", caret: column.map { (line, $0) })
    case .alreadyApplied(let path, _, let line):
      "Your REPLACE text is in \(path) already, at line \(line). A different change is needed."
    case .overlap(let path, _, _): "Two of your edits change the same lines of \(path). Send them as one edit."
    case .linesOutOfRange(let path, _, let first, let last, let count, let nearest):
      "Lines \(first)-\(last) are not in \(path), which has \(count) lines."
        + EditError.shown(nearest, "The nearest lines are:")
    case .noChange: "Your edit leaves the code as it was. Write the changed lines."
    }
  }

  private static func told(_ sentences: [String]) -> String { sentences.map { "\n\($0)" }.joined() }

  private static func shown(
    _ region: Region?, _ title: String, isBehindOthers: Bool = false, caret: (line: Int, column: Int)? = nil
  ) -> String {
    guard let region, !region.lines.isEmpty else { return "" }
    return "\(isBehindOthers ? "\n" : " ")\(title)\n\(region.numbered(caret: caret))"
  }

  /// The first ten numbers, as `1, 5 and 9`.
  private static func list(_ lines: [Int]) -> String {
    let shown = lines.prefix(10).map(String.init)
    if lines.count > shown.count { return shown.joined(separator: ", ") + " and more" }
    guard let last = shown.last, shown.count > 1 else { return shown.first ?? "none" }
    return "\(shown.dropLast().joined(separator: ", ")) and \(last)"
  }
}

extension Correction {
  /// What is to be written otherwise.
  package var sentence: String {
    switch (written, actual) {
    case (.some(let written), .some(let actual)):
      "Line \(line) of SEARCH is `\(written)`, and the file has `\(actual)`."
    case (.some(let written), nil): "Line \(line) of SEARCH, `\(written)`, is not there in the file."
    case (nil, .some(let actual)): "Before line \(line) of SEARCH the file has `\(actual)`."
    case (nil, nil): ""
    }
  }
}

extension Landmark {
  /// Where the place is, as it follows "is".
  var words: String {
    switch self {
    case .definition(let name): "in `\(name)`"
    case .below(let line): "below `\(line)`"
    case .startOfFile: "at the start of the file"
    }
  }
}

extension EditFormat {
  /// A sentence that asks for the format.
  var request: String {
    switch self {
    case .search: "Write the path of the file, then a SEARCH/REPLACE block."
    case .whole: "Write the path of the file, then the complete new file in a fenced block."
    case .lines: "Write FILE, LINES and REASONING, then a blank line and the new lines."
    case .function: "Write the path of the file, then the whole new function in a fenced block."
    case .diff: "Write a unified diff."
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
    case .noDefinition: "no such definition stands in the fenced block"
    case .severalDefinitions: "several definitions of that name stand in the fenced block"
    case .lineNumbers: "after FILE there is no LINES with a number or a range"
    case .noMarks: "the hunk changes nothing, because none of its lines is marked + or -"
    }
  }

  /// A sentence that says what to write instead.
  var request: String {
    switch self {
    case .noPath, .severalPaths: "Write the path of the file alone on the line above each edit."
    case .noDivider, .noHead: "Each block is <<<<<<< SEARCH, the old lines, =======, the new lines, >>>>>>> REPLACE."
    case .severalDividers: "Use nine characters in each marker: <<<<<<<<< SEARCH, =========, >>>>>>>>> REPLACE."
    case .nestedFence: "Use four backticks for the outer fence."
    case .noDefinition, .severalDefinitions:
      "Write FUNCTION: and its name, then a fenced block with all of it from def on."
    case .lineNumbers: "Write LINES: 40-52, for example."
    case .noMarks: "Begin each removed line with - and each added line with +."
    }
  }
}
