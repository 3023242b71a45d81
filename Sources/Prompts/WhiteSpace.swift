extension Substring {
  /// Without the white space at its start, as Python's `lstrip`.
  func trimmingStart() -> Substring {
    Substring(unicodeScalars.drop(while: \.isPythonSpace))
  }

  /// Without the white space at its end, as Python's `rstrip`.
  func trimmingEnd() -> Substring {
    var kept = unicodeScalars
    while let last = kept.last, last.isPythonSpace { kept.removeLast() }
    return Substring(kept)
  }
}

extension Unicode.Scalar {
  /// White space as Python's `str.isspace` has it: Unicode's, and the four information separators.
  fileprivate var isPythonSpace: Bool {
    properties.isWhitespace || (0x1C...0x1F).contains(value)
  }
}
