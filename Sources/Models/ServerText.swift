/// Text that a server has written, made fit for a line of ours.
enum ServerText {
  /// `text` on one line without control and formatting characters, cut after `limit` characters.
  static func line(_ text: String, limit: Int) -> String {
    var line = ""
    var isBlank = true
    for scalar in text.unicodeScalars.prefix(limit * 4) {
      switch scalar.properties.generalCategory {
      case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator:
        if !isBlank { line.append(" ") }
        isBlank = true
      case .format, .privateUse, .surrogate, .unassigned:
        continue
      default:
        line.unicodeScalars.append(scalar)
        isBlank = false
      }
    }
    if line.last == " " { line.removeLast() }
    return line.count > limit ? line.prefix(limit) + "..." : line
  }

  static func line(bytes: some Sequence<UInt8>, limit: Int) -> String {
    line(String(decoding: Array(bytes.prefix(limit * 4)), as: UTF8.self), limit: limit)
  }
}
