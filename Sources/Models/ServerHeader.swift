import Foundation

/// A header field that a person adds to every request of a model's server, as a gateway wants it: `Name: value`. A value
/// may name environment variables, as `$NAME` or `${NAME}`; what these hold is a secret, and stands in no setting.
package struct ServerHeader: Hashable, Sendable {
  package let name: String
  /// As it was typed, variables not yet put in.
  package let value: String

  /// Nil where `line` is no field that may be added: those that make up the request itself are ramp's.
  package init?(parsing line: String) {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    name = String(line[..<colon])
    value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    let isToken = name.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0 | 0x20) || "!#$%&'*+-.^_`|~".utf8.contains($0)
    }
    guard !name.isEmpty, isToken, !value.isEmpty, value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else { return nil }
    guard !ServerHeader.ours.contains(name.lowercased()) else { return nil }
  }

  /// All fields of a text with one a line; nil where one is none.
  package static func all(_ text: String) -> [ServerHeader]? {
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    let fields = lines.compactMap { ServerHeader(parsing: $0) }
    return fields.count == lines.count && fields.count <= 50 ? fields : nil
  }

  private static let ours: Set<String> = [
    "host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "accept", "upgrade", "te",
    "trailer",
  ]

  /// The environment variables that the value names.
  package var variables: [String] {
    value.matches(of: #/\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/#).compactMap {
      ($0.1 ?? $0.2).map { String($0) }
    }
  }

  /// Whether a secret seems to stand in the value itself, where others would read it: a field that carries one, or a key
  /// in words of a vendor.
  package var holdsSecret: Bool {
    guard variables.isEmpty else { return false }
    let name = name.lowercased()
    let isOfSecrets = ["auth", "key", "token", "secret", "cookie", "password", "credential", "signature"]
      .contains { name.contains($0) }
    let value = value.lowercased()
    return isOfSecrets || ["bearer ", "basic ", "sk-"].contains { value.hasPrefix($0) }
  }

  /// The field with what `environment` holds in place of its variables, and these values.
  ///
  /// - Throws: `ModelError.noVariable` where one is not set.
  func filled(_ environment: [String: String]) throws(ModelError) -> (field: (String, String), secrets: [String]) {
    var filled = ""
    var secrets: [String] = []
    var rest = value[...]
    while let match = rest.firstMatch(of: #/\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/#) {
      let variable = String(match.1 ?? match.2 ?? "")
      guard let held = ModelServers.secret(environment[variable]) else { throw .noVariable(variable) }
      filled += rest[..<match.range.lowerBound]
      filled += held
      secrets.append(held)
      rest = rest[match.range.upperBound...]
    }
    filled += rest
    return ((name, filled), secrets)
  }
}
