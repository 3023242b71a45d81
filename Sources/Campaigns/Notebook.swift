import Foundation

/// A Jupyter notebook (nbformat 4.5, no outputs) that compares campaigns by their phase files alone.
package struct Notebook: Sendable {
  /// One campaign.
  package struct Campaign: Sendable {
    /// What it is called in tables and plots; no two have one name.
    package let name: String
    /// Its folder, as the notebook is to find it.
    package let place: String
    /// The last run of each phase.
    package let runs: [PhaseResults]

    package init(name: String, place: String, runs: [PhaseResults]) {
      self.name = name
      self.place = place
      self.runs = runs
    }
  }

  /// The first is what the others are compared with.
  private let campaigns: [Campaign]
  private let bigger: [Campaign]

  /// - Parameters:
  ///   - campaigns: at least two.
  ///   - bigger: a bigger model, asked in the old way; empty for none.
  package init(_ campaigns: [Campaign], bigger: [Campaign] = []) {
    self.campaigns = campaigns
    self.bigger = bigger
  }

  /// The beginning of every notebook that this writes.
  package static let mark = "# What the change was worth"

  /// The file.
  package var json: [UInt8] {
    let kernel = OrderedJSON.members([
      "display_name": .text("Python 3"), "language": .text("python"), "name": .text("python3"),
    ])
    return OrderedJSON.members([
      "cells": .list(cells),
      "metadata": .members(["kernelspec": kernel, "language_info": .members(["name": .text("python")])]),
      "nbformat": .whole(4), "nbformat_minor": .whole(5),
    ]).indented
  }

  private var cells: [OrderedJSON] {
    var cells = [
      markdown("title", "\(Notebook.mark)\n\n\(NotebookCells.introduction)"),
      code("parameters", parameters, tags: ["parameters"]), code("ours", "ours_as_told = \(literal(ours))"),
      code("load", NotebookCells.load),
    ]
    for part in NotebookCells.parts {
      cells += [markdown("\(part.name)-text", "## \(part.title)\n\n\(part.text)"), code(part.name, part.code)]
    }
    return cells
  }

  /// The folders, which papermill may replace.
  private var parameters: String {
    "campaigns = \(folders(campaigns))\nbigger = \(folders(bigger))"
  }

  /// A dictionary of Python: the folders by the names.
  private func folders(_ campaigns: [Campaign]) -> String {
    let lines = campaigns.map { "    \(literal(.text($0.name))): \(literal(.text($0.place))),\n" }
    return lines.isEmpty ? "{}" : "{\n\(lines.joined())}"
  }

  /// ramp's own numbers: of each campaign and phase Wilson's interval, and of each later campaign against the first what
  /// came of the pairs.
  private var ours: OrderedJSON {
    let rates = campaigns.flatMap { campaign in
      campaign.runs.map { run in
        OrderedJSON.members([
          "campaign": .text(campaign.name), "phase": .text(run.label.name), "low": .number(run.interval.low),
          "high": .number(run.interval.high),
        ])
      }
    }
    let all = Set(PhaseConfig.Factor.allCases)
    let comparisons = campaigns.dropFirst().flatMap { later in
      Comparison.byPhase(campaigns[0].runs, later.runs, declared: all).map { label, result in
        told(result).adding(.members(["campaign": .text(later.name), "phase": .text(label.name)]))
      }
    }
    return .text(
      String(
        decoding: OrderedJSON.members(["rates": .list(rates), "comparisons": .list(comparisons)]).line, as: UTF8.self))
  }

  private func told(_ result: Result<Comparison, ComparisonError>) -> OrderedJSON {
    switch result {
    case .failure(let error): return .members(["refused": .text(error.localizedDescription)])
    case .success(let comparison):
      let paired = comparison.paired
      let changed = comparison.differences.map { "\($0.factor.rawValue): \($0.first) -> \($0.second)" }
      return .members([
        "p": .number(paired.pValue), "difference": .number(paired.difference),
        "low": .optional(paired.clustered?.low), "high": .optional(paired.clustered?.high),
        "changed": .list(changed.map(OrderedJSON.text)),
      ])
    }
  }

  /// A literal of Python: the escapes of a string mean the same in JSON.
  private func literal(_ value: OrderedJSON) -> String { String(decoding: value.line, as: UTF8.self) }

  private func markdown(_ id: String, _ text: String) -> OrderedJSON {
    .members(["cell_type": .text("markdown"), "id": .text(id), "metadata": .object([]), "source": .text(text)])
  }

  private func code(_ id: String, _ text: String, tags: [String] = []) -> OrderedJSON {
    .members([
      "cell_type": .text("code"), "execution_count": .null, "id": .text(id),
      // A reader wants the pictures; a click shows the code.
      "metadata": tags.isEmpty
        ? .members(["jupyter": .members(["source_hidden": .flag(true)])])
        : .members(["tags": .list(tags.map(OrderedJSON.text))]),
      "outputs": .list([]), "source": .text(text),
    ])
  }
}
