/// The blocks of a Python file: each function with its decorators, each class down to its first function, and what
/// stands between them. Together they are all lines of the file, in order, none twice.
struct Outline: Sendable {
  /// One block.
  struct Block: Hashable, Sendable {
    /// The first line, 1-based.
    var first: Int
    /// The last line, inclusive, with the blank lines up to the next block.
    var last: Int
    /// The function or class that begins here; nil for what stands between.
    var name: String?
  }

  private(set) var blocks: [Block] = []

  /// Reads `file` as Python: strings, brackets and continued lines are passed over, so that what only looks like a
  /// definition is none. Never fails; what is no Python is one block or a few.
  init(_ file: SourceFile) {
    guard file.lineCount > 0 else { return }
    var builder = Builder(lineCount: file.lineCount)
    var logical = LogicalLines(file.bytes)
    while let line = logical.next() { builder.take(line, of: file.bytes) }
    blocks = builder.blocks()
  }

  /// Follows the scopes and notes where blocks begin.
  private struct Builder {
    private struct Scope {
      var indent: Int
      var isClass: Bool
    }

    private let lineCount: Int
    private var scopes: [Scope] = []
    private var starts: [(line: Int, name: String?)] = [(1, nil)]
    private var decorated = false

    init(lineCount: Int) { self.lineCount = lineCount }

    mutating func take(_ line: LogicalLines.Line, of bytes: [UInt8]) {
      var left = false
      while let scope = scopes.last, line.indent <= scope.indent {
        scopes.removeLast()
        left = true
      }
      guard scopes.allSatisfy(\.isClass) else { return }
      let text = bytes[line.start..<line.end]
      if text.first == UInt8(ascii: "@") {
        if !decorated { begin(at: line.firstWithComments, nil) }
        decorated = true
        return
      }
      if let (name, isClass) = Builder.definition(text) {
        if decorated {
          starts[starts.count - 1].name = name
        } else {
          begin(at: line.firstWithComments, name)
        }
        scopes.append(Scope(indent: line.indent, isClass: isClass))
      } else if left {
        begin(at: line.firstWithComments, nil)
      }
      decorated = false
    }

    private mutating func begin(at line: Int, _ name: String?) {
      if let last = starts.last, last.line >= line {
        starts[starts.count - 1].name = name ?? last.name
      } else {
        starts.append((line, name))
      }
    }

    func blocks() -> [Block] {
      starts.indices.map { index in
        let last = index + 1 < starts.count ? starts[index + 1].line - 1 : lineCount
        return Block(first: starts[index].line, last: last, name: starts[index].name)
      }
    }

    private static func definition(_ text: ArraySlice<UInt8>) -> (name: String, isClass: Bool)? {
      for (word, isClass) in [("def ", false), ("class ", true), ("async def ", false)]
      where text.starts(with: word.utf8) {
        let rest = text.dropFirst(word.utf8.count).drop { $0 == UInt8(ascii: " ") }
        let name = rest.prefix(while: Mentions.isNameByte)
        if !name.isEmpty { return (String(decoding: name, as: UTF8.self), isClass) }
      }
      return nil
    }
  }
}
