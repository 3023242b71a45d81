/// Reads rows in SWE-bench's shape.
///
/// A file is JSONL (blank lines, CRLF and a byte order mark allowed), or one JSON list of rows, or an object with a
/// list `rows` whose elements hold a `row` (as Hugging Face's datasets server answers), or one row. Each row is
/// checked for its columns, its id, commit and repository; its long texts are decoded only when it is used. Of a file above
/// 32 MiB the rows are read again from it when they are used, so that it takes little memory.
package enum DatasetReader {
  /// Reads the file at `path`; the dataset's name is the file's, without its ending.
  package static func read(path: String) throws(DatasetError) -> Dataset {
    try read(path: path, threshold: RowFile.threshold)
  }

  /// The same where files above `threshold` bytes are not kept in memory.
  static func read(path: String, threshold: Int) throws(DatasetError) -> Dataset {
    let name = name(of: path)
    guard let file = try RowFile(path: path, threshold: threshold) else {
      return try read(bytes: try FileBytes.read(path), name: name, source: path)
    }
    return try file.withText { (text, pages) throws(DatasetError) in
      try read(text, from: .file(file), pages: pages, name: name, source: path)
    }
  }

  /// What a dataset read from `path` is called.
  package static func name(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let name = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return name.isEmpty ? file : name
  }

  /// Reads the text `bytes`, which came from `source`.
  package static func read(bytes: [UInt8], name: String, source: String) throws(DatasetError) -> Dataset {
    try bytes.withUnsafeBufferPointer { (text) throws(DatasetError) in
      try read(text, from: .memory(bytes), pages: nil, name: name, source: source)
    }
  }

  private static func read(
    _ text: UnsafeBufferPointer<UInt8>, from storage: Dataset.Storage, pages: Pages?, name: String, source: String
  ) throws(DatasetError) -> Dataset {
    let found = try JSONElements(text, source: source, pages: pages)
    let elements = try found.wrapped(under: "rows", inner: "row") ?? found.elements
    var reader = RowReader(text: text, storage: storage, source: source)
    reader.rows.reserveCapacity(elements.count)
    var pages = pages
    for element in elements {
      pages?.release(upTo: element.range.lowerBound)
      do throws(RowReader.Failure) {
        try reader.take(element)
      } catch {
        switch error {
        case .fault(let fault): throw found.error(fault, in: element)
        case .row(let error): throw error
        }
      }
    }
    guard !reader.rows.isEmpty else { throw .empty(source: source) }
    return Dataset(name: name, source: source, rows: reader.rows)
  }
}
