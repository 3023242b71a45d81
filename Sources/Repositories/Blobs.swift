extension Mirror {
  /// The contents of the blobs of `entries`, by object id: those that were not read before through one
  /// `git cat-file --batch`.
  ///
  /// - Throws: `GitError.tooLarge` where they are more than git's `readLimit`, and what git throws.
  func read(_ entries: [TreeEntry]) async throws -> [String: [UInt8]] {
    let all = Dictionary(entries.lazy.map { ($0.blob, $0.size) }) { first, _ in first }.values.reduce(0, +)
    guard all <= git.readLimit else { throw GitError.tooLarge(bytes: all, limit: git.readLimit) }
    let kept = git.blobs.contents(of: entries.lazy.map(\.blob), at: path)
    var sizes: [String: Int] = [:]
    for entry in entries where kept[entry.blob] == nil { sizes[entry.blob] = entry.size }
    guard !sizes.isEmpty else { return kept }
    let bytes = sizes.values.reduce(0, +)
    let ids = sizes.keys.sorted()
    let arguments = ["cat-file", "--batch"]
    let output = try await git.run(
      arguments, repository: path, input: Array((ids.joined(separator: "\n") + "\n").utf8),
      outputLimit: bytes + ids.count * 200)
    var blobs: [String: [UInt8]] = [:]
    blobs.reserveCapacity(ids.count)
    var position = 0
    for id in ids {
      // ID SP blob SP SIZE LF CONTENT LF
      guard let end = output[position...].firstIndex(of: 10) else { break }
      let header = String(decoding: output[position..<end], as: UTF8.self).split(separator: " ")
      guard header.count == 3, header[1] == "blob", let size = Int(header[2]), end + 1 + size < output.count else {
        throw GitError.failed(command: "cat-file", exit: 0, line: "\(id) is missing or no file")
      }
      blobs[id] = Array(output[(end + 1)..<(end + 1 + size)])
      position = end + size + 2
    }
    guard blobs.count == ids.count else {
      throw GitError.failed(command: "cat-file", exit: 0, line: "it gave \(blobs.count) of \(ids.count) files")
    }
    git.blobs.keep(blobs, at: path)
    return blobs.merging(kept) { new, _ in new }
  }
}
