import Glibc

/// What tells one command's processes from all others: 128 random bits in the environment of the tree.
struct Mark {
  /// 32 hexadecimal digits.
  let text: String
  /// The value of `RAMP_PROCESS`: the marks that ramp itself was started under, and this one, so that a ramp run by a
  /// ramp is cleaned up whole.
  let value: String

  /// A new mark.
  static func next() -> Mark {
    var generator = SystemRandomNumberGenerator()
    let parts = (0..<4).map { _ in
      let digits = String(UInt32.random(in: .min ... .max, using: &generator), radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
    let text = parts.joined()
    let outer = getenv(Survivors.variable).map { String(cString: $0) }
    return Mark(text: text, value: outer.map { "\($0) \(text)" } ?? text)
  }
}
