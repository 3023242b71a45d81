/// The name of a unittest test as a log prints it: `method (module.Class)`, and from Python 3.11 on
/// `method (module.Class.method)`.
struct UnittestName: Hashable {
  /// `test_x`, `setUpClass`, ...
  let method: String
  /// `module.Class` as printed.
  let owner: String
  /// Bytes behind the closing parenthesis begin here.
  let end: Int

  /// The name at the beginning of `line`; nil where none stands there.
  init?(_ line: ArraySlice<UInt8>) {
    guard let space = line.prefix(OutcomeTable.longestName).firstIndex(where: { !$0.isWord }),
      space > line.startIndex, !line[line.startIndex].isDigit, line[space...].hasPrefix(" (")
    else { return nil }
    let start = space + 2
    let rest = line[start...].prefix(OutcomeTable.longestName)
    let dot = UInt8(ascii: ".")
    guard
      let close = rest.firstIndex(where: {
        !$0.isWord && $0 != dot && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
      }),
      close > start, line[close] == UInt8(ascii: ")"), line[start] != dot
    else { return nil }
    method = line[..<space].text
    owner = line[start..<close].text
    end = close + 1
  }

  /// The name as printed.
  var full: String { "\(method) (\(owner))" }

  /// `method (module.Class)`, whichever Python printed it.
  var short: String {
    owner.hasSuffix(".\(method)") ? "\(method) (\(owner.dropLast(method.count + 1)))" : full
  }
}
