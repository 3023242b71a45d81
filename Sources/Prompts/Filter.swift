/// A filter of the template language, by the name it is written with.
package enum Filter: String, CaseIterable, Sendable {
  case upper, lower, trim, length, join, indent, `default`, first, last

  /// How it is written, for errors.
  var usage: String {
    switch self {
    case .upper, .lower, .trim, .length, .first, .last: "| \(rawValue)"
    case .join: #"| join(", ")"#
    case .indent: "| indent(4), with first=true and blank=true if wanted"
    case .default: #"| default("text")"#
    }
  }

  /// The names of its arguments, in their order.
  var parameters: [String] {
    switch self {
    case .upper, .lower, .trim, .length, .first, .last: []
    case .join: ["d"]
    case .indent: ["width", "first", "blank"]
    case .default: ["default_value", "boolean"]
    }
  }
}

/// What filters do to text in pieces. Every piece keeps its origin; white space that is put in takes its neighbour's.
enum PieceFilter {
  /// Without white space at both ends.
  static func trimmed(_ pieces: [Piece]) -> [Piece] {
    var kept = pieces[...]
    while let first = kept.first {
      let text = first.text[...].trimmingStart()
      kept[kept.startIndex].text = String(text)
      if !text.isEmpty { break }
      kept.removeFirst()
    }
    while let last = kept.last {
      let text = last.text[...].trimmingEnd()
      kept[kept.endIndex - 1].text = String(text)
      if !text.isEmpty { break }
      kept.removeLast()
    }
    return Array(kept)
  }

  /// Every line after the first with `width` blanks in front: the first too if `first`, empty ones only if `blank`.
  static func indented(_ pieces: [Piece], width: Int, first: Bool, blank: Bool) -> [Piece] {
    let margin = [UInt8](repeating: 32, count: width)
    var isPending = first
    var result = pieces
    for index in pieces.indices {
      var text: [UInt8] = []
      for byte in pieces[index].text.utf8 {
        if isPending, byte != 10 || blank || text.isEmpty && index == 0 { text += margin }
        isPending = byte == 10
        text.append(byte)
      }
      result[index].text = String(decoding: text, as: UTF8.self)
    }
    if isPending, blank || pieces.allSatisfy(\.text.isEmpty), let last = result.indices.last {
      result[last].text += String(decoding: margin, as: UTF8.self)
    }
    return result
  }

  /// The first or last code point, or nil of an empty text.
  static func end(of pieces: [Piece], isFirst: Bool) -> [Piece]? {
    let full = pieces.filter { !$0.text.isEmpty }
    guard var piece = isFirst ? full.first : full.last else { return nil }
    let scalars = piece.text.unicodeScalars
    guard let scalar = isFirst ? scalars.first : scalars.last else { return nil }
    piece.text = String(Character(scalar))
    return [piece]
  }
}
