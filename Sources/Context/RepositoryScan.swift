/// The one pass over a repository's Python files that an issue asks for.
enum RepositoryScan {
  /// Files above this many bytes are data or generated, and are not ranked; they can still be added by hand.
  static let largestFile = 1_000_000
  private static let batch = 512

  /// Scans the Python files among `paths`, in their order. Files that have gone, are too large or are no text are left
  /// out.
  static func scan(_ paths: [String], of tree: any SourceTree, query: Query) async throws -> [ScannedFile] {
    let python = paths.filter { $0.hasSuffix(".py") }
    var counts = [Int32](repeating: 0, count: query.terms.count)
    var scanned: [ScannedFile] = []
    scanned.reserveCapacity(python.count)
    var start = 0
    while start < python.count {
      try Task.checkCancellation()
      let slice = python[start..<min(start + batch, python.count)]
      let files = try await tree.read(Array(slice))
      for path in slice {
        guard let bytes = files[path], bytes.count <= largestFile, !SourceFile.isBinary(bytes) else { continue }
        let scan = SourceScan(bytes, in: 0..<bytes.count, query: query, counts: &counts)
        let name = SourceScan(Array(path.utf8.dropLast(3)), query: query, counts: &counts)
        scanned.append(
          ScannedFile(path: path, kind: PathKind(path), scan: scan, pathTerms: Set(name.hits.map(\.term))))
      }
      start += batch
    }
    return scanned
  }
}

extension SourceScan {
  init(_ bytes: [UInt8], query: Query, counts: inout [Int32]) {
    self.init(bytes, in: 0..<bytes.count, query: query, counts: &counts)
  }
}
