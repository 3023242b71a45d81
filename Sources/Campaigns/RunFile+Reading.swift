import Attempts
import Foundation

/// Why a file is none of a phase's results.
package enum RunFileError: Error, Hashable, Sendable {
  case notJSON(String, reason: String)
  /// A field that is missing, or of another kind than it must be.
  case field(String, path: String, reason: String)
  /// A newer ramp wrote it.
  case newer(String, version: Int)
  case noResults(String)
}

extension RunFileError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notJSON(let source, let reason): "\(source) is no JSON: \(reason)"
    case .field(let source, let path, let reason): "\(source): `\(path)` \(reason)"
    case .newer(let source, let version): "\(source) is of format \(version), which a newer ramp wrote"
    case .noResults(let source): "\(source) has no results of a phase"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notJSON: "a file that was cut is lost: `phase N` makes it anew from what the journal keeps"
    case .newer: "take the newer ramp"
    case .field, .noResults: "a phase file has `phase`, `timestamp` and `results`, as the README shows"
    }
  }
}

extension RunFile {
  /// Reads a phase file: ours, the plan's, and two older shapes of the same.
  ///
  /// - Parameters:
  ///   - bytes: the file's.
  ///   - source: its name, for messages.
  /// - Throws: `RunFileError`.
  package init(reading bytes: [UInt8], source: String) throws {
    let any: Any
    do { any = try JSONSerialization.jsonObject(with: Data(bytes)) } catch {
      let text = (error as NSError).userInfo["NSDebugDescription"] as? String ?? "it ends too early, or holds NaN"
      throw RunFileError.notJSON(source, reason: text)
    }
    guard let object = any as? [String: Any] else { throw RunFileError.noResults(source) }
    let fields = Fields(object, source: source, path: "")
    if let version = object["format_version"] as? Int, version > 1 {
      throw RunFileError.newer(source, version: version)
    }
    guard let list = object["results"] as? [Any] else { throw RunFileError.noResults(source) }
    let results = try list.enumerated().map { index, item -> InstanceRecord in
      let path = "results[\(index)]"
      guard let object = item as? [String: Any] else {
        throw RunFileError.field(source, path: path, reason: "is no object")
      }
      return try RunFile.record(Fields(object, source: source, path: path))
    }
    self.init(
      phase: try fields.integer("phase") ?? 0, timestamp: try fields.text("timestamp") ?? "",
      config: try RunFile.config(fields), results: results, campaign: try fields.text("campaign"),
      look: try fields.integer("look") ?? 1, because: try fields.text("because"),
      notes: (object["notes"] as? [String]) ?? [], isForced: (object["forced"] as? Bool) ?? false,
      seed: try fields.integer("sample_seed").flatMap { UInt64(exactly: $0) },
      named: (object["named"] as? [String: String]) ?? [:], rampVersion: try fields.text("ramp_version"))
  }

  private static func config(_ fields: Fields) throws -> Config {
    let config = try fields.object("config")
    let files: String =
      if let number = try? config?.integer("files_context") { "\(number)" } else {
        try config?.text("files_context") ?? ""
      }
    return Config(
      model: try config?.text("model") ?? "", approach: try config?.text("approach") ?? "",
      attemptsMax: try config?.integer("attempts_max") ?? 0, filesContext: files,
      settings: (config?.object["settings"] as? [String: String]) ?? [:])
  }

  /// An instance of any of the shapes.
  private static func record(_ fields: Fields) throws -> InstanceRecord {
    guard let id = try fields.text("instance_id"), !id.isEmpty else {
      throw RunFileError.field(fields.source, path: "\(fields.path).instance_id", reason: "is missing")
    }
    guard let verified = fields.object["verified"] as? Bool else {
      throw RunFileError.field(fields.source, path: "\(fields.path).verified", reason: "is neither true nor false")
    }
    // Ours has every field; a later version's may have more.
    if fields.object["stop_reason"] != nil {
      do {
        return try JSONDecoder().decode(
          InstanceRecord.self, from: try JSONSerialization.data(withJSONObject: fields.object))
      } catch let error as DecodingError {
        throw RunFileError.field(fields.source, path: fields.path, reason: "cannot be read: \(error.field)")
      }
    }
    let seconds = try ["time_seconds", "duration_seconds", "duration"].lazy.compactMap { try fields.number($0) }.first
    let attempts = try fields.integer("attempts") ?? 1
    let error = try fields.text("error")
    return InstanceRecord(
      instanceID: id, repository: repository(of: id), dataset: "", verified: verified, attempts: attempts,
      attemptsNeeded: verified ? attempts : nil, errorType: verified ? nil : .other,
      finalError: verified ? nil : error ?? "no reason is given", timeSeconds: seconds ?? 0,
      stop: verified ? .resolved : .attemptsExhausted)
  }

  /// `django/django` of `django__django-11000`.
  package static func repository(of id: String) -> String {
    let stem = id.lastIndex(of: "-").map { id[..<$0] } ?? id[...]
    guard let range = stem.firstRange(of: "__") else { return String(stem) }
    return "\(stem[..<range.lowerBound])/\(stem[range.upperBound...])"
  }

  /// An object's fields, each of the kind that it must be.
  private struct Fields {
    let object: [String: Any]
    let source: String
    let path: String

    init(_ object: [String: Any], source: String, path: String) {
      self.object = object
      self.source = source
      self.path = path
    }

    private func wrong(_ name: String, _ reason: String) -> RunFileError {
      .field(source, path: path.isEmpty ? name : "\(path).\(name)", reason: reason)
    }

    private func value(_ name: String) -> Any? { object[name].flatMap { $0 is NSNull ? nil : $0 } }

    func text(_ name: String) throws -> String? {
      guard let value = value(name) else { return nil }
      guard let text = value as? String else { throw wrong(name, "is no text") }
      return text
    }

    func number(_ name: String) throws -> Double? {
      guard let value = value(name) else { return nil }
      guard let number = value as? NSNumber, number.doubleValue.isFinite else { throw wrong(name, "is no number") }
      return number.doubleValue
    }

    func integer(_ name: String) throws -> Int? {
      guard let number = try number(name) else { return nil }
      guard let whole = Int(exactly: number), abs(whole) < 1 << 50 else { throw wrong(name, "is no whole number") }
      return whole
    }

    func object(_ name: String) throws -> Fields? {
      guard let value = value(name) else { return nil }
      guard let inner = value as? [String: Any] else { throw wrong(name, "is no object") }
      return Fields(inner, source: source, path: name)
    }
  }
}

extension DecodingError {
  /// The field that is wrong.
  fileprivate var field: String {
    switch self {
    case .keyNotFound(let key, _): "`\(key.stringValue)` is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      "`\(context.codingPath.map(\.stringValue).joined(separator: "."))` is of another kind"
    @unknown default: "it is of another kind"
    }
  }
}
