import Foundation

/// The code that a unified diff adds to one file.
struct AddedCode {
  let path: String
  /// The added lines without comments, in the letters that Python reads names in. One that the diff also removes from the file is only moved, and left out.
  private(set) var lines: [String] = []

  /// The files of `diff` that hold code by their names: Python's, shell scripts, and those without an ending.
  static func files(in diff: String) -> [AddedCode] {
    var files: [AddedCode] = []
    var removed: Set<Substring> = []
    var isInHunk = false
    func close() {
      guard let last = files.indices.last else { return }
      files[last].lines = files[last].lines.filter { !removed.contains(trimmed($0[...])) }.map(CodeWords.plain)
    }
    for line in diff.split(separator: "\n") {
      if line.hasPrefix("diff --git ") {
        isInHunk = false
      } else if line.hasPrefix("@@ ") {
        isInHunk = true
      } else if !isInHunk, line.hasPrefix("+++ ") {
        close()
        removed = []
        files.append(AddedCode(path: String(line.dropFirst(line.hasPrefix("+++ b/") ? 6 : 4))))
      } else if isInHunk, line.hasPrefix("+"), let last = files.indices.last {
        files[last].lines.append(String(line.dropFirst()))
      } else if isInHunk, line.hasPrefix("-") {
        removed.insert(trimmed(line.dropFirst()))
      }
    }
    close()
    return files.filter { isCode($0.path) }
  }

  private static func isCode(_ path: String) -> Bool {
    guard let name = path.split(separator: "/").last, let dot = name.lastIndex(of: ".") else { return true }
    return ["py", "pyw", "pyx", "sh"].contains(name[name.index(after: dot)...])
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var rest = line.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}

/// The names in a line of Python.
enum CodeWords {
  /// A name with the names before it that dots join: `sys.stdout`.
  struct Word: Equatable {
    var name: String
    var isCalled = false
    /// True before `=`, false before `==`.
    var isAssigned = false
  }

  /// The names of a line, those in strings too. Names imported from a module come with its name.
  static func words(in line: String) -> [Word] {
    var found: [Word] = []
    let bytes = Array(line.utf8)
    var at = 0
    while at < bytes.count {
      guard isName(bytes[at]) else {
        at += 1
        continue
      }
      let start = at
      while at < bytes.count, isName(bytes[at]) || (bytes[at] == 46 && at + 1 < bytes.count && isName(bytes[at + 1])) {
        at += 1
      }
      var word = Word(name: String(decoding: bytes[start..<at], as: UTF8.self))
      let rest = bytes[at...].drop { $0 == 32 }
      word.isCalled = rest.first == UInt8(ascii: "(") && (start == 0 || bytes[start - 1] != 46)
      word.isAssigned = rest.first == UInt8(ascii: "=") && rest.dropFirst().first != UInt8(ascii: "=")
      found.append(word)
    }
    if found.count > 3, found[0].name == "from", found[2].name == "import" {
      return found[3...].map { Word(name: "\(found[1].name).\($0.name)") }
    }
    // A function that is defined is not called.
    if let index = found.firstIndex(where: { $0.name == "def" }), index + 1 < found.count {
      found[index + 1].isCalled = false
    }
    return found
  }

  /// The line up to a `#` that stands in no string, but for one that tells the file's encoding. Python takes letters
  /// of other widths and styles in a name for plain ones, so they are made plain.
  static func plain(_ line: String) -> String {
    let isASCII = line.utf8.allSatisfy { $0 < 128 }
    let line = isASCII ? line : line.precomposedStringWithCompatibilityMapping
    return line.hasPrefix("#") && line.contains("coding") ? line : withoutComment(line)
  }

  private static func withoutComment(_ line: String) -> String {
    var quote: Character?
    var isEscaped = false
    for index in line.indices {
      let character = line[index]
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "#" {
        return String(line[..<index])
      }
    }
    return line
  }

  private static func isName(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte > 127
  }
}
