/// Reads rows in SWE-bench's shape.
///
/// A file is JSONL (blank lines, CRLF and a byte order mark allowed), or one JSON list of rows, or an object with a
/// list `rows` whose elements hold a `row` (as Hugging Face's datasets server answers), or one row. Each row is
/// checked for its columns, its id, commit and repository; its long texts are decoded only when it is used.
package enum DatasetReader {
  /// Reads the file at `path`; the dataset's name is the file's, without its ending.
  package static func read(path: String) throws(DatasetError) -> Dataset {
    try read(bytes: try FileBytes.read(path), name: name(of: path), source: path)
  }

  /// What a dataset read from `path` is called.
  package static func name(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let name = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return name.isEmpty ? file : name
  }

  /// Reads the text `bytes`, which came from `source`.
  package static func read(bytes: [UInt8], name: String, source: String) throws(DatasetError) -> Dataset {
    let rows = try bytes.withUnsafeBufferPointer { (text) throws(DatasetError) -> [Dataset.Row] in
      let found = try JSONElements(text, source: source)
      let elements = try found.wrapped(under: "rows", inner: "row") ?? found.elements
      var reader = RowReader(text: text, file: bytes, source: source)
      reader.rows.reserveCapacity(elements.count)
      for element in elements {
        do throws(RowReader.Failure) {
          try reader.take(element)
        } catch {
          switch error {
          case .fault(let fault): throw found.error(fault, in: element)
          case .row(let error): throw error
          }
        }
      }
      return reader.rows
    }
    guard !rows.isEmpty else { throw .empty(source: source) }
    return Dataset(name: name, source: source, rows: rows)
  }
}
