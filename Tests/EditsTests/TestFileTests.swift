import Foundation
import Testing

@testable import Edits

@Suite struct `a test file` {
  @Test(arguments: [
    "tests/forms/data.txt", "django/contrib/auth/tests/x.py", "test/a.py", "testing/python/fixtures.py", "test_x.py",
    "pkg/x_test.py", "pkg/tests.py", "conftest.py", "pkg/conftest.py",
  ])
  func `is known by its folder or its name`(path: String) {
    #expect(TestFile.isTest(path))
  }

  @Test(arguments: [
    "src/testutils.py", "django/test/client.py", "pkg/test_data.json", "pkg/latest.py", "tests.rst", "pkg/testing.py",
    "contest/a.py", "tests",
    "",
  ])
  func `is not known by less`(path: String) {
    #expect(!TestFile.isTest(path))
  }

  @Test(
    .enabled(if: SharedMaterial.exists(SharedMaterial.rows), "the rows of SWE-bench Lite are not beside the project"))
  func `is every Python file of a test patch, and no file of a gold patch`() throws {
    struct Row: Decodable { var patch, test_patch: String }
    let rows = try SharedMaterial.values(Row.self, in: SharedMaterial.rows)
    #expect(rows.count == 300)
    var others: [String] = []
    for row in rows {
      for file in DiffedFile.files(in: row.patch) { #expect(!TestFile.isTest(file.path), "\(file.path)") }
      for file in DiffedFile.files(in: row.test_patch) where file.path.hasSuffix(".py") {
        if !TestFile.isTest(file.path) { others.append(file.path) }
      }
    }
    // A tool for testing that one row's test patch changes; the row's own list of test files names it.
    #expect(others == ["sympy/testing/quality_unicode.py"])
  }
}
