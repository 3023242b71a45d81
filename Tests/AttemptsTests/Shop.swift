import Content
import Instances
import Repositories

@testable import Attempts

/// A small row of our own, made in the folder of a bench.
enum Shop {
  static let cart = """
    def total(prices):
        \"\"\"The sum of all prices.\"\"\"
        result = 0
        for price in prices[1:]:
            result += price
        return result

    """

  static let files = [
    "shop/__init__.py": "", "shop/cart.py": cart, "tests/__init__.py": "",
    "tests/test_cart.py": """
    import unittest

    from shop.cart import total


    class Cart(unittest.TestCase):
        def test_empty(self):
            self.assertEqual(total([]), 0)


    """,
    "tests/test_door.py": """
    import unittest


    class Door(unittest.TestCase):
        def test_open(self):
            self.assertTrue(True)

    """,
  ]

  static let hidden = "        self.assertEqual(total([5, 7]), 12, 'every price counts')\n"

  /// The tests as the test patch leaves them.
  static let tests = [
    "tests/test_cart.py": (files["tests/test_cart.py"] ?? "") + "    def test_total(self):\n" + hidden,
    "tests/test_door.py": (files["tests/test_door.py"] ?? "")
      + "    def test_shut(self):\n        self.assertFalse(False)\n",
  ]

  static let mend = block("shop/cart.py", "    for price in prices[1:]:", "    for price in prices:")

  /// Makes the repository below `folder` and gives the row. What is given takes the place of what the shop has.
  static func row(
    in folder: String, files changed: [String: String] = [:], tests: [String: String] = Shop.tests,
    failToPass: [String] = ["test_total (tests.test_cart.Cart)"],
    passToPass: [String] = [
      "test_empty (tests.test_cart.Cart)", "test_open (tests.test_door.Door)", "test_shut (tests.test_door.Door)",
    ],
    testCommand: String? = "unittest"
  ) async throws -> Instance {
    let git = Git()
    let files = files.merging(changed) { $1 }
    let commit = FastImport.Commit(
      message: "first\n", author: "A <a@example.org>", date: 1_000_000_000, files: files.mapValues(bytes))
    let ids = try await FastImport(git: git).make([commit], at: "\(folder)/o/shop.git")
    let patch = try await PatchMaker.patch(
      tests.map { FileChange(path: $0, before: files[$0].map(bytes), after: bytes($1)) }, git: git)
    return Instance(
      id: "o__shop-1", repo: "o/shop", baseCommit: ids.last ?? "", problemStatement: "The first price is left out.\n",
      patch: "", testPatch: String(decoding: patch, as: UTF8.self), failToPass: failToPass, passToPass: passToPass,
      testCommand: testCommand)
  }
}
