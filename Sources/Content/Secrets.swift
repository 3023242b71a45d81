/// Values that are shown and kept nowhere: keys, and header fields that carry one. They are taken out of text before it is
/// handed on.
package struct Secrets: Hashable, Sendable {
  /// What stands in the place of a value.
  package static let mask = "(the key)"

  /// The fewest bytes of a value that is looked for in what others wrote. Placeholders such as `none`, `ollama` or `EMPTY`
  /// stand where a server wants any key; they are no secret, and a reply may well hold the word.
  package static let fewest = 8

  /// The longest first: a value may hold another.
  package let values: [String]

  /// The secrets among `values`: those that are long enough, and not a plain word.
  package init(_ values: some Sequence<String>) {
    let secrets = values.filter { value in
      value.utf8.count >= Secrets.fewest && !value.utf8.allSatisfy { (97...122).contains($0) }
    }
    self.values = Set(secrets).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
  }

  /// None.
  package init() { values = [] }

  package var isEmpty: Bool { values.isEmpty }

  /// `text` with every value taken out.
  package func hidden(in text: String) -> String {
    values.reduce(text) { $0.contains($1) ? $0.replacing($1, with: Secrets.mask) : $0 }
  }

  /// The same for bytes, which stay what they are where none is in them.
  package func hidden(in bytes: [UInt8]) -> [UInt8] {
    values.reduce(bytes) { bytes, value in
      let wanted = Array(value.utf8)
      return bytes.firstRange(of: wanted) == nil ? bytes : bytes.replacing(wanted, with: Array(Secrets.mask.utf8))
    }
  }

  package func joined(_ other: Secrets) -> Secrets { Secrets(values + other.values) }
}

extension Secrets: CustomStringConvertible, CustomReflectable {
  package var description: String { "(\(values.count) keys)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Takes secrets out of a text that comes in pieces, wherever it was cut. What may be the beginning of one is held back
/// until the next piece shows whether it is.
package struct SecretFilter: Sendable {
  private let secrets: [[UInt8]]
  private var held: [UInt8] = []

  package init(_ secrets: Secrets) {
    self.secrets = secrets.values.map { Array($0.utf8) }
  }

  /// What of `text`, and of what was held back, can be shown.
  package mutating func pass(_ text: String) -> String {
    guard !secrets.isEmpty else { return text }
    let bytes = held + Array(text.utf8)
    var shown: [UInt8] = []
    shown.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      let rest = bytes[at...]
      if let found = secrets.first(where: { rest.starts(with: $0) }) {
        // A longer one that begins alike may still come.
        if secrets.contains(where: { $0.count > rest.count && $0.starts(with: rest) }) { break }
        shown += Array(Secrets.mask.utf8)
        at += found.count
      } else if secrets.contains(where: { $0.count > rest.count && $0.starts(with: rest) }) {
        break
      } else {
        shown.append(bytes[at])
        at += 1
      }
    }
    held = Array(bytes[at...])
    return String(decoding: shown, as: UTF8.self)
  }

  /// What is still held back once the text has come to its end.
  package mutating func end() -> String {
    defer { held = [] }
    // A value that another one continues may be in it whole.
    var rest = String(decoding: held, as: UTF8.self)
    for secret in secrets { rest = rest.replacing(String(decoding: secret, as: UTF8.self), with: Secrets.mask) }
    return rest
  }
}
