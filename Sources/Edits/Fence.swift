/// The line that opens a fenced block: three or more backticks or tildes, then an info string such as `python`.
struct Fence {
  let character: UInt8
  let count: Int
  /// Blanks in front of the fence.
  let indentation: Int
  let info: ArraySlice<UInt8>

  /// The fence that `line` opens, or nil. A bare fence may as well close a block; only the reader can tell.
  init?(_ line: ArraySlice<UInt8>) {
    let rest = line.withoutIndentation
    guard let first = rest.first, first == 96 || first == 126 else { return nil }
    let run = rest.prefix { $0 == first }
    let info = rest.dropFirst(run.count).withoutBlanks
    if run.count < 3 || (first == 96 && info.contains(96)) { return nil }
    character = first
    count = run.count
    indentation = rest.startIndex - line.startIndex
    self.info = info
  }

  /// True where `line` could open another block inside this one: a block that holds it cannot be told from two blocks.
  func isReopened(by line: ArraySlice<UInt8>) -> Bool {
    guard let other = Fence(line), !other.info.isEmpty else { return false }
    return isSameOrLonger(other)
  }

  /// True where `line` closes the block: the same character at least as often, nothing after it, and not indented four
  /// columns or more beyond the opening fence.
  func isClosed(by line: ArraySlice<UInt8>) -> Bool {
    guard let other = Fence(line), other.info.isEmpty else { return false }
    return isSameOrLonger(other)
  }

  /// The index of the line that closes the block whose first line is `lines[start]`, or nil where none does.
  func end(in lines: [ArraySlice<UInt8>], from start: Int) -> Int? {
    lines[start...].firstIndex(where: isClosed(by:))
  }

  /// The lines of the block without the blanks that it shares with its fence.
  func content(_ lines: ArraySlice<ArraySlice<UInt8>>) -> [ArraySlice<UInt8>] {
    guard indentation > 0, lines.allSatisfy({ $0.isBlank || $0.indentation.count >= indentation }) else {
      return Array(lines)
    }
    return lines.map { $0.dropFirst(min(indentation, $0.indentation.count)) }
  }

  private func isSameOrLonger(_ other: Fence) -> Bool {
    other.character == character && other.count >= count && other.indentation < indentation + 4
  }
}
