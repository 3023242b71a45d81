import ArgumentParser
import Foundation
import Sessions
import Terminal

/// `sittings`: what the journal holds.
package struct SittingsCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "sittings", abstract: "List the sittings and batches of the journal, and open one.",
    subcommands: [SittingsListCommand.self, SittingsOpenCommand.self], defaultSubcommand: SittingsListCommand.self)

  package init() {}
}

/// `sittings list`: what was done, when, and what it came to.
package struct SittingsListCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the sittings and batches of the journal, the last one last.",
    discussion: """
      A sitting is called by its first line that made a take. Instances are counted: those of which a take is resolved, \
      those of which none is, and those without a verdict about the model.
      """)
  package static let examples = ["sittings", "sittings list --all"]

  @Flag(help: "All of them, and not the last twenty.")
  var all = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let work = try await session.pastWork()
    let first = all ? 0 : max(0, work.count - 20)
    return Done(SittingsOutput(work: Array(work[first...]), first: first + 1))
  }
}

/// `sittings open N`: goes on with a sitting, or walks the failures of a batch.
package struct SittingsOpenCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Go on with an older sitting, or walk the failures of an older batch.",
    discussion: """
      A sitting takes the place of this one, as `ramp --continue` does with the last: its rows, settings and takes. This \
      one stays in the journal, and can be opened again. Of a batch `open next` shows what failed.
      """)
  package static let examples = ["batch flask__flask-5063 --model gold --attempts 1; sittings open 1"]
  package static let completions: [Candidates] = [.sitting]

  @Argument(help: "Its number in the list.")
  var number: Int

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let (work, missing) = try await session.openPast(number)
    for source in missing { await desk.warn("\(source) is not here any more; its rows are not loaded") }
    if case .batch = work.kind {
      let next = work.unresolved + work.others > 0 ? "; `open next` shows the first that failed" : ""
      return Done(
        MessageOutput("\(work.title): \(SittingsOutput.tally(work))\(next)", fields: ["batch": work.title]))
    }
    let current = await session.current.map { ", \($0) is current" } ?? ""
    return Done(
      MessageOutput(
        "going on with the sitting of \(SittingsOutput.time(work)), \(Amount.of(work.takes, "take"))\(current)",
        fields: ["sitting": work.title]))
  }
}

struct SittingsOutput: Output {
  let work: [PastWork]
  /// The number of the first.
  let first: Int

  static func time(_ work: PastWork) -> String {
    Date(timeIntervalSince1970: Double(work.begunAt) / 1000)
      .formatted(
        .iso8601.year().month().day().dateSeparator(.dash).time(includingFractionalSeconds: false)
          .timeSeparator(.colon).dateTimeSeparator(.space))
  }

  static func tally(_ work: PastWork) -> String {
    "\(work.resolved) of \(Amount.of(work.instances, "instance")) resolved"
  }

  func text(_ look: Look) -> String {
    guard !work.isEmpty else { return "this journal holds no sitting and no batch\n" }
    let numbered = work.enumerated().map { (number: first + $0.offset, work: $0.element) }
    return Table(
      columns: [
        .init("N", alignment: .trailing), .init("BEGUN (UTC)"), .init("WHAT"), .init("INSTANCES", alignment: .trailing),
        .init("TAKES", alignment: .trailing), .init("RESOLVED", alignment: .trailing),
        .init("UNRESOLVED", alignment: .trailing), .init("OTHER", alignment: .trailing),
      ],
      rows: numbered.map { number, work in
        [
          .init("\(number)"), .init(SittingsOutput.time(work)), .init(Untrusted.cleanLine(work.title)),
          .init("\(work.instances)"), .init("\(work.takes)"), .init("\(work.resolved)"), .init("\(work.unresolved)"),
          .init("\(work.others)"),
        ]
      }
    ).rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let number: Int
      let kind, begun, what: String
      let instances, takes, resolved, unresolved, other: Int
    }
    return try work.enumerated().map { index, work in
      let kind = if case .batch = work.kind { "batch" } else { "sitting" }
      return try JSONLine.of(
        Line(
          number: first + index, kind: kind, begun: SittingsOutput.time(work), what: work.title,
          instances: work.instances, takes: work.takes, resolved: work.resolved, unresolved: work.unresolved,
          other: work.others))
    }
  }
}
