import Testing

@testable import Context

private func mentions(_ issue: String) -> Mentions { Mentions(issue: Array(issue.utf8)) }

@Suite struct `an issue` {
  @Test(arguments: [
    ("in django/forms/forms.py.", "django/forms/forms.py", nil),
    ("(see `forms.py`)", "forms.py", nil),
    ("forms.py:40: in clean", "forms.py", 40),
    ("src/forms.py:40-80", "src/forms.py", 40),
    ("https://example.org/a/b/blob/f00/src/forms.py#L12-L14", "https://example.org/a/b/blob/f00/src/forms.py", 12),
    (#"C:\site\forms.py"#, "C:/site/forms.py", nil),
    ("templates/base.html is missing", "templates/base.html", nil),
    ("forms.py:0", "forms.py", nil),
    ("forms.py:99999999999999999999", "forms.py", nil),
    (#"<a href="src/forms.py">"#, "src/forms.py", nil),
  ])
  func `names a file`(text: String, path: String, line: Int?) {
    #expect(mentions(text).files == [Mentions.File(path: path, line: line)])
  }

  @Test(arguments: [
    "forms.pyc", "forms.py_old", ".py", "and/or", "1/2", "https://example.org/a/b", "a.b.c", "e.g. this", "x = y/z",
    "dir/.hidden", "dir/name.", "",
  ])
  func `names no file where a text only looks like one`(text: String) {
    #expect(mentions(text).files.isEmpty)
  }

  @Test func `has the frames of its tracebacks, with their functions`() {
    let issue = """
      >>> File "<stdin>", line 1, in <module>
        File "/usr/lib/python3/site-packages/pkg/core.py", line 40, in run_all
      \tFile "C:\\pkg\\sub\\util.py", line 7
        File "no end
        File "x.py", lines 3
      """
    let found = mentions(issue)
    #expect(
      found.files.filter(\.isFrame) == [
        Mentions.File(path: "<stdin>", line: 1, isFrame: true),
        Mentions.File(
          path: "/usr/lib/python3/site-packages/pkg/core.py", line: 40, function: "run_all", isFrame: true),
        Mentions.File(path: "C:/pkg/sub/util.py", line: 7, isFrame: true),
      ])
    #expect(found.names.contains("run_all"))
  }

  @Test func `has dotted names, each once`() {
    let found = mentions("django.forms.Form and django.forms.Form, self.x, 3.14, `a.b`, v2.0, end. Next")
    #expect(found.dotted == [["django", "forms", "Form"], ["a", "b"], ["v2", "0"]])
  }

  @Test(arguments: [
    ("the `width` of it", ["width"]), ("width() is wrong", ["width"]), ("BaseFormSet", ["BaseFormSet"]),
    ("the read_value", ["read_value"]), ("np.ravel", ["ravel"]), ("`my name`", []),
    ("Width and HTTP and X", []), ("the _x and __", []), ("`import` or `self`", []), ("`3d`", []), ("`é_x`", ["é_x"]),
  ])
  func `has names that it writes as code`(text: String, names: [String]) {
    #expect(mentions(text).names == names)
  }

  @Test func `is read to its end whatever its bytes`() {
    var random = Seeded(state: 4)
    let alphabet = Array("aF:/\\.py\"`'()[]<>, \t\r\n\0#L10_File line in".utf8) + [0xff, 0xc3]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let found = Mentions(issue: bytes)
      #expect(found.dotted.allSatisfy { $0.count > 1 } && Set(found.names).count == found.names.count)
    }
  }
}

@Suite struct `the paths of a tree` {
  private let table = PathTable([
    "django/forms/__init__.py", "django/forms/forms.py", "django/test/utils.py", "django/utils.py", "setup.py",
    "src/flask/app.py", "src/flask/json/__init__.py", "tests/app.py",
  ])

  @Test(arguments: [
    ("django/forms/forms.py", ["django/forms/forms.py"]),
    ("forms.py", ["django/forms/forms.py"]),
    ("/usr/lib/python3/django/forms/forms.py", ["django/forms/forms.py"]),
    ("utils.py", ["django/test/utils.py", "django/utils.py"]),
    ("test/utils.py", ["django/test/utils.py"]),
    ("lib/flask/app.py", ["src/flask/app.py"]),
    ("app.py", ["src/flask/app.py", "tests/app.py"]),
    ("other/forms.py", []), ("/opt/project/setup.py", []), ("nowhere.py", []), ("", []), ("/", []),
  ])
  func `are found by how they end, by as many folders as agree`(text: String, paths: [String]) {
    #expect(table.ending(like: text) == paths)
  }

  @Test(arguments: [
    ("django.forms.forms.Form.clean", "django/forms/forms.py", 3), ("django.forms.Form", "django/forms/__init__.py", 2),
    ("flask.json", "src/flask/json/__init__.py", 2), ("flask.app.Flask", "src/flask/app.py", 2),
    ("django.utils.x.y", "django/utils.py", 2), ("django.nothing", nil, 0), ("forms.py", nil, 0),
  ])
  func `are found by the longest module that a dotted name begins with`(name: String, path: String?, used: Int) {
    let found = table.module(name.split(separator: ".").map(String.init))
    #expect(found?.path == path)
    #expect(found?.used ?? 0 == used)
  }

  @Test(arguments: [
    "tests/a.py", "pkg/tests/a.py", "pkg/tests.py", "pkg/test_a.py", "pkg/a_test.py", "conftest.py", "docs/conf.py",
    "doc/conf.py", "setup.py", "examples/run.py", "pkg/_vendor/six.py", "pkg/migrations/0001_initial.py",
    "pkg/Tests/a.py", "build_tools/x.py", "pkg/a_pb2.py", "bench/a.py",
  ])
  func `lie aside where a fix hardly goes`(path: String) {
    #expect(PathKind(path) == .aside)
  }

  @Test(arguments: [
    "pkg/a.py", "a.py", "django/test/utils.py", "django/db/migrations/writer.py", "sympy/testing/runtests.py",
    "pkg/setup.py", "pkg/testing.py", "contest.py", "src/_pytest/doctest.py", "latest/a.py",
  ])
  func `are sources otherwise`(path: String) {
    #expect(PathKind(path) == .source)
  }
}
