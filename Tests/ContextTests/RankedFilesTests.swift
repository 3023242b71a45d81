import Content
import Testing

@testable import Context

/// A package in which `shop/stock.py` alone has the words of an issue on warehouses.
private let shop = MemoryTree([
  "docs/warehouse.py": "warehouse = 'warehouse warehouse warehouse capacity'\n",
  "setup.py": "warehouse = 1\n",
  "shop/__init__.py": "",
  "shop/cart.py": "class Cart:\n    def total(self):\n        return sum(self.prices)\n",
  "shop/money/rates.py": "def convert_price(price, rate):\n    return price * rate\n",
  "shop/orders.py": "def place(order):\n    return order\n",
  "shop/stock.py": "class Stock:\n    def refill(self, warehouse):\n        warehouse.capacity -= 1\n",
  "shop/views.py": "from shop.stock import Stock\n\ndef show(request):\n    return Stock().render(request)\n",
  "tests/test_stock.py": "def test_warehouse_capacity(warehouse):\n    assert warehouse.capacity == warehouse.size\n",
])

private let words = "\n\nThe capacity of a warehouse goes below zero when the warehouse is refilled twice.\n"

@Suite struct `bm25` {
  @Test func `puts the file first that has the rare words of the issue, and tests and documentation last`()
    async throws
  {
    let selection = try await select("Warehouse capacity" + words, shop, files: 9)
    #expect(selection.paths.first == "shop/stock.py")
    let aside = ["docs/warehouse.py", "setup.py", "tests/test_stock.py"]
    #expect(selection.paths.suffix(3).sorted() == aside)
    #expect(selection.parts.allSatisfy { $0.reason == .bm25 })
  }

