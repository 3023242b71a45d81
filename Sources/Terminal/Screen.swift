import CEdit

/// What is known about the terminal behind a descriptor.
package enum Screen {
  /// Columns of the terminal behind the descriptor; nil where it is none, or does not tell.
  package static func width(of descriptor: Int32) -> Int? {
    let columns = Int(cedit_columns(descriptor))
    return columns > 0 ? columns : nil
  }

  /// Rows of the terminal behind the descriptor; nil where it is none, or does not tell.
  package static func height(of descriptor: Int32) -> Int? {
    let rows = Int(cedit_rows(descriptor))
    return rows > 0 ? rows : nil
  }

  /// Whether the descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// Whether the terminal cannot move its cursor: `TERM` is `dumb`, empty or not set.
  package static func isDumb(environment: [String: String]) -> Bool {
    let name = environment["TERM"] ?? ""
    return name.isEmpty || name == "dumb"
  }
}
