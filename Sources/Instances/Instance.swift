import Content
import Foundation

/// One SWE-bench row: an issue, the commit it was raised against, and the tests that judge a repair.
///
/// Field names follow the dataset's columns; `CodingKeys` has their spelling. Columns that are not listed here are
/// ignored. A text column that a set lacks or leaves null is the empty string.
package struct Instance: Hashable, Codable, Sendable {
  /// `instance_id`, safe to use as a file name in a row that `DatasetReader` took.
  package var id: String
  /// `owner/name`.
  package var repo: String
  /// The commit the issue was raised against: 40 lower-case hexadecimal digits.
  package var baseCommit: String
  /// The issue text. Line ends are kept as they came (many rows have CRLF).
  package var problemStatement: String
  /// What was said under the issue before it was repaired. Hidden from a model unless it is asked for.
  package var hintsText: String
  /// The gold patch: the dataset's `patch`.
  package var patch: String
  /// The test patch, applied before the tests run and never shown to a model.
  package var testPatch: String
  /// The project's version that the row belongs to ("4.0").
  package var version: String
  /// When the repair was proposed, in the dataset's own spelling.
  package var createdAt: String
  /// The commit whose files tell how to set the environment up.
  package var environmentSetupCommit: String
  /// Names of the tests that fail before the repair and pass after it.
  package var failToPass: [String]
  /// Names of the tests that pass before the repair and still pass after it.
  package var passToPass: [String]
  /// The Verified set's estimate ("15 min - 1 hour"), where there is one.
  package var difficulty: String?
  /// How the tests are run where it is not the way of the repository: the optional column `test_command`.
  package var testCommand: String?
  /// The harness's name of the reader of the row's test log ("parse_log_django"), in rows of SWE-bench 5: `log_parser`.
  package var logParser: String?
  /// How the row's outcomes are counted, in rows of SWE-bench 5: `eval_type`, "pass_and_fail" or "fail_only".
  package var evalType: String?
  /// The container image in which the row's tests run, in rows of SWE-bench 5.
  package var image: String?
  /// The script that runs the row's tests in that image, in rows of SWE-bench 5: `eval_script`. Hostile.
  package var evalScript: String?

  /// A row made by hand.
  package init(
    id: String, repo: String, baseCommit: String, problemStatement: String, hintsText: String = "", patch: String,
    testPatch: String, version: String = "", createdAt: String = "", environmentSetupCommit: String = "",
    failToPass: [String], passToPass: [String], difficulty: String? = nil, testCommand: String? = nil,
    logParser: String? = nil, evalType: String? = nil, image: String? = nil, evalScript: String? = nil
  ) {
    self.id = id
    self.repo = repo
    self.baseCommit = baseCommit
    self.problemStatement = problemStatement
    self.hintsText = hintsText
    self.patch = patch
    self.testPatch = testPatch
    self.version = version
    self.createdAt = createdAt
    self.environmentSetupCommit = environmentSetupCommit
    self.failToPass = failToPass
    self.passToPass = passToPass
    self.difficulty = difficulty
    self.testCommand = testCommand
    self.logParser = logParser
    self.evalType = evalType
    self.image = image
    self.evalScript = evalScript
  }

  /// The content hash of the row. Equal for the array and the string form of the test lists, and for any order of the
  /// columns.
  package var hash: Hash {
    guard let hash = try? Canonical.hash(self) else { preconditionFailure("a row of strings always encodes") }
    return hash
  }

  /// Which program's output the row's test log is.
  package var runner: TestRunner {
    if let word = testCommand?.split(separator: " ").first, let runner = TestRunner(rawValue: String(word)) {
      return runner
    }
    return repo == "django/django" ? .django : .pytest
  }

  /// Paths of the files that the test patch touches, in its order, relative to the repository; deleted files and the
  /// old names of renamed ones too.
  package var testFiles: [String] { PatchHeader.paths(in: testPatch) }
}

extension Instance {
  /// The dataset's columns.
  package enum CodingKeys: String, CodingKey, CaseIterable, Sendable {
    case id = "instance_id"
    case repo
    case baseCommit = "base_commit"
    case problemStatement = "problem_statement"
    case hintsText = "hints_text"
    case patch
    case testPatch = "test_patch"
    case version
    case createdAt = "created_at"
    case environmentSetupCommit = "environment_setup_commit"
    case failToPass = "FAIL_TO_PASS"
    case passToPass = "PASS_TO_PASS"
    case difficulty
    case testCommand = "test_command"
    case logParser = "log_parser"
    case evalType = "eval_type"
    case image
    case evalScript = "eval_script"

    /// True where a row cannot be used without the column.
    package var isRequired: Bool {
      switch self {
      case .id, .repo, .baseCommit, .problemStatement, .patch, .testPatch, .failToPass, .passToPass: true
      case .hintsText, .version, .createdAt, .environmentSetupCommit, .difficulty, .testCommand, .logParser,
        .evalType, .image, .evalScript:
        false
      }
    }

    /// True where the column holds names of tests: an array, or a string that holds one as JSON.
    package var isTestList: Bool { self == .failToPass || self == .passToPass }
  }

  package init(from decoder: any Decoder) throws {
    let row = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try row.decode(String.self, forKey: .id),
      repo: try row.decode(String.self, forKey: .repo),
      baseCommit: try row.decode(String.self, forKey: .baseCommit),
      problemStatement: try row.decode(String.self, forKey: .problemStatement),
      hintsText: try row.decodeIfPresent(String.self, forKey: .hintsText) ?? "",
      patch: try row.decode(String.self, forKey: .patch),
      testPatch: try row.decode(String.self, forKey: .testPatch),
      version: try row.decodeIfPresent(String.self, forKey: .version) ?? "",
      createdAt: try row.decodeIfPresent(String.self, forKey: .createdAt) ?? "",
      environmentSetupCommit: try row.decodeIfPresent(String.self, forKey: .environmentSetupCommit) ?? "",
      failToPass: try Instance.tests(in: row, .failToPass),
      passToPass: try Instance.tests(in: row, .passToPass),
      difficulty: try row.decodeIfPresent(String.self, forKey: .difficulty),
      testCommand: try row.decodeIfPresent(String.self, forKey: .testCommand),
      logParser: try row.decodeIfPresent(String.self, forKey: .logParser),
      evalType: try row.decodeIfPresent(String.self, forKey: .evalType),
      image: try row.decodeIfPresent(String.self, forKey: .image),
      evalScript: try row.decodeIfPresent(String.self, forKey: .evalScript)
    )
  }

  private static func tests(in row: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> [String] {
    guard let text = try? row.decode(String.self, forKey: key) else {
      return try row.decode([String].self, forKey: key)
    }
    return try JSONDecoder().decode([String].self, from: Data(text.utf8))
  }
}
