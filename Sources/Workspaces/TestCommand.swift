import Foundation
import Instances

/// The shell command that runs the tests of some files.
///
/// The runners' commands and the way a path becomes a module follow the SWE-bench harness.
struct TestCommand {
  /// The files whose tests run.
  let files: [String]
  /// The command, for `sh -c` in the tree's root.
  let text: String
  /// The files of the tree that the command runs: `bin/test`, `tests/runtests.py`.
  let scripts: [String]

  /// Endings of files that hold data and no tests. Source: the SWE-bench harness, which runs every other file of the
  /// test patch.
  private static let dataEndings = [
    ".json", ".png", ".csv", ".txt", ".md", ".jpg", ".jpeg", ".pkl", ".yml", ".yaml", ".toml",
  ]

  /// The command of `run` in a tree where a file is there if `isThere` says so. `usual` is the environment's, for a run
  /// that brings none.
  init(
    _ run: TestRun, python: String, usual: String? = nil, isThere: (String) -> Bool
  ) throws(WorkspaceError) {
    let files = run.testFiles.filter { file in
      isThere(file) && (run.givesOtherFiles || file.hasSuffix(".py"))
        && !TestCommand.dataEndings.contains { file.hasSuffix($0) }
    }
    self.files = files
    let modules = files.filter { $0.hasSuffix(".py") }.map { TestCommand.module($0, runner: run.runner) }
    let quotedFiles = (run.targets ?? files).map(TestCommand.quoted).joined(separator: " ")
    let quotedModules = (run.targets ?? modules).map(TestCommand.quoted).joined(separator: " ")
    let python = TestCommand.quoted(python)
    let own = run.command.flatMap { TestRunner(rawValue: $0) == nil ? $0 : nil }
    if let command = own ?? usual {
      let names = command.contains("{modules}") ? modules : files
      if names.isEmpty, command.contains("{files}") || command.contains("{modules}") { throw .noTestFiles }
      scripts = TestCommand.scripts(of: command).filter(isThere)
      text = command.replacingOccurrences(of: "{files}", with: quotedFiles)
        .replacingOccurrences(of: "{modules}", with: quotedModules)
        .replacingOccurrences(of: "{python}", with: python)
      return
    }
    scripts = run.runner == .django ? ["tests/runtests.py"].filter(isThere) : []
    guard !(run.runner == .pytest ? files : modules).isEmpty else { throw .noTestFiles }
    text =
      switch run.runner {
      case .unittest: "\(python) -m unittest -v \(quotedModules)"
      case .pytest: "\(python) -m pytest -rA \(quotedFiles)"
      case .django:
        "\(python) tests/runtests.py --verbosity 2 --settings=test_sqlite --parallel 1 \(quotedModules)"
      }
  }

  /// The words of a command that may be files of the tree.
  package static func scripts(of command: String) -> [String] {
    command.split { " ;&|".contains($0) }.map { $0.hasPrefix("./") ? $0.dropFirst(2) : $0 }
      .filter { !$0.isEmpty && !$0.hasPrefix("-") && !$0.hasPrefix("/") && !$0.contains("{") && !$0.contains("=") }
      .map(String.init)
  }

  /// The dotted name of the module in `file`; for django relative to `tests/`.
  static func module(_ file: String, runner: TestRunner) -> String {
    var name = file.hasSuffix(".py") ? String(file.dropLast(3)) : file
    if runner == .django, name.hasPrefix("tests/") { name.removeFirst(6) }
    if name.hasSuffix("/__init__") { name.removeLast(9) }
    return name.replacingOccurrences(of: "/", with: ".")
  }

  /// `text` as one word of the shell.
  static func quoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-".utf8.contains(byte)
    }
    if plain, !text.isEmpty { return text }
    return "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
