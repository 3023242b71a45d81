import Foundation

/// JSON as servers write it.
enum JSONText {
  /// The value that `bytes` spell; nil where they do not. Bytes that are no UTF-8 count as U+FFFD.
  static func value<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) -> Value? {
    let data = Data(bytes)
    if let value = try? JSONDecoder().decode(type, from: data) { return value }
    let mended = String(decoding: data, as: UTF8.self)
    guard mended.utf8.count != data.count || !mended.utf8.elementsEqual(data) else { return nil }
    return try? JSONDecoder().decode(type, from: Data(mended.utf8))
  }

  /// Whether `bytes` are JSON that carries nothing of an answer: no field called one of `names`, and no text or content
  /// under any name. An object that was damaged on its way holds those.
  static func carriesNothing(_ bytes: ArraySlice<UInt8>, but names: String...) -> Bool {
    guard let value = JSONText.value(AnyJSON.self, from: bytes) else { return false }
    if case .object(let fields) = value, names.contains(where: { fields[$0] ?? .null != .null }) { return false }
    return !value.holdsText
  }

  /// The bytes of a request's body: keys sorted, so that equal requests are equal bytes.
  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
}

/// A value of JSON that is handed on as it is.
package enum AnyJSON: Hashable, Codable, Sendable {
  case object([String: AnyJSON])
  case list([AnyJSON])
  case text(String)
  case number(Double)
  case flag(Bool)
  case null

  /// - Throws: `ModelError.badSchema` where `text` is no JSON object.
  package init(parsing text: String) throws {
    guard let value = try? JSONDecoder().decode(AnyJSON.self, from: Data(text.utf8)), case .object = value else {
      throw ModelError.badSchema
    }
    self = value
  }

  /// Whether a field called `content` or `text` with a text in it is anywhere in it.
  fileprivate var holdsText: Bool {
    switch self {
    case .object(let fields):
      fields.contains { name, value in
        if case .text(let text) = value, name == "content" || name == "text" { return !text.isEmpty }
        return value.holdsText
      }
    case .list(let list): list.contains(where: \.holdsText)
    case .text, .number, .flag, .null: false
    }
  }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([AnyJSON].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: AnyJSON].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .object(let object): try value.encode(object)
    case .list(let list): try value.encode(list)
    case .text(let text): try value.encode(text)
    case .number(let number):
      if let whole = Int(exactly: number) { try value.encode(whole) } else { try value.encode(number) }
    case .flag(let flag): try value.encode(flag)
    case .null: try value.encodeNil()
    }
  }
}
