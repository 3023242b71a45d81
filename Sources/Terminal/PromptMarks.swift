/// A prompt as libedit wants it.
enum PromptMarks {
  /// The prompt with each escape sequence between two \1, which says that it takes no room, and the columns of the
  /// rest. Sequences are those of ECMA-48: `ESC [`, parameters, a final byte from `@` to `~`.
  static func marked(_ prompt: String) -> (text: String, width: Int) {
    var text = String.UnicodeScalarView()
    var width = 0
    var scalars = prompt.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\u{1B}" else {
        text.append(scalar)
        width += Width.of(scalar)
        continue
      }
      text.append("\u{1}")
      text.append(scalar)
      var isFirst = true
      while let part = scalars.next() {
        text.append(part)
        if !isFirst || part != "[", ("@"..."~").contains(part) { break }
        isFirst = false
      }
      text.append("\u{1}")
    }
    return (String(text), width)
  }
}
