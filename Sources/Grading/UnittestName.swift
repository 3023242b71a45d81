/// The name of a unittest test as a log prints it: `method (module.Class)`, and from Python 3.11 on
/// `method (module.Class.method)`.
struct UnittestName {
  /// `test_x`, `setUpClass`, ...
  let method: LogText
  /// `module.Class` as printed.
  let owner: LogText
  /// Bytes behind the closing parenthesis begin here.
  let end: Int

  /// The longest name looked for, in bytes.
  static let longest = 4_000

  /// The name at the beginning of `line`; nil where none stands there.
  init?(_ line: LogText) {
    guard let first = line.first, first.isWord, !first.isDigit else { return nil }
    let head = line.prefix(Self.longest)
    let space = head.end(from: 0, while: \.isWord)
    guard line.hasPrefix(" (", at: space) else { return nil }
    let start = space + 2
    let close = line.prefix(start + Self.longest).end(from: start) {
      $0.isWord || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">")
    }
    guard close > start, line.hasPrefix(")", at: close), line[start] != UInt8(ascii: ".") else { return nil }
    method = line.upTo(space)
    owner = line[start..<close]
    end = close + 1
  }

  /// `owner` without a method's name at its end, whichever Python printed it.
  var shortOwner: LogText {
    let length = owner.count - method.count - 1
    guard length >= 0, owner.hasPrefix(".", at: length), owner.from(length + 1) == method else { return owner }
    return owner.upTo(length)
  }

  /// `method (module.Class)`.
  var short: String { "\(method.string) (\(shortOwner.string))" }

  /// Hands on `method (module.Class)` as bytes.
  func spelled(_ body: (LogText) -> Void) {
    var bytes = Array(method.bytes)
    bytes.append(contentsOf: [0x20, UInt8(ascii: "(")])
    bytes.append(contentsOf: shortOwner.bytes)
    bytes.append(UInt8(ascii: ")"))
    LogText.reading(bytes, body)
  }

  /// Both spellings of `name`, `m.C` first; nil where it is no such name.
  static func spellings(of name: String) -> [String]? {
    LogText.reading(Array(name.utf8)) { text in
      guard let parsed = UnittestName(text), parsed.end == text.count else { return nil }
      let (method, owner) = (parsed.method.string, parsed.shortOwner.string)
      return ["\(method) (\(owner))", "\(method) (\(owner).\(method))"]
    }
  }
}
