import Foundation
import Testing

@testable import Campaigns

/// `docs/plan.md` states the plan's numbers for people, `Phase.swift` for the program.
@Suite struct `the page about the plan` {
  @Test func `states the phases that the program has`() throws {
    let rows = try table(headed: "| phase | name |")
    #expect(
      rows
        == Phase.allCases.map { phase in
          [
            "\(phase.rawValue)", phase.name, "\(phase.size)", "\(phase.fewest)",
            phase.band.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "", "\(phase.minutes)",
          ]
        })
  }

  @Test func `states the aims that the program has`() throws {
    let rows = try table(headed: "| aim | resolved |")
    #expect(rows.map { Array($0.prefix(2)) } == Aim.allCases.map { [$0.rawValue, "\($0.fewest)"] })
  }

  @Test func `states the progressions that the program has`() throws {
    let rows = try table(headed: "| path |")
    #expect(rows == Progression.allCases.map { [$0.rawValue] + $0.resolved.map { "\($0)" } })
  }

  @Test func `names the instances of phase 1`() throws {
    let page = try page()
    #expect(Phase.named.filter { !page.contains("`\($0)`") }.isEmpty)
  }

  private func page() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "docs/plan.md"), encoding: .utf8)
  }

  /// The cells of each row below the heading that begins with `heading`.
  private func table(headed heading: String) throws -> [[String]] {
    let lines = try page().split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix(heading) })
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}
