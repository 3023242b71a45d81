/// A Jupyter notebook (nbformat 4.5, no outputs) that compares two campaigns by their phase files alone.
package struct Notebook: Sendable {
  /// Folders of the campaigns, as the notebook is to find them.
  package let before: String
  package let after: String
  /// The last run of each phase.
  package let first: [PhaseResults]
  package let second: [PhaseResults]

  package init(before: String, after: String, first: [PhaseResults], second: [PhaseResults]) {
    self.before = before
    self.after = after
    self.first = first
    self.second = second
  }

  /// The file.
  package var json: [UInt8] {
    OrderedJSON.members([
      "cells": .list([
        markdown(
          "title",
          "# Before and after\n\nIt reads `phase_N_results.json` in each campaign's folder. Every rate has its 95 % interval."
        ),
        code("parameters", parameters, tags: ["parameters"]),
        code("load", NotebookCells.load),
        markdown("rates-text", "## Resolved by phase\n\nThe bars are Wilson's intervals."),
        code("rates", NotebookCells.rates), code("plot", NotebookCells.plot),
        markdown(
          "discordant-text",
          "## Instances that only one of the two resolved\n\nOnly these tell the campaigns apart (McNemar's exact test)."
        ),
        code("discordant", NotebookCells.discordant),
        markdown("details-text", "## Error types, attempts, time"), code("details", NotebookCells.details),
        markdown("check-text", "## ramp's numbers, computed again\n\nBy scipy and statsmodels, equal to 1e-9."),
        code("ours", "ours = json.loads(\(NotebookCells.literal(String(decoding: ours.line, as: UTF8.self))))"),
        code("check", NotebookCells.check),
      ]),
      "metadata": .members([
        "kernelspec": .members([
          "display_name": .text("Python 3"), "language": .text("python"), "name": .text("python3"),
        ]),
        "language_info": .members(["name": .text("python")]),
      ]),
      "nbformat": .whole(4), "nbformat_minor": .whole(5),
    ]).indented
  }

  private var parameters: String {
    "campaigns = {\"before\": \(NotebookCells.literal(before)), \"after\": \(NotebookCells.literal(after))}"
  }

  /// ramp's own numbers.
  private var ours: OrderedJSON {
    let rates = [("before", first), ("after", second)].flatMap { side, runs in
      runs.map { run -> OrderedJSON in
        .members([
          "side": .text(side), "phase": .text(run.label.name), "low": .number(run.interval.low),
          "high": .number(run.interval.high),
        ])
      }
    }
    let all = Set(PhaseConfig.Factor.allCases)
    let comparisons = Comparison.byPhase(first, second, declared: all).compactMap { label, result -> OrderedJSON? in
      guard case .success(let comparison) = result else { return nil }
      return .members([
        "phase": .text(label.name), "p": .number(comparison.paired.pValue),
        "difference": .number(comparison.paired.difference), "low": .optional(comparison.paired.interval?.low),
        "high": .optional(comparison.paired.interval?.high),
      ])
    }
    return .members(["rates": .list(rates), "comparisons": .list(comparisons)])
  }

  private func markdown(_ id: String, _ text: String) -> OrderedJSON {
    .members(["cell_type": .text("markdown"), "id": .text(id), "metadata": .object([]), "source": .text(text)])
  }

  private func code(_ id: String, _ text: String, tags: [String] = []) -> OrderedJSON {
    .members([
      "cell_type": .text("code"), "execution_count": .null, "id": .text(id),
      "metadata": tags.isEmpty ? .object([]) : .members(["tags": .list(tags.map(OrderedJSON.text))]),
      "outputs": .list([]), "source": .text(text),
    ])
  }
}

extension NotebookCells {
  /// A Python literal of the text: the escapes of a JSON string mean the same in Python.
  static func literal(_ text: String) -> String { String(decoding: OrderedJSON.text(text).line, as: UTF8.self) }
}
