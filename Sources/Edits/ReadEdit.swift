/// One edit as it stands in a reply, or why it cannot be read.
typealias ReadEdit = Result<Edit, EditError>

/// What a reply holds in one format: the edits that can be read, and why others cannot.
package struct ReadReply: Hashable, Sendable {
  package let format: EditFormat
  package let edits: [Edit]
  /// In the order of the reply.
  package let faults: [EditError]

  package init(format: EditFormat, edits: [Edit], faults: [EditError] = []) {
    self.format = format
    self.edits = edits
    self.faults = faults
  }

  init(_ read: [ReadEdit], format: EditFormat) {
    self.format = format
    edits = read.compactMap { try? $0.get() }
    faults = read.compactMap { if case .failure(let error) = $0 { error } else { nil } }
  }

  package var isEmpty: Bool { edits.isEmpty && faults.isEmpty }
}

/// What a reader may ask about the files that a reply is for.
package struct ReplyFiles {
  /// True for the path of a file, exactly as it is spelled.
  package var isFile: (String) -> Bool
  /// The bytes of the file that a path of the reply means, which tell where a block ends that holds fences.
  package var bytes: (String) -> [UInt8]?

  package init(
    isFile: @escaping (String) -> Bool = { _ in false }, bytes: @escaping (String) -> [UInt8]? = { _ in nil }
  ) {
    self.isFile = isFile
    self.bytes = bytes
  }

  /// Nothing is known of the files.
  package static var none: ReplyFiles { ReplyFiles() }

  /// The path that a line names: it alone, or the only one of a sentence. A line that is the path of a file, blanks and
  /// all, is that path.
  func path(on line: ArraySlice<UInt8>) -> String? {
    ReplyPath.alone(on: line) ?? spaced(on: line) ?? ReplyPath.inSentence(line)
  }

  /// The path that a line consists of.
  func alone(on line: ArraySlice<UInt8>) -> String? { ReplyPath.alone(on: line) ?? spaced(on: line) }

  private func spaced(on line: ArraySlice<UInt8>) -> String? {
    let bare = ReplyPath.bare(ReplyPath.unmarked(line))
    guard bare.contains(where: { $0.isBlank || ReplyPath.isBracket($0) }), bare.count < 300 else { return nil }
    let text = bare.text
    return isFile(text) ? text : nil
  }
}
