/// Reads the edits out of a reply. It tolerates decoration and never guesses: what could be read in two ways is an
/// error, and one bad edit spoils the reply.
package enum EditReader {
  /// The edits of `reply` in the order of the reply, at least one. Line ends of the reply may be LF or CRLF.
  ///
  /// - Throws: `noEdit`, `proseOnly`, `cutOff` or `unreadable`.
  package static func edits(in reply: String, format: EditFormat) throws(EditError) -> [Edit] {
    let lines = LineSplit.lines(of: reply)
    let edits =
      switch format {
      case .search: try SearchReader.edits(in: lines)
      case .whole: try WholeReader.edits(in: lines)
      case .lines: try LinesReader.edits(in: lines)
      }
    guard edits.isEmpty else { return edits }
    let found = Self.format(of: lines)
    if found == nil, lines.contains(where: { !$0.isBlank }), !lines.contains(where: { Fence($0) != nil }) {
      throw .proseOnly(format: format)
    }
    throw .noEdit(format: format, found: found == format ? nil : found)
  }

  /// The format whose marks stand in `lines`, for the message only.
  private static func format(of lines: [ArraySlice<UInt8>]) -> EditFormat? {
    if lines.contains(where: { SearchMarker.head($0) != nil }) { return .search }
    if lines.indices.contains(where: { LinesReader.isHeader(lines, $0) }) { return .lines }
    if let edits = try? WholeReader.edits(in: lines), !edits.isEmpty { return .whole }
    return nil
  }
}
