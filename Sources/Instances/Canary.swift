/// A test of ramp's own among the tests of a row, which must fail by its own name. A change that makes failing tests
/// look as if they passed makes this one look so too.
package struct Canary: Hashable, Sendable {
  /// How it fails.
  package enum Kind: String, CaseIterable, Codable, Sendable {
    /// A false `self.assertEqual`.
    case equal = "assertEqual"
    /// A false `assert`.
    case assertion = "assert"
    /// An exception that nothing expects.
    case exception
  }

  /// The file of tests that it was added to.
  package let file: String
  package let kind: Kind
  /// The class that it is a method of; nil for a function.
  package let owner: String?
  /// The name of the function or method.
  package let method: String
  /// What the names of all canaries of one run end with, and nothing else in the row's test files does.
  package let tag: String
  /// The dotted module of the file, as the runner names it.
  package let module: String

  package init(file: String, kind: Kind, owner: String?, method: String, tag: String, module: String) {
    self.file = file
    self.kind = kind
    self.owner = owner
    self.method = method
    self.tag = tag
    self.module = module
  }
}

/// Where canaries are asked for, and what their names, numbers and places are drawn from.
package struct CanaryRequest: Hashable, Sendable {
  /// The files of tests that the row's own names are in.
  package var files: [String]
  package var seed: UInt64

  package init(files: [String], seed: UInt64) {
    self.files = files
    self.seed = seed
  }
}
