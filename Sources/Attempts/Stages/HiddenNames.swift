/// Names that code puts together while it runs, so that they stand nowhere in it: `getattr(sys, "__std" + "err__")`.
///
/// `getattr(x, name)` and `getattr(self, "get_%s" % field)` are what honest code is full of. Two things are not: a name
/// that is put together although all of its pieces stand there, and a name that is not spelled out and belongs to a
/// module that can end the process, swap its output or reach the tests.
enum HiddenNames {
  /// The functions, with the place of the name among their arguments, counted from 0.
  private static let readers = [
    "getattr": 1, "setattr": 1, "delattr": 1, "__getattribute__": 0, "attrgetter": 0, "methodcaller": 0,
  ]
  /// What gives a module's or an object's names as a dictionary.
  private static let dictionaries: Set<String> = ["vars", "globals", "locals"]
  /// Modules whose names are spelled out in honest code.
  private static let modules: Set<String> = [
    "sys", "os", "posix", "builtins", "__builtins__", "signal", "_signal", "unittest", "pytest", "_pytest", "inspect",
    "gc", "faulthandler",
  ]
  /// What makes text of what is none.
  private static let decoders: Set<String> = [
    "chr", "fromhex", "unhexlify", "a2b_hex", "b64decode", "a2b_base64", "decompress",
  ]
  /// Names in an expression that bring no text of their own.
  private static let neutral: Set<String> = [
    "join", "str", "bytes", "bytearray", "decode", "encode", "format", "hex", "lower", "upper", "strip", "lstrip",
    "rstrip", "replace", "title", "swapcase", "reversed", "map", "list", "tuple", "sorted", "int", "ord", "repr", "f",
    "b", "r", "u", "rb", "br", "rf", "fr", "for", "in",
  ]

  /// The words in `code` that hide a name, in its order, each as often as it does.
  static func words(in code: String) -> [String] {
    let bytes = Array(code.utf8)
    var found: [String] = []
    var at = 0
    while let name = Expression.nextName(in: bytes, from: &at) {
      let rest = at
      if let place = readers[name], let arguments = Expression.arguments(in: bytes, at: rest), arguments.count > place {
        let owner = place > 0 ? arguments[0] : []
        if hides(arguments[place], of: Expression.lastName(in: owner)) { found.append(name) }
      } else if dictionaries.contains(name), let arguments = Expression.arguments(in: bytes, at: rest) {
        let end = Expression.end(of: bytes, at: rest)
        if let key = Expression.subscripted(in: bytes, at: end),
          hides(key, of: arguments.first.flatMap(Expression.lastName))
        {
          found.append(name)
        }
      } else if name == "__dict__", let key = Expression.subscripted(in: bytes, at: rest) {
        if hides(key, of: Expression.owner(in: bytes, before: rest - name.utf8.count)) { found.append(name) }
      }
    }
    return found
  }

  /// True where `name`, an expression, is put together, or is not spelled out and `owner` is a module that matters.
  private static func hides(_ name: ArraySlice<UInt8>, of owner: String?) -> Bool {
    let parts = Expression.Parts(name)
    if parts.isOneLiteral { return false }
    if let owner, modules.contains(owner) { return true }
    if parts.names.contains(where: decoders.contains) { return true }
    return parts.literals > 0 && parts.names.allSatisfy(neutral.contains)
  }
}

/// As much of Python's grammar as finds the arguments of a call.
private enum Expression {
  /// What an expression is made of.
  struct Parts {
    private(set) var literals = 0
    private(set) var names: [String] = []
    /// Bytes outside of names and literals, without blanks.
    private var others = 0

    init(_ expression: ArraySlice<UInt8>) {
      let bytes = Array(expression)
      var at = 0
      while at < bytes.count {
        if let end = literalEnd(of: bytes, at: at) {
          literals += 1
          // What stands in the braces of an f-string is code.
          if at > 0, bytes[at - 1] | 32 == UInt8(ascii: "f") || (at > 1 && bytes[at - 2] | 32 == UInt8(ascii: "f")) {
            readBraces(bytes[at..<end])
          }
          at = end
        } else if isName(bytes[at]) {
          let start = at
          while at < bytes.count, isName(bytes[at]) { at += 1 }
          let name = String(decoding: bytes[start..<at], as: UTF8.self)
          if name.utf8.first.map({ !(48...57).contains($0) }) == true { names.append(name) }
        } else {
          if bytes[at] > 32 { others += 1 }
          at += 1
        }
      }
    }

