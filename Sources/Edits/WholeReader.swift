/// Reads complete files: a path, and a fenced block that holds the file. The path stands alone on the line above the
/// fence, in the fence's info string, or alone on the first line of the block, which is then no part of the file.
/// Blocks without a path are examples and left out.
enum WholeReader {
  static func edits(
    in lines: [ArraySlice<UInt8>], file: (String) -> [UInt8]? = { _ in nil }
  ) throws(EditError) -> [Edit] {
    var edits: [Edit] = []
    var index = 0
    var above: String?
    while index < lines.count {
      let line = lines[index]
      guard let fence = Fence(line) else {
        if !line.isBlank { above = ReplyPath.alone(on: line) }
        index += 1
        continue
      }
      let inside = first(of: fence, in: lines, at: index)
      let outside = ReplyPath.inInfo(fence.info) ?? above
      above = nil
      guard let path = outside ?? ReplyPath.alone(on: inside) else {
        index = (fence.end(in: lines, from: index + 1) ?? lines.count - 1) + 1
        continue
      }
      let end = try end(of: fence, at: index, in: lines, path, file)
      let isNamedInside = end > index + 1 && (outside == nil || ReplyPath.labelled(on: inside) == path)
      let body = lines[index + (isNamedInside ? 2 : 1)..<end]
      if let start = body.first(where: { !$0.isBlank }), SearchMarker.head(start) != nil,
        let end = body.last(where: { !$0.isBlank }), SearchMarker.tail(end) != nil
      {
        throw .noEdit(format: .whole, found: .search)
      }
      edits.append(Edit(path: path, change: .whole(content: LineSplit.text(fence.content(body))), line: index + 1))
      index = end + 1
    }
    return edits
  }

  private static func end(
    of fence: Fence, at index: Int, in lines: [ArraySlice<UInt8>], _ path: String, _ file: (String) -> [UInt8]?
  ) throws(EditError) -> Int {
    var judge = FencedBlock.Judge()
    if PythonSyntax.isPython(path) {
      judge.decides = true
      judge.isWhole = { PythonSyntax.fault(in: Array(LineSplit.text($0).utf8)) == nil }
    }
    switch FencedBlock.end(
      of: fence, in: lines, from: index + 1, judge, file: { file(path).map { LineSplit.lines(of: $0) } })
    {
    case .line(let end): return end
    case .open: throw .cutOff(line: index + 1)
    case .ambiguous: throw .unreadable(line: index + 1, reason: .nestedFence)
    }
  }

  /// The first line of the block where it may name the file: not of a block that shows what to type in a shell, nor of
  /// one that holds nothing else.
  private static func first(of fence: Fence, in lines: [ArraySlice<UInt8>], at index: Int) -> ArraySlice<UInt8> {
    let language = fence.info.prefix { $0.isWord }.text.lowercased()
    guard !["bash", "sh", "shell", "console", "zsh", "cmd", "powershell"].contains(language), index + 2 < lines.count,
      !fence.isClosed(by: lines[index + 2])
    else { return [] }
    return lines[index + 1]
  }
}
