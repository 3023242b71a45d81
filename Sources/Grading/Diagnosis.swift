/// Why an attempt did not resolve its instance, with what shows it.
package struct Diagnosis: Hashable, Codable, Sendable {
  /// The most lines of evidence kept.
  package static let mostLines = 20

  package let code: FailureCode
  /// One fact a line, the plainest first: a test with what it raised, a file with its error, a line of the log.
  package let evidence: [String]

  package init(_ code: FailureCode, _ evidence: [String]) {
    self.code = code
    let rest = evidence.count - Diagnosis.mostLines
    self.evidence = rest > 1 ? evidence.prefix(Diagnosis.mostLines) + ["and \(rest) more"] : evidence
  }
}

/// What came to pass before the tests of an attempt ran.
package enum EarlyEnd: Hashable, Sendable {
  /// The baseline is not red, so that no repair can be judged.
  case baseline(BaselineVerdict)
  /// No reply came, or it broke off; why.
  case model(String)
  /// The prompt was cut by the server, or the reply by its budget; which.
  case cut(String)
  /// The reply holds no edit, or edits that change nothing; why.
  case noEdits(String)
  /// An edit does not fit the files; why.
  case notApplied(String)

  /// The code with its evidence; nil for a red baseline, which ends nothing.
  package var diagnosis: Diagnosis? {
    switch self {
    case .baseline(.red): nil
    case .baseline(.notRed(let passing)):
      Diagnosis(.environmentError, passing.map { "\($0) passes before any repair" })
    case .baseline(.noTests(let cause)):
      Diagnosis(.environmentError, [cause].compactMap(\.self) + ["the log tells of no test at all"])
    case .baseline(.broken(let why)): Diagnosis(.environmentError, [why])
    case .baseline(.notMade(let why, let next)): Diagnosis(.environmentError, [why] + [next].compactMap(\.self))
    case .model(let why): Diagnosis(.modelError, [why])
    case .cut(let what): Diagnosis(.contextTruncated, [what])
    case .noEdits(let why): Diagnosis(.noEditsGenerated, [why])
    case .notApplied(let why): Diagnosis(.applyFailed, [why])
    }
  }
}
