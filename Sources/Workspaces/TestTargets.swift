import Foundation
import Instances

/// The words of a test command that name some tests alone, in place of their files.
package enum TestTargets {
  /// What `names` are to the runner's command line; nil where one of them cannot be told to it, or lies in none of
  /// `files`. A test with parameters is named without them, so that all of its cases run.
  package static func words(_ names: [String], runner: TestRunner, files: [String]) -> [String]? {
    var words: [String] = []
    for name in names {
      guard let word = runner == .pytest ? node(name, files) : label(name, runner, files) else { return nil }
      if !words.contains(word) { words.append(word) }
    }
    return words.isEmpty ? nil : words
  }

  /// The words of the command that runs the tests of `instance` which may be files of the repository.
  package static func scripts(of instance: Instance, _ options: WorkspaceOptions) -> [String] {
    let own = instance.testCommand.flatMap { TestRunner(rawValue: $0) == nil ? $0 : nil }
    let spec = try? options.environments.spec(for: instance)
    let command = own ?? spec?.test ?? (instance.runner == .django ? "tests/runtests.py" : "")
    return TestCommand.scripts(of: command)
  }

  /// The dotted name of the module in `file`, as the runner takes it.
  package static func module(_ file: String, runner: TestRunner) -> String {
    TestCommand.module(file, runner: runner)
  }

  /// `tests/test_a.py::Case::test_b` of `tests/test_a.py::Case::test_b[c-1]`.
  private static func node(_ name: String, _ files: [String]) -> String? {
    guard let end = name.range(of: "::") else { return nil }
    let rest = name[end.upperBound...].prefix { $0 != "[" }
    guard files.contains(String(name[..<end.lowerBound])), !rest.isEmpty, !rest.contains(where: \.isWhitespace) else {
      return nil
    }
    return String(name[..<end.upperBound] + rest)
  }

  /// `queries.tests.Case.test_b` of `test_b (queries.tests.Case)`, which is `test_b (queries.tests.Case.test_b)` since
  /// Python 3.11.
  private static func label(_ name: String, _ runner: TestRunner, _ files: [String]) -> String? {
    let parts = name.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasPrefix("("), parts[1].hasSuffix(")") else { return nil }
    let method = String(parts[0])
    var place = String(parts[1].dropFirst().dropLast())
    if place.hasSuffix(".\(method)") { place.removeLast(method.count + 1) }
    let isPlain = "\(place).\(method)".allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    guard isPlain, !method.isEmpty,
      files.contains(where: { file in place.hasPrefix(TestCommand.module(file, runner: runner) + ".") })
    else { return nil }
    return "\(place).\(method)"
  }
}
