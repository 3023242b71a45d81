import Foundation

/// Why a log cannot be read at all.
package enum GradeError: Error, Hashable, Sendable {
  /// The row names a reader (`log_parser`) that is not built in.
  case unknownParser(String)
  /// A reader was asked for by a name that none has.
  case noParser(String)
  /// The row's tests, or the log's, are of another language than Python.
  case otherLanguage(String, repo: String)
  /// The harness has no reader for the repository.
  case unknownRepository(String)
}

extension GradeError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .unknownParser(let name), .noParser(let name): "there is no log parser \(name)"
    case .otherLanguage(let language, let repo):
      "there is no log parser for \(language), which the tests of \(repo) are written in"
    case .unknownRepository(let repo): "there is no log parser for the repository \(repo)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .unknownParser: "the readers of Python's test logs are built in; the row is of another language"
    case .otherLanguage: "rows and logs of Python's tests can be judged: pytest, unittest, Django and SymPy"
    case .noParser: "parsers: \(LogParser.Form.allCases.map(\.rawValue).joined(separator: ", "))"
    case .unknownRepository: "name a row of it, whose tests pytest ran: `grade ID --log FILE`"
    }
  }
}
