import Content

/// What a file says apart from how it is laid out: two texts of Python with one form differ in comments, blank lines and
/// blanks within lines, and in nothing that runs.
package enum CodeForm {
  /// The hash of the form. Of what is no Python, only blanks at the ends of lines and blank lines are left out.
  package static func hash(_ path: String, _ bytes: [UInt8]) -> Hash {
    if PythonSyntax.isPython(path) {
      let (tokens, fault) = PythonLexer.tokens(of: bytes)
      if fault == nil { return Hash(of: form(tokens, of: bytes)) }
    }
    return Hash(of: lines(of: bytes))
  }

  /// The form of several files as they become, nil for one that is deleted; their order does not matter.
  package static func hash(_ changes: [FileChange]) -> Hash {
    let files = changes.map { change in
      "\(change.path)\0\(change.after.map { hash(change.path, $0).hex } ?? "deleted")"
    }
    return Hash(of: files.sorted().joined(separator: "\n"))
  }

  private static func form(_ tokens: [PythonToken], of bytes: [UInt8]) -> [UInt8] {
    var form: [UInt8] = []
    form.reserveCapacity(bytes.count)
    for token in tokens {
      form.append(token.kind.rawValue)
      // How deep a block is set in, and what ends a line, is layout.
      if token.kind.rawValue <= PythonToken.Kind.symbol.rawValue { form += bytes[token.start..<token.end] }
    }
    return form
  }

  private static func lines(of bytes: [UInt8]) -> [UInt8] {
    var form: [UInt8] = []
    for line in bytes.split(separator: 10) {
      guard let last = line.lastIndex(where: { ![9, 13, 32].contains($0) }) else { continue }
      form += line[...last]
      form.append(10)
    }
    return form
  }
}
