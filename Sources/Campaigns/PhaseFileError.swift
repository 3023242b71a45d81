import Foundation

/// Why a results file cannot be read. Places are written as in `results[3].verified`, counted from 1.
package enum PhaseFileError: Error, Hashable, Sendable {
  /// It ends on this line, in the middle of a value.
  case cut(line: Int)
  /// `NaN` or `Infinity` stands on this line.
  case noNumber(line: Int)
  /// It is no JSON; where and why, where that is known.
  case noJSON(String)
  case missing(String)
  case wrongType(String, expected: String)
  case wrongValue(String, value: String, expected: String)
  /// Written by a later version of ramp.
  case version(Int)
  case twice(String)
  /// Neither `phase` nor `results`: another file.
  case otherFile
}

extension PhaseFileError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .cut(let line): "the file is cut: it ends on line \(line), in the middle of a value"
    case .noNumber(let line): "line \(line) has a NaN or an Infinity, which is no number of JSON"
    case .noJSON(let reason): "it is no JSON\(reason.isEmpty ? "" : ": \(reason)")"
    case .missing(let place): "\(place) is missing"
    case .wrongType(let place, let expected): "\(place) should be \(expected)"
    case .wrongValue(let place, let value, let expected): "\(place) is `\(value)`, and should be \(expected)"
    case .version(let version): "it was written by a later ramp, as version \(version) of its fields"
    case .twice(let id): "\(id) stands in it twice"
    case .otherFile: "it is no results file: it has no `results`"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .cut: "run the phase again: what is finished is kept, and the file is written anew"
    case .version: "read it with that ramp, or with a newer one"
    case .otherFile: "name a `phase_N_results.json`"
    case .noNumber, .noJSON, .missing, .wrongType, .wrongValue, .twice: "mend the file, or name another one"
    }
  }

  /// Why `bytes`, which were refused with `error`, are no JSON.
  init(_ bytes: [UInt8], _ error: any Error) {
    var line = 1
    var depth = 0
    var isText = false
    var isEscaped = false
    for byte in bytes {
      if byte == 0x0A { line += 1 }
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "N"), UInt8(ascii: "I"):
        self = .noNumber(line: line)
        return
      default: break
      }
    }
    guard !isText, depth <= 0, !bytes.allSatisfy({ $0 <= 0x20 }) else {
      self = .cut(line: line)
      return
    }
    guard case DecodingError.dataCorrupted(let context) = error else {
      self = .noJSON("")
      return
    }
    let reason = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
    self = .noJSON(reason.hasSuffix(".") ? String(reason.dropLast()) : reason)
  }
}
