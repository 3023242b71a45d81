/// Passwords in a line that was typed.
package enum Passwords {
  /// `line` without the user and password of each URL: `https://me:secret@host/` is `https://host/`. Hides too much rather
  /// than too little: all between the first `://` and the last `@` of a word, and the value of a header field that names no
  /// variable.
  @Sendable package static func hidden(in line: String) -> String {
    if let setting = line.firstRange(of: "model.header"), !line[setting.upperBound...].contains("$") {
      return line[..<setting.upperBound] + " default"
    }
    var shown: [UInt8] = []
    for word in line.utf8.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 32 || $0 == 9 || $0 == 10 }) {
      if let at = word.lastIndex(of: UInt8(ascii: "@")), let mark = word[..<at].firstRange(of: "://".utf8) {
        shown += word[..<mark.upperBound]
        shown += word[word.index(after: at)...]
      } else {
        shown += word
      }
      if word.endIndex < line.utf8.endIndex { shown.append(line.utf8[word.endIndex]) }
    }
    return String(decoding: shown, as: UTF8.self)
  }
}
