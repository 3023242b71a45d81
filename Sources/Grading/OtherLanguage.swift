/// Tests that are not Python's, by their files or by what their runner prints.
enum OtherLanguage {
  private static let endings = [
    ".go": "Go", ".rs": "Rust", ".js": "JavaScript", ".jsx": "JavaScript", ".mjs": "JavaScript", ".ts": "TypeScript",
    ".tsx": "TypeScript", ".java": "Java", ".kt": "Kotlin", ".rb": "Ruby", ".php": "PHP", ".c": "C", ".cc": "C++",
    ".cpp": "C++", ".cs": "C#", ".scala": "Scala", ".swift": "Swift",
  ]

  /// The language of files of tests, none of which is Python's; nil where that is not plain.
  static func of(testFiles: [String]) -> String? {
    guard !testFiles.contains(where: { $0.hasSuffix(".py") }) else { return nil }
    return testFiles.lazy.compactMap { file in
      let name = file.split(separator: "/").last ?? ""
      return name.lastIndex(of: ".").flatMap { endings[String(name[$0...])] }
    }.first
  }

  /// The language whose runner wrote a log, by lines that Python's runners do not print.
  static func of(log: [UInt8]) -> String? {
    LogText.reading(log) { text in
      var found: String?
      text.eachShownLine { line in
        guard found == nil else { return }
        if line.hasPrefix("=== RUN   ") || line.hasPrefix("--- PASS: ") || line.hasPrefix("--- FAIL: ") { found = "Go" }
        if line.hasPrefix("test result: ok. ") || line.hasPrefix("test result: FAILED. ") { found = "Rust" }
        if line.hasPrefix("[INFO] Tests run: ") || line.hasPrefix("[ERROR] Tests run: ") { found = "Java" }
        if line.hasPrefix("Test Suites: ") { found = "JavaScript" }
      }
      return found
    }
  }
}
