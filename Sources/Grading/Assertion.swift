/// Both sides of an assertion that did not hold.
package struct Assertion: Hashable, Codable, Sendable {
  /// The longest side kept, in bytes; a longer one ends in `...`.
  package static let longestSide = 300

  /// What stood on the left: a value where the log shows values, else the expression.
  package let left: String
  /// What should have held between the two: `==`, `!=`, `<`, `is`, `in`, ...
  package let relation: String
  package let right: String

  package init(left: String, relation: String, right: String) {
    self.left = left
    self.relation = relation
    self.right = right
  }

  /// Reads `assert 1 == 2`, as pytest explains it and as a source line has it.
  init?(statement: LogText) {
    guard statement.hasPrefix("assert ") else { return nil }
    let text = statement.dropFirst(7).trimmed
    // A statement that goes on in the next line shows half of a side.
    if let last = text.last, [0x5C, 0x28, 0x5B, 0x7B, 0x2C].contains(last) { return nil }
    guard let found = Relation.first(in: text, of: Relation.operators) else { return nil }
    let right = text.from(found.range.upperBound)
    self.init(text.upTo(found.range.lowerBound), found.relation.word, right.upTo(Relation.reason(in: right)))
  }

  /// Reads the message of one of unittest's assertions: `1 != 2 : why` means that 1 should have been equal to 2.
  init?(message: LogText) {
    var text = message
    if let differ = text.prefix(40).index(of: " differ: ") { text = text.from(differ + 9) }
    guard let found = Relation.first(in: text, of: Relation.messages) else { return nil }
    let right = text.from(found.range.upperBound)
    self.init(text.upTo(found.range.lowerBound), found.relation.word, right.upTo(Relation.comment(in: right)))
  }

  /// The sides of numpy's comparison of arrays, which are told on lines of their own.
  init?(arrays detail: [String]) {
    func side(_ names: [String]) -> String? {
      for line in detail {
        let text = line.drop { $0 == " " }
        for name in names where text.hasPrefix(name) { return String(text.dropFirst(name.count)) }
      }
      return nil
    }
    guard let left = side(["x: ", "ACTUAL: "]), let right = side(["y: ", "DESIRED: "]) else { return nil }
    self.init(left: left.trimmedBlanks, relation: "==", right: right.trimmedBlanks)
  }

  private init?(_ left: LogText, _ relation: String, _ right: LogText) {
    let (left, right) = (left.trimmed, right.trimmed)
    guard !left.isEmpty, !right.isEmpty else { return nil }
    self.init(left: Self.bounded(left), relation: relation, right: Self.bounded(right))
  }

  private static func bounded(_ side: LogText) -> String {
    side.count > longestSide ? side.prefix(longestSide - 3).string + "..." : side.string
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// A word between two sides, and what should have held where it is printed.
private struct Relation {
  let text: StaticString
  let word: String

  /// What a statement asserts, the stronger ones first.
  static let operators = [
    Relation(text: " == ", word: "=="), Relation(text: " != ", word: "!="), Relation(text: " <= ", word: "<="),
    Relation(text: " >= ", word: ">="), Relation(text: " < ", word: "<"), Relation(text: " > ", word: ">"),
    Relation(text: " is not ", word: "is not"), Relation(text: " is ", word: "is"),
    Relation(text: " not in ", word: "not in"), Relation(text: " in ", word: "in"),
  ]

  /// What unittest prints, which says how it is and not how it should be.
  static let messages = [
    Relation(text: " != ", word: "=="), Relation(text: " == ", word: "!="),
    Relation(text: " not found in ", word: "in"), Relation(text: " unexpectedly found in ", word: "not in"),
    Relation(text: " not less than or equal to ", word: "<="),
    Relation(text: " not greater than or equal to ", word: ">="), Relation(text: " not less than ", word: "<"),
    Relation(text: " not greater than ", word: ">"), Relation(text: " is not an instance of ", word: "is a"),
    Relation(text: " is not ", word: "is"), Relation(text: " is an instance of ", word: "is no"),
  ]

  /// The first place outside quotes and brackets where one of `relations` stands: the first of the list that is
  /// anywhere. Without such a place, where quotes or brackets do not match, the first place of all.
  static func first(in text: LogText, of relations: [Relation]) -> (range: Range<Int>, relation: Relation)? {
    let isOpen = outside(text)
    for relation in relations {
      var at = 0
      while let found = text.index(of: relation.text, from: at) {
        if isOpen[found] { return (found..<(found + relation.text.utf8CodeUnitCount), relation) }
        at = found + 1
      }
    }
    guard !(isOpen.last ?? true) else { return nil }
    for relation in relations {
      if let found = text.index(of: relation.text) {
        return (found..<(found + relation.text.utf8CodeUnitCount), relation)
      }
    }
    return nil
  }

  /// Where the comment of a unittest message begins: ` : why`.
  static func comment(in text: LogText) -> Int {
    let isOpen = outside(text)
    var at = 0
    while let found = text.index(of: " : ", from: at) {
      if isOpen[found] { return found }
      at = found + 1
    }
    return text.count
  }

  /// Where the reason of a statement begins: `, why`.
  static func reason(in text: LogText) -> Int {
    let isOpen = outside(text)
    var at = 0
    while let found = text.index(of: ", ", from: at) {
      if isOpen[found] { return found }
      at = found + 1
    }
    return text.count
  }

  /// For each byte whether it stands outside quotes and brackets; one more at the end says so of the end.
  private static func outside(_ text: LogText) -> [Bool] {
    var isOpen: [Bool] = []
    isOpen.reserveCapacity(text.count + 1)
    var quote: UInt8?
    var depth = 0
    var isEscaped = false
    var before: UInt8 = 0x20
    for byte in text.bytes {
      isOpen.append(quote == nil && depth == 0)
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == open {
          quote = nil
        }
      } else {
        switch byte {
        // An apostrophe inside a word is none of a quotation.
        case UInt8(ascii: "'") where !before.isWord || before == UInt8(ascii: "b") || before == UInt8(ascii: "r"),
          UInt8(ascii: "\""):
          quote = byte
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
        default: break
        }
      }
      before = byte
    }
    isOpen.append(quote == nil && depth == 0)
    return isOpen
  }
}
