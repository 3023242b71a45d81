import Attempts
import Campaigns
import Grading
import Terminal

/// Why the instances of a phase or batch failed, a row a cause.
struct CauseTableOutput: Output {
  let causes: CauseTable
  /// `phase 2 (small)`, or the batch's name.
  let title: String
  let resolved: Int
  let total: Int
  /// True when every id is to be shown.
  let showsAll: Bool

  var summary: String {
    let failed = causes.rows.reduce(0) { $0 + $1.ids.count }
    return failed == 0 ? "nothing failed" : "\(failed) failed, \(causes.rows.first?.title ?? "")"
  }

  /// How many ids a row shows unless all are asked for.
  private static let most = 3

  func text(_ look: Look) -> String {
    let head = "\(title): \(resolved) of \(total) resolved"
    guard !causes.rows.isEmpty else { return "\(head), nothing failed\n" }
    var text = look.style.apply(.heading, head) + "\n"
    let rows = causes.rows.map { row -> [Table.Cell] in
      let ids = showsAll ? row.ids : Array(row.ids.prefix(CauseTableOutput.most))
      let more = row.ids.count - ids.count
      return [
        .init(row.stage.map(StageLine.name) ?? "-"), .init(row.title), .init("\(row.ids.count)"),
        .init(ids.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")),
      ]
    }
    text += Table(
      columns: [
        .init("STAGE"), .init("CAUSE", isWhole: true), .init("ROWS", alignment: .trailing),
        .init("WHICH", isWhole: showsAll),
      ], rows: rows
    ).rendered(style: look.style, width: look.width)
    for row in causes.rows {
      if let change = row.change {
        text += Width.wrapped("  \(row.title): \(change)", to: look.width, indent: 4) + "\n"
      }
    }
    let roots = causes.roots.map { "\($0.root.rawValue) \($0.ids.count)" }.joined(separator: ", ")
    if !roots.isEmpty { text += "  roots: \(roots)\n" }
    if let id = causes.rows.first?.ids.first { text += "  next: open \(Untrusted.cleanLine(id))\n" }
    return text
  }

  func json() throws -> [String] {
    struct Row: Encodable {
      let stage, code, root: String?
      let title: String
      let count: Int
      let instanceIDs: [String]
      let example: String
      let change: String?

      private enum CodingKeys: String, CodingKey {
        case stage, code, root, title, count, example, change
        case instanceIDs = "instance_ids"
      }
    }
    struct Line: Encodable {
      let of: String
      let resolved, total: Int
      let causes: [Row]
    }
    let rows = causes.rows.map { row -> Row in
      Row(
        stage: row.stage?.rawValue, code: row.kind?.rawValue, root: row.root?.rawValue, title: row.title,
        count: row.ids.count, instanceIDs: row.ids, example: row.example, change: row.change)
    }
    return [try JSONLine.of(Line(of: title, resolved: resolved, total: total, causes: rows))]
  }
}

/// The instances of a phase or batch as a list to walk through, and what to type next.
struct InstanceList {
  let records: [InstanceRecord]
  /// What names them: `--phase 1`, or `--batch`.
  let option: String
  /// What follows `retry`; nil after a batch.
  let retry: String?

  /// How many are listed: of more only those that failed.
  private static let most = 30

  func text(_ look: Look) -> String {
    let failed = records.filter { !$0.verified }
    let listed = records.count <= InstanceList.most ? records : Array(failed.prefix(InstanceList.most))
    var text = ""
    if !listed.isEmpty {
      text += Table(
        columns: [
          .init("INSTANCE", isWhole: true), .init("VERDICT"), .init("REACHED"), .init("CAUSE"),
          .init("ATTEMPTS", alignment: .trailing), .init("TIME", alignment: .trailing),
        ], rows: listed.map(InstanceList.cells)
      ).rendered(style: look.style, width: look.width)
    }
    if records.count > InstanceList.most, failed.count > listed.count {
      text += "  and \(Amount.count(failed.count - listed.count)) more that failed: `why \(option) --all`\n"
    }
    guard let first = failed.first else { return text }
    let next = ["why \(option)", "open \(Untrusted.cleanLine(first.instanceID))"] + (retry.map { [$0] } ?? [])
    return text + "  next     \(next.joined(separator: "   "))\n"
  }

  static func cells(_ record: InstanceRecord) -> [Table.Cell] {
    let word = record.verified ? "resolved" : record.stop.isInfrastructure ? record.stop.rawValue : "unresolved"
    let cause = record.cause.map { "\($0.kind.title)" } ?? record.failure?.rawValue ?? ""
    return [
      .init(record.instanceID),
      .init(word, meaning: Meaning(verdict: record.stop.isInfrastructure ? "error" : word)),
      .init(record.reached.map(StageLine.name) ?? "-"), .init(record.verified ? "" : cause),
      .init("\(record.attempts)"), .init(Amount.milliseconds(Int(record.timeSeconds * 1000))),
    ]
  }
}
