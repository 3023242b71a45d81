/// One word of a line, quotes and escapes taken away and parameters put in.
package struct Word: Hashable, Sendable {
  /// What it says; may be empty (`''`) and may hold blanks.
  package let text: String
  /// Where it begins in its physical line: 1-based, counted in Unicode scalars.
  package let column: Int

  /// A word that says `text` and begins in `column`.
  package init(text: String, column: Int) {
    self.text = text
    self.column = column
  }
}

/// Where what a command says goes.
package enum LineOutput: Hashable, Sendable {
  /// To the person.
  case shown
  /// Into the standard input of a shell command: the rest of the physical line behind `|`.
  case pipe(String)
  /// Into a file: the word behind `>`.
  case file(String)
}

/// One command, read: its words and where it stood.
package struct Line: Hashable, Sendable {
  /// The 1-based number of the physical line where it begins.
  package let number: Int
  /// Its words, at least one; the first names the command.
  package let words: [Word]
  /// Where what it says goes.
  package let output: LineOutput
  /// Its text as it was written, continuation lines joined, without what follows a `;` or a comment.
  package let source: String

  /// A line of `words`.
  package init(number: Int, words: [Word], output: LineOutput = .shown, source: String) {
    self.number = number
    self.words = words
    self.output = output
    self.source = source
  }

  /// The same line with `change` made to its words and its text.
  package func mapped(_ change: (String) -> String) -> Line {
    Line(
      number: number, words: words.map { Word(text: change($0.text), column: $0.column) }, output: output,
      source: change(source))
  }
}

/// One command as it stands in a script, its parameters not yet put in. Comments and blank lines are none; `a; b` is
/// two with the same number.
package struct CommandText: Hashable, Sendable {
  /// The word in front of a command that a script carries out at its end.
  package static let always = "always"

  /// The 1-based number of the physical line where it begins.
  package let number: Int
  /// Where it begins in that line: 1-based, counted in Unicode scalars.
  package let column: Int
  /// Its text as it was written, with the line breaks of continuation lines.
  package let source: String
  /// Its text with the continuation lines joined.
  package let text: String

  init(number: Int, column: Int, source: [UInt8], text: [UInt8]) {
    self.number = number
    self.column = column
    self.source = String(decoding: source, as: UTF8.self)
    self.text = String(decoding: text, as: UTF8.self)
  }

  /// The command with `parameters` put into its arguments.
  package func line(parameters: [String: String] = [:]) throws(ScriptError) -> Line {
    var scanner = LineScanner(source, line: number, column: column)
    let (words, output) = try scanner.command(parameters)
    return Line(number: number, words: words, output: output, source: text)
  }

  /// The first word, which holds no parameter; nil where the command begins with `!`, which is the shell's.
  package var firstWord: String? {
    var scanner = LineScanner(source, line: number, column: column)
    return try? scanner.parts().first
  }

  /// The command that follows the first word, as in `always report`; nil where nothing does.
  package var withoutFirstWord: CommandText? {
    var scanner = LineScanner(source, line: number, column: column)
    return try? scanner.parts().rest
  }
}
