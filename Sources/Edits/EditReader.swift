/// Reads the edits out of a reply. It tolerates decoration and never guesses: what could be read in two ways is an
/// error, and one bad edit spoils the reply.
package enum EditReader {
  /// The edits of `reply` in the order of the reply, at least one. Line ends of the reply may be LF or CRLF. Thoughts and
  /// the tokens of a chat template are not read, see `ReplyText`.
  ///
  /// - Parameters:
  ///   - reply: all that the model said.
  ///   - format: how it was asked to write its edits.
  ///   - files: what is known of the files.
  /// - Returns: the edits, at least one.
  /// - Throws: `noEdit`, `proseOnly`, `cutOff` or `unreadable`.
  package static func edits(
    in reply: String, format: EditFormat, files: ReplyFiles = .none
  ) throws(EditError) -> [Edit] {
    let lines = ReplyText.lines(of: reply)
    let read = read(lines, as: format, files)
    if let fault = read.faults.first { throw fault }
    if read.edits.isEmpty { throw absence(of: format, in: lines, files) }
    return read.edits
  }

  /// Everything that `reply` holds in `format`; nothing of another format is looked for.
  package static func read(_ reply: String, as format: EditFormat, files: ReplyFiles = .none) -> ReadReply {
    read(ReplyText.lines(of: reply), as: format, files)
  }

  private static func read(_ lines: [ArraySlice<UInt8>], as format: EditFormat, _ files: ReplyFiles) -> ReadReply {
    let read: [ReadEdit] =
      switch format {
      case .search: SearchReader.edits(in: lines, files)
      case .whole: WholeReader.edits(in: lines, files)
      case .lines: LinesReader.edits(in: lines)
      // A definition that is searched for is not one to put in its place.
      case .function:
        lines.contains { SearchMarker.head($0) != nil } ? [] : FunctionReader.edits(in: lines, files)
      case .diff: DiffReader.edits(in: lines, files)
      }
    return ReadReply(read, format: format)
  }

  /// Why a reply without an edit in `format` has none.
  package static func absence(of format: EditFormat, in reply: String, files: ReplyFiles = .none) -> EditError {
    absence(of: format, in: ReplyText.lines(of: reply), files)
  }

  private static func absence(
    of format: EditFormat, in lines: [ArraySlice<UInt8>], _ files: ReplyFiles
  ) -> EditError {
    let found = Self.format(of: lines, files)
    if found == nil, lines.contains(where: { !$0.isBlank }), !lines.contains(where: { Fence($0) != nil }) {
      return .proseOnly(format: format)
    }
    if found == nil, let language = OtherLanguage.fenced(in: lines) {
      return .wrongLanguage(path: nil, edit: nil, language: language)
    }
    return .noEdit(format: format, found: found == format ? nil : found)
  }

  /// True where `reply` is a unified diff, or holds one and nothing that is an edit in `format`.
  package static func isDiff(_ reply: String, insteadOf format: EditFormat) -> Bool {
    let lines = ReplyText.lines(of: reply)
    guard DiffReader.isDiff(lines) else { return false }
    let first = lines.first { !$0.isBlank } ?? []
    if first.starts(with: "diff --git ".utf8) || first.starts(with: "--- ".utf8) { return true }
    return format != .diff && (try? edits(in: reply, format: format)) == nil
  }

  /// The other formats in which a reply without an edit in `format` holds some, the likeliest first. Marks that nothing
  /// else has (`<<<<<<< SEARCH`, `FILE:` and `LINES:`, the head of a diff) count alone; several kinds of them are none.
  package static func others(than format: EditFormat, in reply: String, files: ReplyFiles = .none) -> [ReadReply] {
    let lines = ReplyText.lines(of: reply)
    let marked = [EditFormat.search, .lines, .diff].filter { $0 != format && hasMarks(of: $0, lines) }
    if marked.count > 1 { return [] }
    if let one = marked.first {
      let read = read(lines, as: one, files)
      return read.edits.isEmpty ? [] : [read]
    }
    // A damaged block is not code.
    if lines.contains(where: { SearchMarker.head($0) != nil || SearchMarker.tail($0) != nil }) { return [] }
    if hasMarks(of: format, lines) { return [] }
    var kinds = [EditFormat.whole, .function].filter { $0 != format }
    if lines.contains(where: { FunctionReader.label($0) != nil }) { kinds = kinds.filter { $0 == .function } }
    return kinds.map { read(lines, as: $0, files) }.filter { !$0.edits.isEmpty && $0.faults.isEmpty }
  }

  private static func hasMarks(of format: EditFormat, _ lines: [ArraySlice<UInt8>]) -> Bool {
    switch format {
    case .search: lines.contains { SearchMarker.head($0) != nil }
    case .lines: lines.indices.contains { LinesReader.isHeader(lines, $0) }
    case .diff: DiffReader.isLikely(lines)
    case .whole, .function: false
    }
  }

  /// The format whose marks stand in `lines`, for the message only.
  private static func format(of lines: [ArraySlice<UInt8>], _ files: ReplyFiles) -> EditFormat? {
    for format in [EditFormat.search, .lines, .diff] where hasMarks(of: format, lines) { return format }
    if lines.contains(where: { FunctionReader.label($0) != nil }),
      FunctionReader.edits(in: lines, files).contains(where: { (try? $0.get()) != nil })
    {
      return .function
    }
    if WholeReader.edits(in: lines, files).contains(where: { (try? $0.get()) != nil }) { return .whole }
    return nil
  }
}
