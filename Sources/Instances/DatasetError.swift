import Foundation

/// Why a file of rows was refused. It is refused as a whole: nothing of it is loaded.
package enum DatasetError: Error, Hashable, Sendable {
  /// Where in a file a row stands; both are counted from 1.
  package enum Place: Hashable, Sendable, CustomStringConvertible {
    case line(Int)
    case element(Int)

    package var description: String {
      switch self {
      case .line(let number): "line \(number)"
      case .element(let number): "element \(number)"
      }
    }
  }

  /// There is no file at the path.
  case noSuchFile(path: String)
  /// The system does not let the file be read, for this reason of its own.
  case unreadable(path: String, reason: String)
  /// The file is larger than what is ever read, in bytes.
  case tooLarge(path: String, limit: Int)
  /// The file holds no row.
  case empty(source: String)
  /// The text stops being JSON `column` bytes into the line (from 1), for this reason.
  case notJSON(source: String, place: Place, column: Int, reason: String)
  /// The text ends in the middle of a row.
  case cut(source: String, place: Place)
  /// A required column is not there.
  case missingField(source: String, place: Place, field: String)
  /// A column, or the row itself (`field` is "row"), is of another kind than it should be.
  case wrongType(source: String, place: Place, field: String, expected: String, found: String)
  /// A column stands twice in one row.
  case repeatedField(source: String, place: Place, field: String)
  /// The id could not be used as a file name.
  case unsafeID(source: String, place: Place, id: String)
  /// The base commit is not 40 lower-case hexadecimal digits.
  case badCommit(source: String, place: Place, id: String, commit: String)
  /// The repository is not `owner/name`.
  case badRepository(source: String, place: Place, id: String, repo: String)
  /// A list of tests is neither a list of strings nor a string that holds one.
  case badTestList(source: String, place: Place, field: String, found: String)
  /// Two rows have one id.
  case repeatedID(source: String, id: String, first: Place, second: Place)
  /// The file is not as it was when its rows were checked.
  case changed(path: String)
  /// The file holds no solve rates, for this reason.
  case noRates(source: String, reason: String)
}

extension DatasetError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .noSuchFile(let path): "there is no file \(path)"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .tooLarge(let path, let limit): "\(path) is larger than \(limit >> 20) MiB"
    case .empty(let source): "\(source) holds no rows"
    case .notJSON(let source, let place, let column, let reason):
      "\(source), \(place): not JSON at byte \(column): \(reason)"
    case .cut(let source, let place): "\(source), \(place): cut off, the text ends in the middle of a row"
    case .missingField(let source, let place, let field): "\(source), \(place): the field \(field) is missing"
    case .wrongType(let source, let place, let field, let expected, let found):
      "\(source), \(place): \(field == "row" ? "the row" : field) should be \(expected), and is \(found)"
    case .repeatedField(let source, let place, let field): "\(source), \(place): the field \(field) stands twice"
    case .unsafeID(let source, let place, let id):
      "\(source), \(place): the instance_id \(Self.quoted(id)) is not safe as a file name"
    case .badCommit(let source, let place, let id, let commit):
      "\(source), \(place): the base_commit of \(id) is no commit hash: \(Self.quoted(commit))"
    case .badRepository(let source, let place, let id, let repo):
      "\(source), \(place): the repo of \(id) is not owner/name: \(Self.quoted(repo))"
    case .badTestList(let source, let place, let field, let found):
      "\(source), \(place): \(field) is no list of test names: \(found)"
    case .repeatedID(let source, let id, let first, let second):
      "\(source): \(id) stands at \(first) and again at \(second)"
    case .changed(let path): "\(path) has changed since it was loaded"
    case .noRates(let source, let reason): "\(source) holds no solve rates: \(reason)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .noSuchFile: "`load PATH` with the path of a JSON or JSONL file, or `load practice`"
    case .unreadable(let path, "it is a folder"): "name one of its files: `ls \(path)` lists them"
    case .unreadable(let path, _): "check its permissions with `ls -l \(path)`"
    case .tooLarge: "split it into smaller files and `load` what you need"
    case .empty: "`load` a file with one row a line, or a JSON list of rows; or `load practice`"
    case .notJSON: "correct that place, then `load` the file again; nothing of it was loaded"
    case .cut: "get the file again, it was not written to its end; nothing of it was loaded"
    case .missingField(_, _, let field): "add \(field) to the row, then `load` the file again"
    case .wrongType(_, _, let field, let expected, _):
      "make \(field == "row" ? "each row" : field) \(expected), then `load` the file again"
    case .repeatedField(_, _, let field): "keep one \(field) in the row, then `load` the file again"
    case .unsafeID:
      "use letters, digits, `.`, `_` and `-`, at most 200, no `..`, beginning with a letter, a digit or `_`"
    case .badCommit: "write all 40 digits in lower case, as `git rev-parse` prints them"
    case .badRepository: "write it as in django/django"
    case .badTestList(_, _, let field, _):
      "write \(field) as a list of strings, or as a string that holds such a list in JSON"
    case .repeatedID: "remove one of the two rows, then `load` the file again"
    case .changed(let path): "`load \(path)` again"
    case .noRates: "write a JSON object such as {\"owner__name-1\": [3, 77]}: solved, of how many"
    }
  }

  /// The text as one short line without control characters, in double quotes.
  private static func quoted(_ text: String) -> String {
    let safe = text.unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? "?" : String($0) }
    return "\"\(safe.joined())\(text.unicodeScalars.count > 60 ? "..." : "")\""
  }
}
