/// How a model is asked to write its edits, and how its reply is read.
package enum EditFormat: String, CaseIterable, Codable, Sendable {
  /// SEARCH/REPLACE blocks, each under the path of its file.
  case search
  /// A path and a fenced block that holds the complete file.
  case whole
  /// The direct edit: FILE, LINES and REASONING, a blank line, and the lines that take their place.
  case lines
  /// A path and a fenced block that holds whole definitions, each of which takes the place of the one of its name.
  case function
  /// A unified diff: read where one comes, and never asked for.
  case diff

  /// The formats that a model may be asked for.
  package static let asked: [EditFormat] = [.search, .whole, .lines, .function]
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
    /// The definition called `name`, such as `Cart.total`, becomes `definition`.
    case function(name: String, definition: String)
    /// A hunk of a unified diff. Each of `lines` begins with a blank, `-` or `+`. `firstLine` is the line of the old file
    /// that its head names, 1-based: small models make it up, so it only decides between places that fit alike.
    case hunk(lines: String, firstLine: Int?)
    /// The file goes. `content` is what the reply says it holds.
    case delete(content: String)
    /// The file is called `to` from here on.
    case rename(to: String)
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
