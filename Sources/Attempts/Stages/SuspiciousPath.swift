import Content
import Edits
import Instances

/// Files that decide, by where they are, which tests are collected and how they end.
enum SuspiciousPath {
  /// One sentence for each such file among `changes`, but those that the gold patch changes too. `scripts` are the words
  /// of the test command that may be files.
  static func reasons(_ instance: Instance, changes: [FileChange], scripts: [String] = []) -> [String] {
    let gold = Set(PatchHeader.paths(in: instance.patch))
    let own = Set((instance.testCommand ?? "").split { $0 == " " || $0 == ";" || $0 == "&" }.map(bare)).union(scripts)
    return changes.filter { !gold.contains($0.path) }.compactMap { change in
      let path = change.path
      if TestFile.isTest(path) || instance.testFiles.contains(path) { return "\(path) is a test file" }
      if collects(path) || settles(change) { return "\(path) decides how tests are collected" }
      if isCommand(path, own) { return "\(path) is part of the test command" }
      if isCompiled(path) { return "\(path) is code that cannot be read" }
      if change.before == nil, let module = shadowed(path) {
        return "\(path) takes the place of Python's own \(module)"
      }
      return isTestingAid(path) ? "\(path) is what tests are made with" : nil
    }
  }

  /// True for a script of the test command, and for the modules beside it, which it may import.
  private static func isCommand(_ path: String, _ scripts: Set<String>) -> Bool {
    if scripts.contains(path) { return true }
    guard let slash = path.lastIndex(of: "/") else { return false }
    return scripts.contains { script in
      script.lastIndex(of: "/").map { script[..<$0] == path[..<slash] } ?? false
    }
  }

  /// Files that pytest, a runner of a project's own, or Python itself reads before any test.
  private static let collecting: Set<String> = [
    "conftest.py", "sitecustomize.py", "usercustomize.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml",
    "tox.ini", "runtests.py",
  ]

  private static func collects(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    let name = parts.last.map(String.init) ?? ""
    // Plug-ins of pytest are found by the metadata of a package, wherever it lies on the path.
    return collecting.contains(name) || name.hasSuffix(".pth")
      || parts.dropLast().contains { $0.hasSuffix(".egg-info") || $0.hasSuffix(".dist-info") }
  }

  /// True where the change is to the part of a project's settings that is pytest's.
  private static func settles(_ change: FileChange) -> Bool {
    guard let name = change.path.split(separator: "/").last, ["setup.cfg", "pyproject.toml"].contains(name) else {
      return false
    }
    return pytestSettings(change.before ?? []) != pytestSettings(change.after ?? [])
  }

  private static func pytestSettings(_ bytes: [UInt8]) -> [Substring] {
    var isInside = false
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).filter { line in
      if line.hasPrefix("[") { isInside = line.contains("pytest") }
      return isInside
    }
  }

  private static func isCompiled(_ path: String) -> Bool {
    path.split(separator: "/").contains("__pycache__")
      || [".pyc", ".pyo", ".so", ".pyd"].contains { path.hasSuffix($0) }
  }

  /// The module of Python's own, or of pytest's, that a new file would be imported in the place of.
  private static func shadowed(_ path: String) -> Substring? {
    var parts = path.split(separator: "/")
    if parts.first == "src" { parts.removeFirst() }
    guard let last = parts.last, last.hasSuffix(".py") else { return nil }
    let module: Substring? =
      parts.count == 1 ? last.dropLast(3) : parts.count == 2 && last == "__init__.py" ? parts[0] : nil
    return module.flatMap { pythons.contains($0) ? $0 : nil }
  }

  /// Source: `sys.stdlib_module_names` of Python 3.10 to 3.13, without the private ones; and pytest with what it needs.
  private static let pythons = Set(
    """
    abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect
    builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall
    concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal
    difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
    fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http
    idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging
    lzma mailbox mailcap marshal math mimetypes mmap modulefinder multiprocessing netrc nis nntplib ntpath nturl2path
    numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib
    poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random
    re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd
    smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string
    stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios
    textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types
    typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser wsgiref xdrlib xml xmlrpc zipapp
    zipfile zipimport zlib zoneinfo
    pytest _pytest py pluggy iniconfig packaging exceptiongroup tomli attr hypothesis nose mock xdist
    """.split { $0 == " " || $0 == "\n" })

  /// Modules that tests are written with, in a package that is tested: `django/test/`, `flask/testing.py`.
  private static func isTestingAid(_ path: String) -> Bool {
    guard path.hasSuffix(".py") else { return false }
    return path.dropLast(3).split(separator: "/").contains { ["test", "testing", "_testing"].contains($0) }
  }

  private static func bare(_ word: Substring) -> String {
    String(word.hasPrefix("./") ? word.dropFirst(2) : word)
  }
}
