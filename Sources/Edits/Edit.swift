/// How a model is asked to write its edits, and how its reply is read.
package enum EditFormat: String, CaseIterable, Codable, Sendable {
  /// SEARCH/REPLACE blocks, each under the path of its file.
  case search
  /// A path and a fenced block that holds the complete file.
  case whole
  /// The direct edit: FILE, LINES and REASONING, a blank line, and the lines that take their place.
  case lines
}

/// One change that the model asked for, as its reply says it: nothing has been looked up in the repository yet.
package struct Edit: Hashable, Codable, Sendable {
  /// What is to become of the file. Texts have LF line ends; each line is terminated, so that `""` holds no line and
  /// `"\n"` holds one blank line. A missing last terminator is allowed.
  package enum Change: Hashable, Codable, Sendable {
    /// The lines of `replacement` take the place of the lines of `search`. An empty `search` asks for a new file.
    case replace(search: String, replacement: String)
    /// The file holds `content` and nothing else.
    case whole(content: String)
    /// The lines of `replacement` take the place of lines `first` to `last`, 1-based and inclusive.
    case lines(first: Int, last: Int, replacement: String)
  }

  /// The path as the reply spells it, without quotes and other decoration; it may still lead out of the repository.
  package var path: String
  package var change: Change
  /// What the model gave as its reason, where the format has a place for it.
  package var reasoning: String?
  /// The 1-based line of the reply where the edit begins: its head marker, its fence or its FILE line.
  package var line: Int

  package init(path: String, change: Change, reasoning: String? = nil, line: Int = 1) {
    self.path = path
    self.change = change
    self.reasoning = reasoning
    self.line = line
  }
}
