import ArgumentParser
import Foundation
import Sessions
import Terminal
import Workspaces

/// `cache list`, `cache trim`: what ramp keeps on disk and can make anew.
package struct CacheCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "See and trim what is kept on disk and can be made anew.",
    subcommands: [CacheListCommand.self, CacheTrimCommand.self])

  package init() {}
}

/// `cache list`: the entries of each kind, and how much they take.
package struct CacheListCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List mirrors, checkouts, environments and images, with their sizes.")
  package static let examples = ["cache list"]

  @Flag(help: "Every entry, the one that was used longest ago first; without it, a line for each kind.")
  var all = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    Done(CacheOutput(entries: try await session.host.cache?.entries() ?? [], all: all))
  }
}

/// `cache trim SIZE`: removes what was used longest ago.
package struct CacheTrimCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "trim", abstract: "Remove what was used longest ago until no more than SIZE is kept.",
    discussion: """
      Checkouts, trees, environments, and the official images of rows go; they are made or pulled again when they are \
      needed. Mirrors and sets of rows stay, and so does what was used within the hour or is in use now.
      """)
  package static let examples = ["cache trim 20GB"]

  @Argument(help: "How much may stay: 500MB, 20GB, or 0.")
  var size: String

  package init() {}

  package func validate() throws {
    if CacheTrimCommand.bytes(size) == nil {
      throw ValidationError("the size is a number with KB, MB, GB or TB, 20GB say")
    }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    try await session.checkWrite("cache trim")
    guard let cache = session.host.cache, let limit = CacheTrimCommand.bytes(size) else {
      return Done(CacheTrimOutput(removed: 0, removedBytes: 0, inUse: [], left: 0, limit: 0))
    }
    await desk.progress?.begin("cache")
    let trimming = try await cache.trim(to: limit)
    await desk.progress?.end()
    return Done(
      CacheTrimOutput(
        removed: trimming.removed.count, removedBytes: trimming.removed.reduce(0) { $0 + $1.bytes },
        inUse: trimming.inUse.map { "\($0.kind.rawValue) \($0.name)" }, left: trimming.left, limit: limit))
  }

  /// The bytes of `20GB`; nil for what is no size.
  static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let scales = ["": 1.0, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
    guard let number = Double(digits), number.isFinite, number < 1e9,
      let scale = scales[text.dropFirst(digits.count).trimmingCharacters(in: .whitespaces).uppercased()]
    else { return nil }
    return Int(exactly: (number * scale).rounded(.down))
  }
}

/// What was removed, and what is kept still.
struct CacheTrimOutput: Output, Encodable {
  let removed, removedBytes: Int
  /// What would have gone, and is used now.
  let inUse: [String]
  let left, limit: Int

  private enum CodingKeys: String, CodingKey {
    case removed, left, limit
    case inUse = "in_use"
    case removedBytes = "removed_bytes"
  }

  func text(_ look: Look) -> String {
    var text = "\(removed) removed, \(Amount.bytes(removedBytes)); \(Amount.bytes(left)) kept"
    if left > limit { text += ": mirrors, sets of rows, what was used within the hour, and what is in use stay" }
    return text + "\n" + inUse.map { "  in use by a ramp: \(Untrusted.cleanLine($0))\n" }.joined()
  }

  func json() throws -> [String] { [try JSONLine.of(self)] }
}

struct CacheOutput: Output {
  let entries: [CacheShelf.Entry]
  let all: Bool

  func text(_ look: Look) -> String {
    let total = "  \(Amount.bytes(entries.reduce(0) { $0 + $1.bytes })) in all\n"
    if all {
      let table = Table(
        columns: [.init("KIND"), .init("SIZE", alignment: .trailing), .init("USED"), .init("NAME")],
        rows: entries.map { entry in
          [
            .init(entry.kind.rawValue), .init(Amount.bytes(entry.bytes)), .init(CacheOutput.day(entry.used)),
            .init(Untrusted.cleanLine(entry.name)),
          ]
        })
      return table.rendered(style: look.style, width: look.width) + total
    }
    let table = Table(
      columns: [
        .init("KIND"), .init("ENTRIES", alignment: .trailing), .init("SIZE", alignment: .trailing), .init("LAST USED"),
      ],
      rows: CacheShelf.Kind.allCases.compactMap { kind in
        let own = entries.filter { $0.kind == kind }
        guard let last = own.last else { return nil }
        return [
          .init(kind.rawValue), .init("\(own.count)"), .init(Amount.bytes(own.reduce(0) { $0 + $1.bytes })),
          .init(CacheOutput.day(last.used)),
        ]
      })
    return table.rendered(style: look.style, width: look.width) + total
  }

  /// A line for each entry, then all together.
  func json() throws -> [String] {
    try entries.map { try JSONLine.of(Line($0)) } + [
      try JSONLine.of(["entries": entries.count, "bytes": entries.reduce(0) { $0 + $1.bytes }])
    ]
  }

  private struct Line: Encodable {
    let kind, name, used: String
    let bytes: Int

    init(_ entry: CacheShelf.Entry) {
      (kind, name, bytes) = (entry.kind.rawValue, entry.name, entry.bytes)
      used = entry.used.formatted(.iso8601)
    }
  }

  private static func day(_ date: Date) -> String {
    date == .distantPast ? "unknown" : String(date.formatted(.iso8601).prefix(10))
  }
}
