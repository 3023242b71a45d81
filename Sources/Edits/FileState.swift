/// A file's bytes while edits are applied: taken apart into lines only when an edit needs them.
struct FileState {
  private enum Form {
    case bytes([UInt8])
    case lines(SourceText)
  }

  private var form: Form
  /// What was put in before it was taken apart, in order: the 0-based line, how many lines went, how many came.
  private var splices: [(line: Int, removed: Int, added: Int)] = []

  /// The file with `bytes`, or nil where they hold a NUL and so are no text.
  init?(_ bytes: [UInt8]) {
    if bytes.withUnsafeBufferPointer({ ByteSearch.contains($0, 0) }) { return nil }
    form = .bytes(bytes)
  }

  init(_ text: SourceText) { form = .lines(text) }

  var bytes: [UInt8] {
    switch form {
    case .bytes(let bytes): bytes
    case .lines(let text): text.bytes
    }
  }

  /// The lines, each with the number that it had when the file was read.
  var text: SourceText? {
    switch form {
    case .lines(let text): return text
    case .bytes(let bytes):
      guard var text = SourceText(bytes) else { return nil }
      for splice in splices.reversed() { text.renumber(splice.line, removed: splice.removed, added: splice.added) }
      return text
    }
  }

  /// Puts `replacement` in the place of `search` where these lines stand in the file once, byte for byte and ended by LF;
  /// the 1-based line where that was, in the file as it was read, or nil where anything is less plain than that.
  mutating func spliceExact(_ search: String, _ replacement: String) -> Int? {
    guard case .bytes(let bytes) = form, search.utf8.last == 10, replacement.isEmpty || replacement.utf8.last == 10,
      !ByteSearch.contains(search, 13), !ByteSearch.contains(replacement, 13), splices.isEmpty
    else { return nil }
    var search = search
    let found: (start: Int, line: Int)? = search.withUTF8 { needle in
      bytes.withUnsafeBufferPointer { file in FileState.place(of: needle, in: file) }
    }
    guard let found else { return nil }
    var made: [UInt8] = []
    made.reserveCapacity(bytes.count + replacement.utf8.count)
    made += bytes[..<found.start]
    made += replacement.utf8
    made += bytes[(found.start + search.utf8.count)...]
    form = .bytes(made)
    splices.append((found.line, ByteSearch.lines(in: search), ByteSearch.lines(in: replacement)))
    return found.line + 1
  }

  /// The only place of whole lines, and how many lines stand before it.
  private static func place(
    of needle: UnsafeBufferPointer<UInt8>, in file: UnsafeBufferPointer<UInt8>
  ) -> (start: Int, line: Int)? {
    guard let base = file.baseAddress, !needle.isEmpty else { return nil }
    // A last line without an end, carriage returns and a mark in front are left to the lines themselves.
    guard file.count > needle.count, file[file.count - 1] == 10, !ByteSearch.contains(file, 13),
      !(file.count > 2 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF)
    else { return nil }
    var found: Int?
    var from = 0
    while let start = ByteSearch.place(of: needle, in: file, from: from) {
      from = start + 1
      guard start == 0 || base[start - 1] == 10 else { continue }
      if found != nil { return nil }
      found = start
    }
    guard let found else { return nil }
    return (found, ByteSearch.lines(in: UnsafeBufferPointer(start: base, count: found)))
  }
}
