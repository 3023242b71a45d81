import Grading
import Models

/// What was wrong with an attempt, as far as it decides what the next one is told.
package enum FeedbackKind: String, CaseIterable, Codable, Sendable {
  /// No edit in the reply, or none that changes anything.
  case noEdits = "no_edits"
  case notApplied = "did_not_apply"
  case cut
  case syntaxError = "syntax_error"
  /// The tests could not be read with the change.
  case importError = "import_error"
  /// The target tests fail as they did before any change.
  case sameFailure = "same_failure"
  case differentFailure = "different_failure"
  case regression
  case timeout
  /// The tests pass, and the patch may have made them.
  case suspect

  private static let importErrors: Set<String> = ["ImportError", "ModuleNotFoundError"]

  /// Nil for an attempt from which nothing is to be learnt: resolved, or not the model's fault.
  init?(_ chain: Chain) {
    guard let verdict = chain.verdict else { return nil }
    if verdict.word == .suspect {
      self = .suspect
      return
    }
    switch verdict.failure {
    case .noEditsGenerated: self = .noEdits
    case .applyFailed: self = .notApplied
    case .contextTruncated: self = .cut
    case .syntaxError: self = .syntaxError
    case .timeout: self = .timeout
    case .logicError, .testFailure, .regression:
      let hasStopped = verdict.failures.contains { failure in
        failure.kind == .collection || failure.kind == .command
          || FeedbackKind.importErrors.contains(failure.exception) && failure.kind != .test
      }
      self =
        hasStopped && verdict.failure != .logicError
        ? .importError
        : verdict.failure == .logicError
          ? .sameFailure : verdict.failure == .regression ? .regression : .differentFailure
    case .modelError, .environmentError, nil: return nil
    }
  }

  /// What it means, for the model; nil where the rest says it.
  var sentence: String? {
    switch self {
    case .noEdits, .notApplied, .cut: nil
    case .suspect: "It decides itself how the tests come out. Repair the cause, and leave to the tests what they say."
    case .syntaxError: "With it a file is no valid Python any more."
    case .importError:
      "With it the tests cannot even be read: something that they import, or that is run on import, is broken or missing."
    case .sameFailure:
      "With it the target tests fail exactly as they did before: it does not reach the cause, or is never run."
    case .differentFailure: "It had an effect: the target tests fail in another way than before."
    case .regression: "It breaks tests that passed before. Mend the issue and keep what they check."
    case .timeout: "With it the tests do not come to an end: look for a loop or a recursion that never stops."
    }
  }

  /// True where nobody but the hidden tests can tell it.
  var isHidden: Bool {
    switch self {
    case .importError, .sameFailure, .differentFailure, .timeout, .regression, .suspect: true
    case .noEdits, .notApplied, .cut, .syntaxError: false
    }
  }
}

/// One sentence of advice by the type of an error.
enum ErrorHint {
  private static let hints = [
    "AssertionError": "Follow the value that is compared back to where it is made.",
    "AttributeError": "The object has no such attribute here: it may be None, or of another type than you take it for.",
    "TypeError": "Look at the types and the number of arguments of this call, and at what its callers pass.",
    "NameError": "The name is not defined there: import it, or use one that is.",
    "UnboundLocalError": "On one way through the function the variable is read before it has a value.",
    "ImportError": "The name cannot be imported: look how it is spelled, and for modules that import each other.",
    "ModuleNotFoundError": "There is no such module here. Use what the project has.",
    "KeyError": "The key is not in the mapping: look where it is put in, and what is to happen without it.",
    "IndexError": "The sequence is shorter than the index: look at empty ones and at the last place.",
    "ValueError": "The value is of the right type and not allowed here: look what calls this, and with what.",
    "RecursionError": "The function calls itself without end: look at the case that should stop it.",
    "ZeroDivisionError": "The divisor can be 0: say what is to come out then.",
    "SyntaxError": "Look at brackets, quotes and colons on this line and the one above.",
    "IndentationError": "The line is indented otherwise than its block.",
    "TabError": "Indent with what the file indents with: blanks or tabs, not both.",
    "UnicodeDecodeError": "Bytes are read as text in the wrong encoding: look where they come from.",
    "UnicodeEncodeError": "The text holds characters that the encoding lacks.",
    "StopIteration": "`next` is called on an iterator that is at its end.",
    "NotImplementedError": "A method that a class must have is missing in it.",
    "OSError": "A file or a folder is not as expected: look at the path.",
    "FileNotFoundError": "The file is not there: look how its path is made.",
  ]

  /// The advice; nil for an error that it knows nothing of. `exception` is the type as a log prints it.
  static func sentence(_ exception: String) -> String? {
    hints[exception.split(separator: ".").last.map(String.init) ?? exception]
  }
}