  @Test(arguments: [
    ("a path", "shop/orders.py", "It fails in shop/orders.py."),
    ("a path with a line", "shop/orders.py", "See shop/orders.py:2 for it."),
    ("a link", "shop/orders.py", "https://example.org/x/blob/main/shop/orders.py#L2"),
    ("the name of a file", "shop/orders.py", "It fails in `orders.py`."),
    ("a Windows path", "shop/orders.py", #"C:\work\lib\shop\orders.py is where it fails"#),
    ("a dotted module", "shop/money/rates.py", "The module shop.money.rates is to blame."),
    ("a member of a module", "shop/money/rates.py", "I call `shop.money.rates.convert_price` for it"),
    (
      "a frame", "shop/orders.py",
      #"Traceback (most recent call last):"# + "\n"
        + #"  File "/usr/lib/python3/dist-packages/shop/orders.py", line 2, in place"# + "\nKeyError: 'x'"
    ),
    ("a function that it defines", "shop/money/rates.py", "convert_price() gives the wrong sum"),
    ("a class that it defines", "shop/cart.py", "The class `Cart` has it."),
  ])
  func `puts a file before all others that the issue names by`(how: String, path: String, line: String) async throws {
    let selection = try await select("Warehouse capacity\n\n" + line + words, shop, files: 9)
    #expect(selection.paths.first == path, "\(how)")
    #expect(selection.parts.first?.reason == .named)
    #expect(selection.paths.dropFirst().first == "shop/stock.py")
  }

  @Test func `puts the innermost frame of a traceback before the outer ones`() async throws {
    let issue = """
      It stops
      Traceback (most recent call last):
        File "/app/shop/views.py", line 4, in show
          return Stock().render(request)
        File "/app/shop/cart.py", line 3, in total
          return sum(self.prices)
        File "/usr/lib/python3.11/unittest/mock.py", line 9, in call
      TypeError: 'NoneType' object is not iterable
      """
    let selection = try await select(issue, shop)
    #expect(selection.paths.prefix(2) == ["shop/cart.py", "shop/views.py"])
    #expect(selection.parts.prefix(2).allSatisfy { $0.reason == .named })
  }

  @Test func `names no file for a name that is defined in more than three, or for a test`() async throws {
    let many = MemoryTree(
      listing: (1...4).map { ("pkg/m\($0).py", Array("def render_all():\n    pass\n".utf8)) }
        + [("tests/test_m.py", Array("def test_all():\n    pass\n".utf8))])
    let selection = try await select("render_all() fails in tests/test_m.py, test_all()", many)
    #expect(selection.parts.map(\.reason) == Array(repeating: .bm25, count: 5))
    #expect(selection.paths == ["pkg/m1.py", "pkg/m2.py", "pkg/m3.py", "pkg/m4.py", "tests/test_m.py"])
  }

  @Test func `counts the words of the path, and the parts of identifiers`() async throws {
    let tree = MemoryTree([
      "pkg/a.py": "x = 1\n", "pkg/FormSets.py": "x = 1\n", "pkg/b.py": "class BaseFormSet:\n    pass\n",
      "pkg/c.py": "base_form = 2\n",
    ])
    #expect(try await select("something about formset", tree).paths == ["pkg/FormSets.py"])
    let parts = try await select("a base and a form", tree)
    #expect(Set(parts.paths) == ["pkg/FormSets.py", "pkg/b.py", "pkg/c.py"])
  }

  @Test func `chooses nothing where the issue has no word of the repository`() async throws {
    for issue in ["", "\n\r\n", "xylophone", "the and of it 17", "\0\u{1b}[2J"] {
      let selection = try await select(issue, shop)
      #expect(selection.parts.isEmpty)
      #expect(selection.leftOut.isEmpty)
      #expect(selection.tokens == 0)
    }
  }

  @Test func `reads an issue with CRLF as one with LF`() async throws {
    let issue = "Warehouse\n\nFile \"shop/orders.py\", line 2, in place\nand `Cart` and shop.money.rates\n" + words
    let selection = try await select(issue, shop)
    #expect(selection.parts.count > 3)
    #expect(try await select(issue.replacing("\n", with: "\r\n"), shop) == selection)
  }

  @Test func `ranks no file that is data: above a million bytes, or with NUL`() async throws {
    let line = "warehouse = 'capacity'  # " + String(repeating: "w", count: 73) + "\n"
    let tree = MemoryTree([
      "pkg/data.py": String(repeating: line, count: 10_001), "pkg/nul.py": "warehouse\0capacity\n",
      "pkg/small.py": "warehouse = 1\n", "pkg/warehouse.txt": "warehouse capacity\n",
    ])
    #expect(try await select("warehouse capacity", tree).spans == ["pkg/small.py:1"])
  }

  @Test func `fills the places of files that were added or dropped`() async throws {
    let issue = "shop/orders.py, shop/cart.py and shop/views.py"
    let all = try await select(issue, shop, files: 3).paths
    #expect(Set(all) == ["shop/cart.py", "shop/orders.py", "shop/views.py"])
    #expect(try await select(issue, shop, files: 1).paths == [all[0]])
    #expect(try await select(issue, shop, files: 1, added: [Span(path: all[0])]).paths == [all[0], all[1]])
    for last in [4, Int.max] {
      let dropped = [Span(path: all[0], first: 1, last: last)]
      #expect(try await select(issue, shop, files: 1, dropped: dropped).paths == [all[1]])
    }
  }

  @Test func `shows what was added before what was chosen, with rank 0`() async throws {
    let selection = try await select(
      "shop/orders.py", shop, files: 1,
      added: [try Span(parsing: "shop/stock.py:2-3"), try Span(parsing: "docs/warehouse.py")])
    #expect(selection.spans == ["docs/warehouse.py:1", "shop/stock.py:2-3", "shop/orders.py:1-2"])
    #expect(selection.parts.map(\.rank) == [0, 0, 1])
    #expect(selection.parts.map(\.reason) == [.pinned, .pinned, .named])
  }
}

/// A module of 60 functions of ten lines, too long for the budgets of the tests; function 42 alone reads a gauge.
private let long: String = (1...60).map { number in
  "def step_\(number)(value):\n" + (2...9).map { "    value += \(number) * \($0)\n" }.joined()
    + (number == 42 ? "    return gauge.read(value)\n" : "    return value\n")
}.joined()

@Suite struct `a file too long for the budget` {
  @Test(arguments: [
    ("the rare words stand there", "The gauge is read wrongly"),
    ("a frame points there", #"File "pkg/steps.py", line 414, in x"#),
    ("a path points there", "see pkg/steps.py:415"), ("it is named", "step_42() is wrong"),
  ])
  func `is shown in the blocks where`(why: String, issue: String) async throws {
    let tree = MemoryTree(["pkg/steps.py": long])
    let selection = try await select(issue, tree, budget: 900)
    #expect(selection.parts.contains { $0.span.first <= 411 && $0.span.last >= 420 }, "\(why): \(selection.spans)")
    #expect(selection.tokens <= 900)
    #expect(selection.parts.reduce(0) { $0 + $1.tokens } == selection.tokens)
  }

  @Test func `is whole where a third of the budget takes it`() async throws {
    let tree = MemoryTree(["pkg/steps.py": long])
    let whole = try source(long, path: "pkg/steps.py").tokens(1...600, ratio: 1)
    #expect(try await select("gauge", tree, budget: whole * 3).spans == ["pkg/steps.py:1-600"])
    #expect(try await select("gauge", tree, budget: whole * 3 - 3).spans == ["pkg/steps.py:411-420"])
  }

  @Test func `leaves room for the others`() async throws {
    let tree = MemoryTree(["pkg/a.py": long, "pkg/b.py": long, "pkg/c.py": long])
    let selection = try await select("the gauge, and step_3, step_9, step_17 of a.py, b.py, c.py", tree, budget: 3000)
    #expect(selection.paths == ["pkg/a.py", "pkg/b.py", "pkg/c.py"])
    for path in selection.paths {
      #expect(selection.parts.filter { $0.span.path == path }.reduce(0) { $0 + $1.tokens } <= 1000)
    }
  }

  @Test func `is cut round the line that matters where one function is too long`() async throws {
    let body = (2...400).map { $0 == 300 ? "    gauge.read()\n" : "    value += \($0)\n" }.joined()
    let tree = MemoryTree(["pkg/m.py": "def run(value):\n" + body])
    let selection = try await select("the gauge", tree, budget: 1000)
    #expect(selection.parts.count == 1)
    let span = try #require(selection.parts.first?.span)
    #expect(span.first <= 300 && span.last >= 300)
    #expect(span.last - span.first + 1 == 1000 / 3 / 16)
  }

  @Test func `lists the blocks that did not fit, and never a line that is shown`() async throws {
    let tree = MemoryTree(["pkg/steps.py": long, "pkg/z.py": "gauge = 1\n"])
    let issue = "step_3() step_9() step_17() step_20() step_30() and the gauge"
    let selection = try await select(issue, tree, budget: 600, files: 1, added: [Span(path: "pkg/z.py")])
    #expect(!selection.leftOut.isEmpty)
    for candidate in selection.leftOut {
      #expect(!selection.parts.contains { $0.span.overlaps(candidate.span) }, "\(candidate.span)")
    }
    #expect(selection.leftOut.map(\.rank) == selection.leftOut.map(\.rank).sorted())
  }
}

extension Span {
  func overlaps(_ other: Span) -> Bool { path == other.path && first <= other.last && other.first <= last }
}
