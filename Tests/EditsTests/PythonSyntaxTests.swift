import Content
import Foundation
import Testing

@testable import Edits

private func fault(_ source: String) -> PythonFault? { PythonSyntax.fault(in: Array(source.utf8)) }

@Suite struct `Python that is read for its form` {
  static let sound = [
    "", "\n# x\n", "x = 1", "x: int = 1\nx += 2; y = x\n", "a = b = c, *d = f()\n",
    "def f(a, /, b=1, *c, d, **e) -> int: pass\n",
    "async def f():\n    async with a as b, c:\n        await d\n    return [x async for x in y if await z]\n",
    "class A(B, metaclass=C):\n\tx = 1\n\n\tdef f(self):\n\t\treturn lambda *a, k=1: (yield)\n",
    "try:\n    pass\nexcept (A, B) as e:\n    raise X from e\nelse:\n    pass\nfinally:\n    pass\n",
    "with (open(a) as f, open(b) as g):\n    pass\nwith (a):\n    pass\nwith (a, b) as c:\n    pass\n",
    "match x:\n    case [1, *_] if y: pass\n    case {'a': b}:\n        pass\nmatch = 1\nmatch(x)\nmatch[1]\nprint(match)\n",
    "x = f'{a!r:>{w}} {b[\"c\"]} {{}}' rb'x\\'' \"\"\"a\n'b'\n\"\"\"\n", "x = [\n  1,\n\n  # c\n 2]\nif x:\n  y\n",
    "from . import a\nfrom ..b.c import (d as e,\n f,)\nimport g.h as i\nglobal_ = 1\n",
    "x = a if b else c or not d and e in f is not g\ny = x[1:2, ::3, ...]\nz = {**a, 'b': 1}\nw = {1, *s}\n",
    "@a.b(c)\n@d\ndef f(): return\nassert x, 'y'\ndel a, b[0]\n", "x = 0x1F + 1_000.5e-3j + 0b1\nif x:=3: pass\n",
    "for i, (a, b) in c: continue\nelse: pass\nwhile 1: break\n", "def f(): yield; x = yield from y\n",
    "x = 1 \\\n  + 2\n",
    "type X[T] = list[T]\ndef f[T: int](x: T) -> T: ...\n", "f(*a, **b, c=1)\nf(x for x in y)\nf(a, *b, c)\n",
    "if 1:\n    pass\n  # odd comment\n    x\nelif 2: pass\nelse: pass\n", "\u{feff}x = 1\r\nif x:\r\n    y\r\n",
    "é = 'ü'\nprint(é, file=x)\nx = (yield_)\n", "print((lambda: (yield))())\n", "a = x if y else lambda: 1\n",
  ]

  @Test(arguments: sound)
  func `is taken`(source: String) { #expect(fault(source) == nil, "\(source)") }

  static let broken: [(String, Int)] = [
    ("x = (1,\n", 1), ("x = 1)\n", 1), ("if x\n    y\n", 1), ("if x:\ny\n", 2), ("  x\n", 1),
    ("if x:\n    y\n  z\n", 3),
    ("x = 'a\n", 1), ("x = \"\"\"a\n", 1), ("def f(a, a=):\n    pass\n", 1), ("x = = 1\n", 1), ("f() = 1\n", 1),
    ("return 1\n", 1), ("class A:\n    return\n", 2), ("break\n", 1), ("x = 1 2\n", 1), ("print 'x'\n", 1),
    ("try:\n    pass\n", 2), ("x = [1, 2\ny = 3\n", 1), ("f(a=1, b)\n", 1), ("def f(a=1, b): pass\n", 1),
    ("x = $y\n", 1),
    ("if x:\n\ty\n        z\n", 3), ("else:\n    x\n", 1), ("x = a b\n", 1), ("import\n", 1), ("@a\nx = 1\n", 2),
    ("def f():\n", 1), ("x = {1: 2, 3: }\n", 1), ("for x in: pass\n", 1), ("def f(:\n    pass\n", 1), ("1 = x\n", 1),
    ("except A, e:\n    x\n", 1), ("<<<<<<< SEARCH\n", 1), ("```\n", 1), ("x = 1\n...code\n", 2),
  ]

  @Test(arguments: broken)
  func `is refused with the line`(source: String, line: Int) {
    #expect(fault(source)?.line == line, "\(source): \(String(describing: fault(source)))")
  }

  @Test func `is read to its end in one pass, however deep or long`() {
    #expect(fault(String(repeating: "(", count: 100_000)) != nil)
    #expect(fault("x = " + String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000) + "\n") == nil)
    #expect(fault("x = [" + String(repeating: "1, ", count: 200_000) + "]\n") == nil)
    #expect(fault("x = " + String(repeating: "not ", count: 50_000) + "y\n") == nil)
    #expect(fault(String(repeating: "with (", count: 2_000) + "\n") != nil)
  }

  /// What python3 itself says of its own library, whole and with a byte taken out.
  @Test(.enabled(if: PythonLibrary.folder != nil, "there is no python3 here"))
  func `is what python3 takes`() throws {
    let files = try PythonLibrary.files().prefix(24)
    var (agreed, tried) = (0, 0)
    var random = Seed(state: 7)
    var cases: [[UInt8]] = []
    for file in files {
      let bytes = Array(try Data(contentsOf: file))
      guard bytes.count < 60_000, bytes.allSatisfy({ $0 < 128 }) else { continue }
      cases.append(bytes)
      for _ in 0..<6 {
        var damaged = bytes
        damaged.remove(at: Int(random.next() % UInt64(damaged.count)))
        cases.append(damaged)
      }
    }
    let theirs = try PythonLibrary.faults(in: cases)
    try #require(theirs.count == cases.count)
    for (bytes, hasFault) in zip(cases, theirs) {
      tried += 1
      let ours = PythonSyntax.fault(in: bytes)
      if (ours != nil) == hasFault { agreed += 1 }
      if !hasFault { #expect(ours == nil, "line \(ours?.line ?? 0): \(ours?.reason ?? "")") }
    }
    #expect(tried > 100 && agreed * 100 >= tried * 98, "\(agreed) of \(tried)")
  }
}

private struct Seed: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 17
  }
}

/// python3 of this machine and its own library.
private enum PythonLibrary {
  static let folder: String? = (try? run("import os, sys; sys.stdout.write(os.path.dirname(os.__file__))")).flatMap {
    $0.isEmpty ? nil : $0
  }

  static func files() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: URL(filePath: folder ?? "/"), includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "py" }.sorted { $0.path < $1.path }
  }

  /// For each source whether python3 finds a fault in it.
  static func faults(in sources: [[UInt8]]) throws -> [Bool] {
    let file = FileManager.default.temporaryDirectory.appending(path: "sources-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(sources.map { String(decoding: $0, as: UTF8.self) }).write(to: file)
    let program = """
      import json, sys, warnings
      warnings.simplefilter("ignore")
      def fault(text):
          try:
              compile(text, "x", "exec", dont_inherit=True)
              return "0"
          except (SyntaxError, ValueError):
              return "1"
      sys.stdout.write("".join(fault(t) for t in json.load(open(sys.argv[1]))))
      """
    return try run(program, file.path).map { $0 == "1" }
  }

  private static func run(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
