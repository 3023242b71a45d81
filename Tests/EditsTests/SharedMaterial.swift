import Foundation

/// Real replies and rows, where they lie beside the project; they are no part of it.
enum SharedMaterial {
  /// The folder: `RAMP_SHARED`, else `shared` beside the package.
  private static var folder: URL {
    if let path = ProcessInfo.processInfo.environment["RAMP_SHARED"] { return URL(filePath: path) }
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.deletingLastPathComponent().appending(path: "shared")
  }

  static let rows = folder.appending(path: "swebench/lite.jsonl")
  static let replies = folder.appending(path: "swebench/replies/search-replace.jsonl")

  static func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path()) }

  /// The values on the lines of `file`.
  static func values<Value: Decodable>(_ type: Value.Type, in file: URL) throws -> [Value] {
    let bytes = Array(try Data(contentsOf: file))
    return try bytes.split(separator: 10).map { try JSONDecoder().decode(Value.self, from: Data($0)) }
  }
}

/// One file of a unified diff as git writes it.
struct DiffedFile {
  struct Hunk {
    /// 1-based line of the old file.
    var start: Int
    var old: [String] = []
    var new: [String] = []
  }

  var path: String
  var hunks: [Hunk] = []

  static func files(in patch: String) -> [DiffedFile] {
    var files: [DiffedFile] = []
    for line in patch.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("diff --git a/"), let end = line.range(of: " b/") {
        files.append(DiffedFile(path: String(line[line.index(line.startIndex, offsetBy: 13)..<end.lowerBound])))
      } else if line.hasPrefix("@@ -"), let start = Int(line.dropFirst(4).prefix(while: \.isNumber)), !files.isEmpty {
        files[files.count - 1].hunks.append(Hunk(start: start))
      } else if let last = files.indices.last, let hunk = files[last].hunks.indices.last, let mark = line.first {
        let text = String(line.dropFirst())
        if mark == " " || mark == "-" { files[last].hunks[hunk].old.append(text) }
        if mark == " " || mark == "+" { files[last].hunks[hunk].new.append(text) }
      }
    }
    return files
  }
}
