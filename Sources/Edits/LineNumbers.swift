/// Line numbers that a model copied into its code from the files that it was shown: `  40 | code`.
enum LineNumbers {
  /// The lines without their numbers, or nil where not every line that is not blank has one, ascending.
  static func stripped(_ lines: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>]? {
    var last = 0
    var isAny = false
    var bare: [ArraySlice<UInt8>] = []
    bare.reserveCapacity(lines.count)
    for line in lines {
      if line.isBlank {
        bare.append(line)
        continue
      }
      let rest = line.withoutIndentation
      let digits = rest.prefix(while: \.isDigit)
      let behind = rest.dropFirst(digits.count).drop { $0 == 32 }
      guard !digits.isEmpty, digits.count < 9, let number = Int(digits.text), number > last, behind.first == 124 else {
        return nil
      }
      last = number
      isAny = true
      let code = behind.dropFirst()
      bare.append(code.first == 32 ? code.dropFirst() : code)
    }
    return isAny ? bare : nil
  }
}
