/// The classes and functions of a Python file, with the lines that they take.
struct Definition {
  /// Its name behind those of the definitions that it lies in: `Cart.total`.
  let name: String
  /// True for a class.
  let isClass: Bool
  /// 1-based: its first decorator, its `def` or `class`, and the last line of its body.
  let firstLine: Int
  let headLine: Int
  let lastLine: Int

  /// The definitions of `bytes` in the order of their heads. Those of a file that is no Python end where it ends to be.
  static func all(in bytes: [UInt8]) -> [Definition] {
    let (tokens, _) = PythonLexer.tokens(of: bytes)
    var found: [Definition] = []
    /// The definitions that are open: how deep their blocks are, and where they stand in `found`.
    var open: [(depth: Int, index: Int)] = []
    var depth = 0
    var last = 1
    var isStart = true
    var decorator: Int?
    var index = 0
    func close(from depth: Int) {
      while let inner = open.last, inner.depth >= depth {
        open.removeLast()
        let one = found[inner.index]
        found[inner.index] = Definition(
          name: one.name, isClass: one.isClass, firstLine: one.firstLine, headLine: one.headLine,
          lastLine: max(last, one.headLine))
      }
    }
    while index < tokens.count {
      let token = tokens[index]
      switch token.kind {
      case .indent: depth += 1
      case .dedent: depth -= 1
      case .newline:
        last = token.line
        isStart = true
      case .end: break
      case .name, .number, .string, .symbol:
        guard isStart else { break }
        isStart = false
        close(from: depth)
        if token.is("@") {
          decorator = decorator ?? token.line
          break
        }
        let head = token.is("async") && index + 1 < tokens.count ? index + 1 : index
        if tokens[head].is("def") || tokens[head].is("class"), head + 1 < tokens.count, tokens[head + 1].kind == .name {
          let own = String(decoding: bytes[tokens[head + 1].start..<tokens[head + 1].end], as: UTF8.self)
          let name = (open.last.map { found[$0.index].name + "." } ?? "") + own
          found.append(
            Definition(
              name: name, isClass: tokens[head].is("class"), firstLine: decorator ?? token.line, headLine: token.line,
              lastLine: token.line))
          open.append((depth, found.count - 1))
        }
        decorator = nil
      }
      index += 1
    }
    close(from: 0)
    return found
  }
}