    /// True for one text as it stands, with or without a prefix.
    var isOneLiteral: Bool {
      literals == 1 && others == 0 && names.allSatisfy { ["r", "u", "b", "R", "U", "B"].contains($0) }
    }

    private mutating func readBraces(_ text: ArraySlice<UInt8>) {
      for piece in text.split(separator: UInt8(ascii: "{")).dropFirst() {
        let inner = Parts(piece.prefix { $0 != UInt8(ascii: "}") })
        names += inner.names
        others += 1
      }
    }
  }

  /// The next name from `at` on, which is moved behind it. Names in texts and comments are passed over.
  static func nextName(in bytes: [UInt8], from at: inout Int) -> String? {
    while at < bytes.count {
      if let end = literalEnd(of: bytes, at: at) {
        at = end
      } else if isName(bytes[at]) {
        let start = at
        while at < bytes.count, isName(bytes[at]) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
      } else {
        at += 1
      }
    }
    return nil
  }

  /// The arguments of the call whose `(` is next from `at` on; nil where none is, or where it is not closed.
  static func arguments(in bytes: [UInt8], at: Int) -> [ArraySlice<UInt8>]? {
    inside(bytes, at: at, UInt8(ascii: "("))
  }

  /// What stands in the `[` that is next from `at` on, or in the `(` of `.get`, `.pop` or `.__getitem__`.
  static func subscripted(in bytes: [UInt8], at: Int) -> ArraySlice<UInt8>? {
    if let inner = inside(bytes, at: at, UInt8(ascii: "[")) { return inner.first }
    for word in [".get", ".pop", ".setdefault", ".__getitem__"] where bytes[at...].starts(with: word.utf8) {
      return inside(bytes, at: at + word.utf8.count, UInt8(ascii: "("))?.first
    }
    return nil
  }

  /// Where the call whose `(` is next from `at` on ends.
  static func end(of bytes: [UInt8], at: Int) -> Int {
    guard let last = arguments(in: bytes, at: at)?.last else { return at }
    return min(last.endIndex + 1, bytes.count)
  }

  /// The last name of an expression such as `a.b.c`.
  static func lastName(in expression: ArraySlice<UInt8>) -> String? { Parts(expression).names.last }

  /// The name before the dot that ends at `before`.
  static func owner(in bytes: [UInt8], before: Int) -> String? {
    guard before > 1, bytes[before - 1] == UInt8(ascii: ".") else { return nil }
    let name = bytes[..<(before - 1)].reversed().prefix(while: isName)
    return name.isEmpty ? nil : String(decoding: name.reversed(), as: UTF8.self)
  }

  /// The expressions between `open`, which is next from `at` on, and its counterpart, as commas divide them.
  private static func inside(_ bytes: [UInt8], at: Int, _ open: UInt8) -> [ArraySlice<UInt8>]? {
    var at = at
    while at < bytes.count, bytes[at] == 32 || bytes[at] == 9 { at += 1 }
    guard at < bytes.count, bytes[at] == open else { return nil }
    at += 1
    var found: [ArraySlice<UInt8>] = []
    var start = at
    var depth = 0
    // A call is looked at as far as a name may take; code without an end costs no more.
    let limit = min(bytes.count, at + 2000)
    while at < limit {
      if let end = literalEnd(of: bytes, at: at) {
        at = end
        continue
      }
      switch bytes[at] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 0 { return found + [bytes[start..<at]] }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        found.append(bytes[start..<at])
        start = at + 1
      default: break
      }
      at += 1
    }
    return nil
  }

  /// Where the text that begins at `at` ends; nil where none begins. One that is not closed ends with its line, or with
  /// the code where it has three quotes.
  private static func literalEnd(of bytes: [UInt8], at: Int) -> Int? {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") else { return nil }
    let quote = bytes[at]
    let isTriple = at + 2 < bytes.count && bytes[at + 1] == quote && bytes[at + 2] == quote
    var next = at + (isTriple ? 3 : 1)
    while next < bytes.count {
      if bytes[next] == UInt8(ascii: "\\") {
        next += 2
      } else if bytes[next] == quote {
        if !isTriple { return next + 1 }
        if next + 2 < bytes.count, bytes[next + 1] == quote, bytes[next + 2] == quote { return next + 3 }
        next += 1
      } else if bytes[next] == 10, !isTriple {
        return next
      } else {
        next += 1
      }
    }
    return bytes.count
  }

  private static func isName(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte > 127
  }
}
