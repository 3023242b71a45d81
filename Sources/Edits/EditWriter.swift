/// Writes edits as a model should: what `EditReader` reads, for worked examples and for models that answer by rule.
package enum EditWriter {
  /// A reply that says `edits` and nothing else. Reading it gives the same edits but for `line`, and with every
  /// line of their texts terminated; a reasoning loses its blank lines.
  ///
  /// Each edit is written in the format that its change belongs to.
  package static func reply(_ edits: [Edit]) -> String {
    edits.map(text(of:)).joined(separator: "\n")
  }

  private static func text(of edit: Edit) -> String {
    switch edit.change {
    case .replace(let search, let replacement): block(edit.path, lines(search), lines(replacement))
    case .whole(let content): "\(edit.path)\n\(fenced(labelled(lines(content), edit.path)))"
    case .lines(let first, let last, let replacement): direct(edit, first, last, lines(replacement))
    case .function(let name, let definition):
      "\(edit.path)\nFUNCTION: \(name)\n\(fenced(lines(definition)))"
    case .hunk(let lines, let firstLine): hunk(edit.path, self.lines(lines), firstLine ?? 1)
    case .delete(let content): deletion(edit.path, self.lines(content))
    case .rename(let new): "rename from \(edit.path)\nrename to \(new)\n"
    }
  }

  private static func hunk(_ path: String, _ lines: [ArraySlice<UInt8>], _ firstLine: Int) -> String {
    let old = lines.count { $0.first != 43 }
    let new = lines.count { $0.first != 45 }
    return """
      --- a/\(path)
      +++ b/\(path)
      @@ -\(firstLine),\(old) +\(firstLine),\(new) @@
      \(LineSplit.text(lines))
      """
  }

  private static func deletion(_ path: String, _ lines: [ArraySlice<UInt8>]) -> String {
    """
    --- a/\(path)
    +++ /dev/null
    @@ -1,\(lines.count) +0,0 @@
    \(lines.map { "-\($0.text)\n" }.joined())
    """
  }

  private static func lines(_ text: String) -> [ArraySlice<UInt8>] {
    var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { ArraySlice(Array($0)) }
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }

  private static func block(
    _ path: String, _ search: [ArraySlice<UInt8>], _ replacement: [ArraySlice<UInt8>]
  ) -> String {
    let body = search + replacement
    let taken = body.compactMap {
      (SearchMarker.head($0) ?? SearchMarker.divider($0) ?? SearchMarker.tail($0))?.count
    }
    let count = [7, 8, 9, 6, 5].first { !taken.contains($0) } ?? 7
    let mark = { (character: Character) in String(repeating: character, count: count) }
    return """
      \(path)
      \(mark("<")) SEARCH
      \(LineSplit.text(search))\(mark("="))
      \(LineSplit.text(replacement))\(mark(">")) REPLACE

      """
  }

  /// `lines` with a label in front where their first line would be taken for one.
  private static func labelled(_ lines: [ArraySlice<UInt8>], _ path: String) -> [ArraySlice<UInt8>] {
    guard let first = lines.first, ReplyPath.labelled(on: first) == path else { return lines }
    return [first] + lines
  }

  private static func fenced(_ lines: [ArraySlice<UInt8>]) -> String {
    let longest = lines.compactMap { Fence($0)?.count }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\n\(LineSplit.text(lines))\(fence)\n"
  }

  private static func direct(_ edit: Edit, _ first: Int, _ last: Int, _ lines: [ArraySlice<UInt8>]) -> String {
    let isPlain =
      lines.first.map { !$0.isBlank } ?? false && lines.last.map { !$0.isBlank } ?? false
      && !lines.contains { Fence($0) != nil } && !lines.indices.contains { LinesReader.isHeader(lines, $0) }
    let reasoning = self.lines(edit.reasoning ?? "").filter { !$0.isBlank }.map(\.text).joined(separator: "\n")
    return """
      FILE: \(edit.path)
      LINES: \(first == last ? "\(first)" : "\(first)-\(last)")
      REASONING: \(reasoning)

      \(isPlain ? LineSplit.text(lines) : fenced(lines))
      """
  }
}
