/// The strategy `first-5kb`, kept to compare with: the first Python files in path order, the first 5,000 bytes of each
/// down to the last whole line. It knows neither the issue nor the budget.
enum FirstFiles {
  private static let bytes = 5000
  private static let batch = 32

  static func fill(
    _ fitting: inout Fitting, from tree: any SourceTree, paths: [String], files limit: Int
  ) async throws {
    let python = paths.filter { $0.hasSuffix(".py") && !fitting.isDropped($0) }
    var start = 0
    var taken = 0
    while start < python.count, taken < limit || fitting.leftOut.count < 20 {
      let slice = python[start..<min(start + batch, python.count)]
      let read = try await tree.read(Array(slice))
      for path in slice {
        guard let content = read[path], let file = SourceFile(path: path, bytes: content),
          let lines = head(of: file), !fitting.missing(lines, of: file).isEmpty
        else { continue }
        if taken < limit {
          fitting.put(fitting.kept(lines, of: file), of: file, reason: .first5KB)
          taken += 1
        } else {
          fitting.leave(lines, of: file)
        }
      }
      start += batch
    }
  }

  /// The lines that end within the first 5,000 bytes; nil where there is none.
  private static func head(of file: SourceFile) -> ClosedRange<Int>? {
    var last = 0
    while last < file.lineCount, file.byteRange(1...(last + 1)).upperBound <= bytes { last += 1 }
    return last > 0 ? 1...last : nil
  }
}
