/// Which files are tests, by their path alone.
///
/// Held against the 300 rows of SWE-bench Lite: no file of a gold patch is one, every Python file of a test patch is but
/// one. A row's own test files are asked for beside this.
package enum TestFile {
  /// True where a folder of `path` is named `tests`, its first folder is `test` or `testing` (deeper ones hold tools
  /// for testing, such as `django/test/client.py`), or its name is `test_*.py`, `*_test.py`, `tests.py` or
  /// `conftest.py`.
  package static func isTest(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    guard let name = parts.last else { return false }
    let folders = parts.dropLast()
    if folders.contains("tests") || folders.first == "test" || folders.first == "testing" { return true }
    if name == "tests.py" || name == "conftest.py" { return true }
    return name.hasSuffix(".py") && (name.hasPrefix("test_") || name.hasSuffix("_test.py"))
  }
}
