import Foundation
import GRDB

/// One column's value.
package enum JournalValue: Hashable, Sendable {
  case text(String)
  case integer(Int)
  case real(Double)
  case blob([UInt8])
  case null

  /// The text, or nil where it is none.
  package var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The number, or nil where it is none.
  package var integer: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  init(_ value: DatabaseValue) {
    self =
      switch value.storage {
      case .null: .null
      case .int64(let number): .integer(Int(number))
      case .double(let number): .real(number)
      case .string(let text): .text(text)
      case .blob(let data): .blob(Array(data))
      }
  }

  var databaseValue: DatabaseValue {
    switch self {
    case .text(let text): text.databaseValue
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .blob(let bytes): Data(bytes).databaseValue
    case .null: .null
    }
  }
}
