/// Reads the edits out of a reply. It tolerates decoration and never guesses: what could be read in two ways is an
/// error, and one bad edit spoils the reply.
package enum EditReader {
  /// The edits of `reply` in the order of the reply, at least one. Line ends of the reply may be LF or CRLF. Thoughts and
  /// the tokens of a chat template are not read, see `ReplyText`.
  ///
  /// - Parameters:
  ///   - reply: all that the model said.
  ///   - format: how it was asked to write its edits.
  ///   - file: the bytes of the file that a path of the reply means, which decide where a block ends that holds fences.
  /// - Returns: the edits, at least one.
  /// - Throws: `noEdit`, `proseOnly`, `cutOff` or `unreadable`.
  package static func edits(
    in reply: String, format: EditFormat, file: (String) -> [UInt8]? = { _ in nil }
  ) throws(EditError) -> [Edit] {
    let lines = ReplyText.lines(of: reply)
    let edits =
      switch format {
      case .search: try SearchReader.edits(in: lines)
      case .whole: try WholeReader.edits(in: lines, file: file)
      case .lines: try LinesReader.edits(in: lines)
      // A definition that is searched for is not one to put in its place.
      case .function: lines.contains { SearchMarker.head($0) != nil } ? [] : try FunctionReader.edits(in: lines)
      case .diff: try DiffReader.edits(in: lines)
      }
    guard edits.isEmpty else { return edits }
    let found = Self.format(of: lines)
    if found == nil, lines.contains(where: { !$0.isBlank }), !lines.contains(where: { Fence($0) != nil }) {
      throw .proseOnly(format: format)
    }
    if found == nil, let language = OtherLanguage.fenced(in: lines) {
      throw .wrongLanguage(path: nil, edit: nil, language: language)
    }
    throw .noEdit(format: format, found: found == format ? nil : found)
  }

  /// True where `reply` is a unified diff, or holds one and nothing that is an edit in `format`.
  package static func isDiff(_ reply: String, insteadOf format: EditFormat) -> Bool {
    let lines = ReplyText.lines(of: reply)
    guard DiffReader.isDiff(lines) else { return false }
    let first = lines.first { !$0.isBlank } ?? []
    if first.starts(with: "diff --git ".utf8) || first.starts(with: "--- ".utf8) { return true }
    return format != .diff && (try? edits(in: reply, format: format)) == nil
  }

  /// The format whose marks stand in `lines`, for the message only.
  private static func format(of lines: [ArraySlice<UInt8>]) -> EditFormat? {
    if lines.contains(where: { SearchMarker.head($0) != nil }) { return .search }
    if lines.indices.contains(where: { LinesReader.isHeader(lines, $0) }) { return .lines }
    if DiffReader.isDiff(lines) { return .diff }
    if lines.contains(where: { FunctionReader.label($0) != nil }),
      let edits = try? FunctionReader.edits(in: lines), !edits.isEmpty
    {
      return .function
    }
    if let edits = try? WholeReader.edits(in: lines), !edits.isEmpty { return .whole }
    return nil
  }
}
