/// What Python's `\d` takes: the decimal digits of every script.
extension LogText {
  /// How many bytes the digit at `index` has; 0 where none stands there.
  func digit(at index: Int) -> Int {
    guard index < count else { return 0 }
    let byte = self[index]
    if byte < 0x80 { return byte.isDigit ? 1 : 0 }
    return scalar(at: index).map { $0.properties.generalCategory == .decimalNumber ? $0.utf8.count : 0 } ?? 0
  }

  /// How many bytes the digit that ends before `index` has.
  func digit(before index: Int) -> Int {
    guard index > 0 else { return 0 }
    if self[index - 1] < 0x80 { return self[index - 1].isDigit ? 1 : 0 }
    for length in 2...4 where length <= index && self[index - length] >= 0xC0 {
      return digit(at: index - length) == length ? length : 0
    }
    return 0
  }

  /// The end of the run of digits at `index`.
  func digits(from index: Int) -> Int {
    var at = index
    while at < count {
      let length = digit(at: at)
      if length == 0 { break }
      at += length
    }
    return at
  }

  /// The character that begins at `index`; nil inside one, and for what is not UTF-8.
  private func scalar(at index: Int) -> Unicode.Scalar? {
    var decoder = UTF8()
    var bytes = self[index..<min(index + 4, count)].bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
    return scalar
  }
}
