/// Reads whole definitions: a path, and a fenced block that holds one or more of them. A line `FUNCTION: Cart.total`
/// above the fence names the definition; without it each `def` or `class` of the block names itself. A class that is
/// written round the function that is named is left away again.
enum FunctionReader {
  static func edits(in lines: [ArraySlice<UInt8>], _ files: ReplyFiles = .none) -> [ReadEdit] {
    var edits: [ReadEdit] = []
    var index = 0
    var path: String?
    /// The path that the sentence right above a fence names.
    var said: String?
    var name: String?
    while index < lines.count {
      let line = lines[index]
      guard let fence = Fence(line) else {
        if let label = label(line) {
          name = label
        } else if !line.isBlank {
          if let found = files.alone(on: line) {
            path = found
            said = nil
          } else {
            said = ReplyPath.inSentence(line)
          }
        }
        index += 1
        continue
      }
      var judge = FencedBlock.Judge()
      judge.decides = true
      judge.isWhole = { PythonSyntax.fault(in: Array(LineSplit.text(flat(Array($0))).utf8)) == nil }
      guard case .line(let end) = FencedBlock.end(of: fence, in: lines, from: index + 1, judge) else {
        if path != nil { edits.append(.failure(.cutOff(line: index + 1))) }
        break
      }
      var body = fence.content(lines[index + 1..<end])
      path = ReplyPath.inInfo(fence.info) ?? said ?? path
      said = nil
      if let first = body.first, let inside = ReplyPath.alone(on: first) {
        path = inside
        body.removeFirst()
      }
      while let first = body.first, let inside = label(first) {
        name = inside
        body.removeFirst()
      }
      body = LineNumbers.stripped(body) ?? body
      do throws(EditError) {
        if let path {
          edits += try self.edits(of: path, named: name, body, line: index + 1).map { .success($0) }
        } else if !definitions(body).isEmpty {
          throw EditError.unreadable(line: index + 1, reason: .noPath)
        }
      } catch { edits.append(.failure(error)) }
      name = nil
      index = end + 1
    }
    return edits
  }

  /// The name behind `FUNCTION:`, `METHOD:`, `CLASS:` or `NAME:`.
  static func label(_ line: ArraySlice<UInt8>) -> String? {
    let labels: [StaticString] = ["function", "method", "class", "definition", "name"]
    for label in labels {
      guard let value = LinesReader.value(line, of: label) else { continue }
      var bare = ReplyPath.bare(value)
      for word in ["def ", "class ", "async def "] as [StaticString] { bare = bare.dropping(word: word) ?? bare }
      let name = bare.prefix { $0.isWord || $0 == 46 }
      if !name.isEmpty, bare.dropFirst(name.count).first.map({ $0 == 40 || $0 == 58 }) ?? true { return name.text }
    }
    return nil
  }

  /// The lines without the indentation that they share.
  private static func flat(_ body: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    let indentation = body.lazy.filter { !$0.isBlank }.map(\.indentation.count).min() ?? 0
    return body.map { $0.dropFirst(min(indentation, $0.indentation.count)) }
  }

  private static func definitions(_ body: [ArraySlice<UInt8>]) -> [Definition] {
    Definition.all(in: Array(LineSplit.text(body).utf8))
  }

  private static func edits(
    of path: String, named name: String?, _ body: [ArraySlice<UInt8>], line: Int
  ) throws(EditError) -> [Edit] {
    let flat = flat(body)
    let found = definitions(flat)
    let outer = found.filter { one in !found.contains { $0.firstLine < one.firstLine && one.lastLine <= $0.lastLine } }
    let text = { (one: Definition) in LineSplit.text(flat[one.firstLine - 1..<min(one.lastLine, flat.count)]) }
    if let name {
      // The definition itself, or the one of its last name in a class that was written round it.
      let own = name.split(separator: ".").last.map(String.init) ?? name
      let candidates = found.filter { $0.name == name }
      let inner =
        candidates.isEmpty ? found.filter { $0.name.split(separator: ".").last.map(String.init) == own } : candidates
      guard let one = inner.first, inner.count == 1 else {
        throw .unreadable(line: line, reason: inner.isEmpty ? .noDefinition : .severalDefinitions)
      }
      return [Edit(path: path, change: .function(name: name, definition: text(one)), line: line)]
    }
    if outer.isEmpty { throw .unreadable(line: line, reason: .noDefinition) }
    return outer.map {
      Edit(path: path, change: .function(name: $0.name, definition: text($0)), line: line)
    }
  }
}
