/// Files that Python could not read, by what a test log says of them. A runner that cannot import a file for its form
/// may end with a traceback alone, and name no test.
enum BrokenFile {
  /// The first of `paths` of which `log` tells that it is no Python: a line that names the file, and shortly below it
  /// one that names the error.
  static func first(of paths: [String], in log: String) -> String? {
    let paths = Set(paths)
    var named: (path: String, line: Int)?
    for (number, line) in log.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      // pytest puts an `E` in front.
      let text = (line.hasPrefix("E ") ? line.dropFirst() : line).drop { $0 == " " }
      if text.hasPrefix("File \"/testbed/") {
        let path = String(text.dropFirst(15).prefix { $0 != "\"" })
        named = paths.contains(path) ? (path, number) : nil
      } else if let named, number - named.line <= 4,
        ["SyntaxError:", "IndentationError:", "TabError:"].contains(where: text.hasPrefix)
      {
        return named.path
      }
    }
    return nil
  }
}
