/// The grammar of a line.
///
/// Words are split at blanks. `'...'` is literal. `"..."` knows `\"`, `\\`, `\$`, `\n` and `\t`. Outside quotes a
/// backslash takes the next character as it is, and at the end of a line goes on with the next line. `#` at the start
/// of a word begins a comment. `;` separates commands. `$name` and `${name}` put a parameter into an argument: never
/// into the first word, never inside single quotes, never split; a `$` with no name behind it is itself. At the start of a word `|` gives the
/// output to the shell command on the rest of the line, and `>` to a file; a command that begins with `!` is the shell's.
package enum LineParser {
  /// The words of one command.
  ///
  /// - Parameters:
  ///   - text: the command; a trailing `;` or comment is no harm.
  ///   - parameters: what `$name` stands for, by name.
  ///   - line: the number for errors.
  /// - Returns: the words in their order; none where there is only a comment.
  /// - Throws: where a quote is open, a parameter unknown, or `text` holds a second command.
  package static func words(
    _ text: String, parameters: [String: String] = [:], line: Int = 1
  ) throws(ScriptError) -> [Word] {
    var scanner = LineScanner(text, line: line, column: 1)
    return try scanner.command(parameters).words
  }

  /// The commands of `text`, which may have several lines and several commands on one.
  package static func commands(_ text: String, line: Int = 1) throws(ScriptError) -> [CommandText] {
    var scanner = LineScanner(text, line: line, column: 1)
    return try scanner.commands()
  }

  /// True where `text` ends in a backslash that asks for another line.
  package static func isContinued(_ text: String) -> Bool {
    do throws(ScriptError) {
      _ = try commands(text)
      return false
    } catch .nothingContinues {
      return true
    } catch {
      return false
    }
  }

  /// `text` as one word of a line, quoted where it needs to be: `words` gives it back as it was.
  package static func quoted(_ text: String) -> String {
    let bytes = Array(text.utf8)
    if !bytes.isEmpty, bytes.first != ASCII.bang, bytes.allSatisfy(isPlain) { return text }
    if !bytes.contains(ASCII.quote), !bytes.contains(ASCII.newline), !bytes.contains(ASCII.carriageReturn) {
      return "'\(text)'"
    }
    var written: [UInt8] = [ASCII.doubleQuote]
    for byte in bytes {
      switch byte {
      case ASCII.newline: written += [ASCII.backslash, UInt8(ascii: "n")]
      case ASCII.doubleQuote, ASCII.backslash, ASCII.dollar: written += [ASCII.backslash, byte]
      default: written.append(byte)
      }
    }
    written.append(ASCII.doubleQuote)
    return String(decoding: written, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 128...:
      true
    default: "._/+:@,=%^~-*?!".utf8.contains(byte)
    }
  }
}

/// The bytes that mean something in a script.
enum ASCII {
  static let nul: UInt8 = 0
  static let tab: UInt8 = 9
  static let newline: UInt8 = 10
  static let carriageReturn: UInt8 = 13
  static let space: UInt8 = 32
  static let doubleQuote = UInt8(ascii: "\"")
  static let hash = UInt8(ascii: "#")
  static let dollar = UInt8(ascii: "$")
  static let quote = UInt8(ascii: "'")
  static let dash = UInt8(ascii: "-")
  static let bang = UInt8(ascii: "!")
  static let bar = UInt8(ascii: "|")
  static let greater = UInt8(ascii: ">")
  static let semicolon = UInt8(ascii: ";")
  static let letterR = UInt8(ascii: "r")
  static let backslash = UInt8(ascii: "\\")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
}
