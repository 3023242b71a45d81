import Content

/// Code that new lines leave out: by a line that stands for it, or without a word.
enum LeftOut {
  /// The first line of `new` that stands for code of `old`, 0-based; nil when every line of it is text.
  ///
  /// A line is text when `old` has it there, or when it is the body of a definition that is new. What may as well be a
  /// comment stands for code only where more lines are gone than came. With `isWhole` any new comment stands for the
  /// definitions that are gone where it is.
  static func first(
    in new: [ArraySlice<UInt8>], insteadOf old: [ArraySlice<UInt8>], path: String, isWhole: Bool = false
  ) -> Int? {
    let kinds = new.map { Ellipsis.kind(of: $0) }
    let isPython = PythonSyntax.isPython(path)
    let gone = isWhole && isPython ? Dropped.heads(old: old, new: new) : []
    guard !gone.isEmpty || kinds.contains(where: { $0 != nil }) else { return nil }
    let pairs = LineAlignment.pairs(old: old, new: new)
    let known = Set(old.lazy.filter { Ellipsis.kind(of: $0) != nil }.map(\.withoutBlanks))
    for (index, kind) in kinds.enumerated() where pairs[index] == nil {
      switch kind {
      case .bare:
        if !isBody(index, in: new, old, pairs) { return index }
      case .certain:
        if isWords(path, new[index]), !known.contains(new[index].withoutBlanks) { return index }
      case .possible:
        if isWords(path, new[index]), !known.contains(new[index].withoutBlanks), dropsMore(index, old, new, pairs) {
          return index
        }
      case nil:
        let isComment = new[index].withoutIndentation.first == 35
        if isComment, !gone.isEmpty, !gone.isDisjoint(with: gap(index, old, new, pairs).old) { return index }
      }
    }
    return nil
  }

  /// In prose `#` begins a heading.
  private static func isWords(_ path: String, _ line: ArraySlice<UInt8>) -> Bool {
    let isProse = [".md", ".markdown", ".rst", ".txt"].contains { path.lowercased().hasSuffix($0) }
    return !isProse || line.withoutIndentation.first != 35
  }

  /// True where `...` is the whole body of a definition or a block that `old` does not have, or has with `...`.
  private static func isBody(
    _ index: Int, in new: [ArraySlice<UInt8>], _ old: [ArraySlice<UInt8>], _ pairs: [Int?]
  ) -> Bool {
    guard let before = new[..<index].lastIndex(where: { !$0.isBlank }) else { return false }
    let depth = new[index].indentation.count
    let after = new[(index + 1)...].first { !$0.isBlank }
    if let after, after.indentation.count >= depth { return false }
    var head = before
    // A docstring may stand between them.
    if new[head].withoutBlanks.suffix(3).elementsEqual("\"\"\"".utf8) {
      head = new[..<head].lastIndex { !$0.isBlank && $0.indentation.count < depth } ?? head
    }
    guard new[head].indentation.count < depth, new[head].withoutTrailingBlanks.last == 58 else { return false }
    let line = new[head].withoutBlanks
    let places = old.indices.filter { old[$0].withoutBlanks == line }
    if places.isEmpty {
      // A signature that was changed is not a new definition.
      guard let name = Dropped.name(definedOn: line) else { return true }
      return !old.contains { Dropped.name(definedOn: $0.withoutBlanks) == name }
    }
    return places.contains { place in
      old[(place + 1)...].first { !$0.isBlank }.map { $0.withoutBlanks == new[index].withoutBlanks } ?? false
    }
  }

  /// True where more lines of code are gone about `index` than came.
  private static func dropsMore(
    _ index: Int, _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>], _ pairs: [Int?]
  ) -> Bool {
    let gap = gap(index, old, new, pairs)
    let isCode = { (line: ArraySlice<UInt8>) in !line.isBlank && line.withoutIndentation.first != 35 }
    return old[gap.old].count(where: isCode) > new[gap.new].count { isCode($0) && Ellipsis.kind(of: $0) == nil }
  }

  /// The lines about `index` that no line on the other side stands for. A blank line is no landmark.
  private static func gap(
    _ index: Int, _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>], _ pairs: [Int?]
  ) -> (old: Range<Int>, new: Range<Int>) {
    let before = new[..<index].indices.last { pairs[$0] != nil && !new[$0].isBlank }
    let after = new.indices[(index + 1)...].first { pairs[$0] != nil && !new[$0].isBlank }
    let from = before.flatMap { pairs[$0] }.map { $0 + 1 } ?? 0
    let to = after.flatMap { pairs[$0] } ?? old.count
    return (from..<max(from, to), (before.map { $0 + 1 } ?? 0)..<(after ?? new.count))
  }
}

/// Definitions that were in a file and are gone.
package enum Dropped {
  /// The names of definitions of Python that `changes` drop, as `Cart.total`, sorted; what stands in another changed file
  /// afterwards was moved.
  package static func names(_ changes: [FileChange]) -> [String] {
    var gone: Set<String> = []
    var there: Set<Substring> = []
    for change in changes where PythonSyntax.isPython(change.path) {
      let old = change.before.map { Set(Definition.all(in: $0).map(\.name)) } ?? []
      let new = change.after.map { Set(Definition.all(in: $0).map(\.name)) } ?? []
      gone.formUnion(old.subtracting(new))
      for name in new.subtracting(old) { if let last = name.split(separator: ".").last { there.insert(last) } }
    }
    let names = gone.filter { name in name.split(separator: ".").last.map { !there.contains($0) } ?? true }
    // What lies in a definition that is gone goes with it.
    return names.filter { name in !names.contains { name.hasPrefix("\($0).") } }.sorted()
  }

  /// The 0-based lines of `old` on which definitions begin that `new` does not have.
  static func heads(old: [ArraySlice<UInt8>], new: [ArraySlice<UInt8>]) -> Set<Int> {
    let kept = Set(Definition.all(in: Array(LineSplit.text(new).utf8)).map(\.name))
    let all = Definition.all(in: Array(LineSplit.text(old).utf8))
    return Set(all.filter { !kept.contains($0.name) }.map { $0.headLine - 1 })
  }

  /// The name that a line `def name(` or `class name:` defines.
  static func name(definedOn line: ArraySlice<UInt8>) -> String? {
    let bare = line.dropping(word: "async ")?.withoutIndentation ?? line
    guard let rest = bare.dropping(word: "def ") ?? bare.dropping(word: "class ") else { return nil }
    let name = rest.withoutIndentation.prefix(while: \.isWord)
    return name.isEmpty ? nil : name.text
  }
}

extension Set<Int> {
  fileprivate func isDisjoint(with range: Range<Int>) -> Bool { !contains { range.contains($0) } }
}
