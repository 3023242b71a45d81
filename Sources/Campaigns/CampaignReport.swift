import Attempts

/// A campaign for programs: an object a run, with what the text of the report says.
package struct CampaignReport: Sendable {
  private let runs: [PhaseResults]

  /// - Parameter runs: those that were made, in their order; retries too.
  package init(_ runs: [PhaseResults]) { self.runs = runs }

  /// One JSON object a line and a run.
  package var lines: [String] {
    runs.indices.map { index in
      String(decoding: object(runs[index], earlier: Array(runs[..<index])).line, as: UTF8.self)
    }
  }

  private func object(_ run: PhaseResults, earlier: [PhaseResults]) -> OrderedJSON {
    let analysis = Analysis(run, earlier: earlier)
    let flips = analysis.flips
    let ids = { (ids: [String]) in OrderedJSON.list(ids.map(OrderedJSON.text)) }
    return run.head.adding(
      .members([
        "errors": .list(
          analysis.failures.map { group in
            .members(["label": .text(group.label), "instance_ids": ids(group.ids), "example": .text(group.example)])
          }),
        "roots": .object(
          analysis.causes.roots.map { .init(key: $0.root.rawValue, value: .whole($0.ids.count)) }),
        "against": .optional(analysis.previous?.label.title), "gained": ids(flips.gained), "lost": ids(flips.lost),
        "extrapolation": analysis.extrapolation.map { one in
          .members([
            "expected": .number(one.expected), "low": .whole(one.low), "high": .whole(one.high),
            "of": .whole(one.total),
          ])
        } ?? .null,
        "aim": .optional(run.phase == .full && run.notOfModel == nil ? analysis.aim?.rawValue : nil),
        "forecast": .list(
          analysis.forecast.lines.map { line in
            .members([
              "phase": .whole(line.phase.rawValue), "plan_minutes": .whole(line.planned),
              "forecast_minutes": .optional(line.forecast), "actual_minutes": .optional(line.actual),
            ])
          }),
      ]))
  }
}
