import Instances
import Testing

@testable import Attempts

@Suite struct `a test that the test patch` {
  private static let base = """
    import unittest

    SIZES = [1, 2]


    class Cart(unittest.TestCase):
        def test_empty(self):
            self.assertEqual(total([]), 0)

        def test_one(self):
            for size in SIZES:
                def inner():
                    return size

                self.assertEqual(total([inner()]), size)

        @parametrize(
            "a",
            [1, 2])
        def test_many(self, a):
            text = \"\"\"
    not indented
            \"\"\"
            self.assertEqual(a, text)

        def test_last(self):
            pass

    """

  /// Whether `name` is visible under a patch of one hunk of the file.
  private func isVisible(_ name: String, _ hunk: String) -> Bool {
    let patch =
      "diff --git a/tests/test_cart.py b/tests/test_cart.py\n--- a/tests/test_cart.py\n+++ b/tests/test_cart.py\n"
      + hunk
    return ChangedTests(testPatch: patch, files: ["tests/test_cart.py": bytes(Self.base)]).isVisible(name)
  }

  private let added =
    "@@ -28,2 +28,5 @@\n     def test_last(self):\n         pass\n+\n+    def test_new(self):\n+        pass\n"
  private let changed =
    "@@ -14,3 +14,3 @@ class Cart\n \n-            self.assertEqual(total([inner()]), size)\n+            self.assertEqual(total([inner()]), 2)\n \n"

  @Test(arguments: [
    "test_empty (tests.test_cart.Cart)", "tests/test_cart.py::Cart::test_last",
    "test_many (tests.test_cart.Cart.test_many)", "tests/test_cart.py::Cart::test_many[a b",
  ])
  func `leaves alone is visible`(name: String) {
    #expect(isVisible(name, added))
    #expect(isVisible(name, changed))
  }

  @Test func `brings or changes is not`() {
    #expect(!isVisible("test_new (tests.test_cart.Cart)", added))
    #expect(!isVisible("tests/test_cart.py::Cart::test_one", changed))
    #expect(
      !isVisible(
        "test_one (tests.test_cart.Cart)",
        "@@ -11,1 +11,2 @@\n             for size in SIZES:\n+                print(size)\n"))
    #expect(
      !isVisible(
        "test_many (m.C)", "@@ -18,2 +18,2 @@\n             \"a\",\n-            [1, 2])\n+            [1, 3])\n"))
    #expect(
      !isVisible(
        "test_many (m.C)",
        "@@ -23,1 +23,1 @@\n-            self.assertEqual(a, text)\n+            self.assertEqual(a, 1)\n"))
    #expect(!isVisible("test_many (m.C)", "@@ -21,1 +21,1 @@\n-not indented\n+or so\n"))
    #expect(
      !isVisible("test_empty (m.C)", "@@ -7,1 +7,1 @@\n-    def test_empty(self):\n+    async def test_empty(self):\n"))
  }

  @Test(arguments: ["", "An empty cart costs nothing.", "test_other (m.C)", "Cart"])
  func `knows by no name of a function is not`(name: String) {
    #expect(!isVisible(name, added))
  }

  @Test func `gives numbers that no file has is read without harm`() {
    for number in ["9223372036854775807", "99999999999999999999", "万", "-1"] {
      let patch = "--- a/m.py\n+++ b/m.py\n@@ -\(number),1 +1,1 @@\n-a\n+b\n c\n"
      let tests = ChangedTests(testPatch: patch, files: ["m.py": Array("def test_x():\n  pass\n".utf8)])
      #expect(tests.isVisible("test_x"))
    }
  }
}
