import Content

/// An import that a file needs and does not have.
package struct MissingImport: Hashable, Codable, Sendable {
  package let path: String
  /// The name that the file uses.
  package let name: String
  /// The import that brings it, without a line end.
  package let statement: String
  /// The 1-based line of the file as it was after which it belongs; 0 for its first line.
  package let line: Int
}

/// Finds the imports that edits forgot, or removed by mistake.
package struct ImportSearch {
  /// A name that a changed file uses and nothing in it binds.
  package struct Need: Hashable, Sendable {
    package let path: String
    package let name: String
  }

  /// What brings a name: `from module import name as alias`, or `import module as alias`.
  private struct Way: Hashable {
    let module: String
    let name: String?
    let bound: String

    var statement: String {
      if let name { return "from \(module) import \(name)" + (name == bound ? "" : " as \(bound)") }
      return "import \(module)" + (module == bound ? "" : " as \(bound)")
    }
  }

  /// Imports that the edits removed and the files still need: certain, whatever the repository says.
  package private(set) var removed: [MissingImport] = []
  /// What the repository is to be asked for.
  package private(set) var needs: [Need] = []
  private let after: [String: [UInt8]]

  /// Looks through changed files of Python. A name that was unbound before is not the edits' doing, and one that no
  /// changed line uses is left alone unless its import was removed.
  package init(_ changes: [FileChange]) {
    var after: [String: [UInt8]] = [:]
    for change in changes where PythonSyntax.isPython(change.path) {
      guard let bytes = change.after, let names = PythonNames(bytes) else { continue }
      let unbound = names.unbound
      if unbound.isEmpty { continue }
      after[change.path] = bytes
      let old = change.before.flatMap(PythonNames.init)
      let known = old?.unbound ?? [:]
      let changed = ImportSearch.changedLines(change.before ?? [], bytes)
      for (name, lines) in unbound.sorted(by: { $0.key < $1.key }) where known[name] == nil {
        if old?.imported.contains(name) == true, let before = change.before {
          let ways = ImportSearch.ways(to: name, in: before, path: change.path, package: nil)
          if ways.count == 1, let way = ways.first {
            removed.append(ImportSearch.missing(way.statement, name, change.path, bytes, module: way.module))
          }
        } else if lines.contains(where: changed.contains) {
          needs.append(Need(path: change.path, name: name))
        }
      }
    }
    self.after = after
  }

  /// The imports that the repository makes in exactly one way.
  ///
  /// - Parameters:
  ///   - files: its files of Python, by path, but for tests.
  ///   - paths: the paths of all its files.
  /// - Returns: one for each need that is answered.
  package func found(in files: [String: [UInt8]], paths: Set<String>) -> [MissingImport] {
    needs.compactMap { need in
      let word = ArraySlice(Array(need.name.utf8))
      var ways: Set<Way> = []
      for (path, bytes) in files where path != need.path && ByteSearch.contains(bytes, word) {
        ways.formUnion(
          ImportSearch.ways(to: need.name, in: bytes, path: path, package: ImportSearch.package(of: path, paths)))
        if ways.count > 1 { return nil }
      }
      guard let way = ways.first, let bytes = after[need.path] else { return nil }
      let own = (ImportSearch.package(of: need.path, paths) + [ImportSearch.stem(need.path)].compactMap(\.self))
        .joined(separator: ".")
      if way.module == own || ImportSearch.needs(way.module, need.path, in: files) { return nil }
      return ImportSearch.missing(way.statement, need.name, need.path, bytes, module: way.module)
    }
  }

  /// The changes with these imports in their files.
  package static func adding(_ imports: [MissingImport], to changes: [FileChange]) -> [FileChange] {
    changes.map { change in
      let mine = imports.filter { $0.path == change.path }.sorted { ($0.line, $0.statement) > ($1.line, $1.statement) }
      guard !mine.isEmpty, let bytes = change.after, var text = SourceText(bytes) else { return change }
      for one in mine {
        text.replace(one.line..<one.line, with: [ArraySlice(Array(one.statement.utf8))], standingFor: [nil])
      }
      return FileChange(path: change.path, before: change.before, after: text.bytes)
    }
  }

  /// True where the module imports the file that would import it.
  private static func needs(_ module: String, _ path: String, in files: [String: [UInt8]]) -> Bool {
    let place = module.replacing(".", with: "/")
    let own = stem(path) ?? path.split(separator: "/").dropLast().last.map(String.init) ?? path
    return ["\(place).py", "\(place)/__init__.py"].contains { end in
      files.contains { file, bytes in
        (file == end || file.hasSuffix("/" + end)) && !statements(in: bytes, naming: Array(own.utf8)).isEmpty
      }
    }
  }

  // MARK: Places

  /// The import with its place: after one from the same module, else after the last import at the top of the file.
  private static func missing(
    _ statement: String, _ name: String, _ path: String, _ bytes: [UInt8], module: String
  ) -> MissingImport {
    MissingImport(path: path, name: name, statement: statement, line: place(in: bytes, module: module))
  }

  /// How many lines stand before the new one.
  private static func place(in bytes: [UInt8], module: String) -> Int {
    let (tokens, _) = PythonLexer.tokens(of: bytes)
    var depth = 0
    var index = 0
    var last = 0
    var isFirst = true
    while index < tokens.count, tokens[index].kind != .end {
      if tokens[index].kind == .indent { depth += 1 }
      if tokens[index].kind == .dedent { depth -= 1 }
      guard ![.indent, .dedent, .newline].contains(tokens[index].kind) else {
        index += 1
        continue
      }
      var end = index
      while end < tokens.count, tokens[end].kind != .newline, tokens[end].kind != .end { end += 1 }
      let endLine = end < tokens.count ? tokens[end].line : tokens[end - 1].line
      if depth == 0 {
        let head = tokens[index]
        let isImport = head.is("import") || head.is("from")
        if isImport {
          last = endLine
          if head.is("from"), let word = tokens[index..<end].firstIndex(where: { $0.is("import") }), word > index + 1,
            bytes[tokens[index + 1].start..<tokens[word - 1].end].elementsEqual(module.utf8)
          {
            return endLine
          }
        } else if isFirst, head.kind == .string {
          last = endLine
        } else if head.is("def") || head.is("class") || head.is("@") || head.is("async") {
          break
        } else if last == 0 {
          last = head.line - 1
        }
      }
      isFirst = false
      index = end + 1
    }
    return last
  }

  private static func changedLines(_ before: [UInt8], _ after: [UInt8]) -> Set<Int> {
    let new = LineSplit.lines(of: after)
    let pairs = LineAlignment.pairs(old: LineSplit.lines(of: before), new: new)
    return Set(pairs.indices.filter { pairs[$0] == nil }.map { $0 + 1 })
  }

  // MARK: Ways

  /// The names of the packages that a file lies in, outermost first.
  private static func package(of path: String, _ paths: Set<String>) -> [String] {
    var folders = path.split(separator: "/").dropLast().map(String.init)
    var parts: [String] = []
    while let name = folders.last, paths.contains(folders.joined(separator: "/") + "/__init__.py") {
      parts.insert(name, at: 0)
      folders.removeLast()
    }
    return parts
  }

  private static func stem(_ path: String) -> String? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = String(name.prefix { $0 != "." })
    return stem == "__init__" ? nil : stem
  }

  /// How the import statements of a file bring `name`. With `package` nil, statements are kept as they are written.
  private static func ways(to name: String, in bytes: [UInt8], path: String, package: [String]?) -> Set<Way> {
    var found: Set<Way> = []
    for statement in statements(in: bytes, naming: Array(name.utf8)) {
      let words = statement.split { $0 == " " || $0 == "\t" }.map(String.init)
      if words.first == "import" {
        for part in statement.dropFirst(7).split(separator: ",") {
          let names = part.split(separator: " ").map(String.init)
          if names.count == 3, names[1] == "as", names[2] == name {
            found.insert(Way(module: names[0], name: nil, bound: name))
          } else if names.count == 1, names[0] == name {
            found.insert(Way(module: name, name: nil, bound: name))
          }
        }
        continue
      }
      guard words.count > 3, let range = statement.ranges(of: " import ").first else { continue }
      let from = statement[..<range.lowerBound].dropFirst(5).filter { $0 != " " }
      let brought = statement[range.upperBound...].filter { $0 != "(" && $0 != ")" && $0 != "\\" }
      for part in brought.split(separator: ",") {
        let names = part.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let original = names.first, names.count == 1 || (names.count == 3 && names[1] == "as") else { continue }
        guard (names.count == 3 ? names[2] : original) == name else { continue }
        guard let module = absolute(String(from), package) else { continue }
        found.insert(Way(module: module, name: original, bound: name))
      }
    }
    return found
  }

  /// A module as it is called from anywhere; nil for a relative one that leads out of the package.
  private static func absolute(_ module: String, _ package: [String]?) -> String? {
    guard module.hasPrefix("."), let package else { return module }
    let dots = module.prefix { $0 == "." }.count
    guard dots <= package.count else { return nil }
    let rest = module.dropFirst(dots)
    return (package.dropLast(dots - 1) + (rest.isEmpty ? [] : [String(rest)])).joined(separator: ".")
  }

  /// The import statements that hold `name`, each on one line without comments.
  private static func statements(in bytes: [UInt8], naming name: [UInt8]) -> [String] {
    let lines = LineSplit.lines(of: bytes)
    var found: [String] = []
    var index = 0
    while index < lines.count {
      let line = lines[index].withoutIndentation
      index += 1
      guard line.first == 105 || line.first == 102,
        line.dropping(word: "import ") != nil || line.dropping(word: "from ") != nil
      else { continue }
      var whole = Array(line.prefix { $0 != 35 })
      while index < lines.count,
        whole.contains(40) && !whole.contains(41) || ArraySlice(whole).withoutTrailingBlanks.last == 92
      {
        if ArraySlice(whole).withoutTrailingBlanks.last == 92 {
          whole = Array(ArraySlice(whole).withoutTrailingBlanks.dropLast())
        }
        whole += [32] + lines[index].prefix { $0 != 35 }
        index += 1
        if whole.count > 20_000 { break }
      }
      if ByteSearch.contains(whole, name[...]) {
        found.append(String(decoding: ArraySlice(whole).withoutBlanks.prefix { $0 != 59 }, as: UTF8.self))
      }
    }
    return found
  }
}
