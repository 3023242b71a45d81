/// Reads complete files: a path, and a fenced block that holds the file. The path stands alone on the line above the
/// fence, in the fence's info string, or alone on the first line of the block, which is then no part of the file.
/// Blocks without a path are examples and left out.
enum WholeReader {
  static func edits(in lines: [ArraySlice<UInt8>], _ files: ReplyFiles = .none) -> [ReadEdit] {
    var found: [Found] = []
    var faults: [(at: Int, error: EditError)] = []
    var index = 0
    var above: Heading?
    while index < lines.count {
      let line = lines[index]
      guard let fence = Fence(line) else {
        if !line.isBlank { above = Heading(line, files) }
        index += 1
        continue
      }
      let inside = first(of: fence, in: lines, at: index)
      let outside = ReplyPath.inInfo(fence.info).map { Heading(path: $0, isFirm: true) } ?? above
      above = nil
      guard let heading = outside ?? ReplyPath.alone(on: inside).map({ Heading(path: $0, isFirm: true) }),
        heading.isFirm || !isExample(fence)
      else {
        index = (fence.end(in: lines, from: index + 1) ?? lines.count - 1) + 1
        continue
      }
      let path = heading.path
      do throws(EditError) {
        let end = try end(of: fence, at: index, in: lines, path, files)
        let isNamedInside = end > index + 1 && (outside == nil || ReplyPath.labelled(on: inside) == path)
        let body = lines[index + (isNamedInside ? 2 : 1)..<end]
        if let start = body.first(where: { !$0.isBlank }), SearchMarker.head(start) != nil,
          let end = body.last(where: { !$0.isBlank }), SearchMarker.tail(end) != nil
        {
          throw EditError.noEdit(format: .whole, found: .search)
        }
        let edit = Edit(path: path, change: .whole(content: LineSplit.text(fence.content(body))), line: index + 1)
        found.append(Found(edit: edit, heading: heading))
        index = end + 1
      } catch {
        faults.append((index, error))
        index = (fence.end(in: lines, from: index + 1) ?? lines.count - 1) + 1
      }
    }
    let edits = meant(found).map { (at: $0.edit.line - 1, read: ReadEdit.success($0.edit)) }
    return (edits + faults.map { ($0.at, .failure($0.error)) }).sorted { $0.at < $1.at }.map(\.read)
  }

  private struct Found {
    let edit: Edit
    let heading: Heading
  }

  /// What stands above a block.
  private struct Heading {
    let path: String
    /// True for a path that stands alone; false for one in a sentence, whose block may be an example.
    let isFirm: Bool
    /// True for a sentence that says that the block is the new file.
    var isNew = false

    init(path: String, isFirm: Bool) {
      self.path = path
      self.isFirm = isFirm
    }

    /// Nil for a line without a path, and for a sentence that shows what the file was.
    init?(_ line: ArraySlice<UInt8>, _ files: ReplyFiles) {
      if let path = files.alone(on: line) {
        self.init(path: path, isFirm: true)
        return
      }
      guard let path = ReplyPath.inSentence(line) else { return nil }
      self.init(path: path, isFirm: false)
      let words = Set(line.text.lowercased().split { !$0.isLetter }.map(String.init))
      isNew = !words.isDisjoint(with: Heading.newWords)
      if !isNew, !words.isDisjoint(with: Heading.oldWords) { return nil }
    }

    private static let newWords: Set<String> = [
      "updated", "update", "modified", "new", "fixed", "corrected", "changed", "complete", "full", "final", "revised",
      "rewritten", "patched", "replace", "replaced", "becomes", "edited", "fix", "change", "entire", "whole",
    ]
    private static let oldWords: Set<String> = [
      "current", "currently", "original", "originally", "existing", "before", "was", "old", "bug", "buggy", "problem",
      "issue", "error", "traceback", "output", "run", "running", "like", "example", "see", "says", "relevant",
      "snippet",
      "calls", "uses", "imports", "unchanged", "part",
    ]
  }

  /// Without the examples: a file that is named alone is not also the one of a sentence, and one that a sentence calls
  /// new is not also another's.
  private static func meant(_ found: [Found]) -> [Found] {
    found.filter { one in
      if one.heading.isFirm { return true }
      let others = found.filter { $0.edit.path == one.edit.path }
      if others.contains(where: \.heading.isFirm) { return false }
      return one.heading.isNew || !others.contains(where: \.heading.isNew)
    }
  }

  private static func end(
    of fence: Fence, at index: Int, in lines: [ArraySlice<UInt8>], _ path: String, _ files: ReplyFiles
  ) throws(EditError) -> Int {
    var judge = FencedBlock.Judge()
    if PythonSyntax.isPython(path) {
      judge.decides = true
      judge.isWhole = { PythonSyntax.fault(in: Array(LineSplit.text($0).utf8)) == nil }
    }
    switch FencedBlock.end(
      of: fence, in: lines, from: index + 1, judge, file: { files.bytes(path).map { LineSplit.lines(of: $0) } })
    {
    case .line(let end): return end
    case .open: throw .cutOff(line: index + 1)
    case .ambiguous: throw .unreadable(line: index + 1, reason: .nestedFence)
    }
  }

  /// The first line of the block where it may name the file: not of a block that shows what to type in a shell, nor of
  /// one that holds nothing else.
  private static func first(of fence: Fence, in lines: [ArraySlice<UInt8>], at index: Int) -> ArraySlice<UInt8> {
    guard !isShell(fence), index + 2 < lines.count, !fence.isClosed(by: lines[index + 2]) else { return [] }
    return lines[index + 1]
  }

  /// True for a block that shows what to type in a shell.
  private static func isShell(_ fence: Fence) -> Bool { shells.contains(language(of: fence)) }

  /// True for a block that is no file, whatever a sentence above it names.
  private static func isExample(_ fence: Fence) -> Bool {
    isShell(fence) || ["diff", "patch", "output", "traceback", "pycon"].contains(language(of: fence))
  }

  private static func language(of fence: Fence) -> String { fence.info.prefix(while: \.isWord).text.lowercased() }

  private static let shells: Set<String> = ["bash", "sh", "shell", "console", "zsh", "cmd", "powershell"]
}
