import Attempts

/// A campaign as one page that needs nothing else: no script, no file or font from elsewhere, charts as inline SVG, light
/// and dark by the reader's setting. All text is escaped, and the page forbids itself to load anything.
package struct HTMLReport: Sendable {
  private let phases: [PhaseResults]
  private let analysis: Analysis?
  private let samples: IndependentSamples?
  private let comparisons: [Comparison]
  private let title: String

  /// - Parameters:
  ///   - phases: those that were run, in their order; of retries the last is drawn.
  ///   - comparisons: against another campaign, one a phase; empty for none.
  package init(_ phases: [PhaseResults], comparisons: [Comparison] = []) {
    self.phases = TerminalReport(phases).phases
    samples = IndependentSamples(phases)
    analysis = phases.last.map { Analysis($0, earlier: phases.dropLast()) }
    self.comparisons = comparisons
    title = phases.last?.campaign ?? "ramp"
  }

  package var html: [UInt8] {
    let safe = SafeText.markup(title)
    var page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(safe)</title>\n"
      + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      + "<style>\(HTMLReport.style)</style></head>\n<body><main>\n<h1>\(safe)</h1>\n"
    if phases.contains(where: \.isPractice) {
      page += "<p class=\"warn\">Practice rows: nothing here is a rate of a model.</p>\n"
    }
    if let last = phases.last {
      page += "<p>\(Wording(last).rates.map(SafeText.markup).joined(separator: "<br>"))</p>\n"
      if let samples { page += "<p class=\"note\">\(SafeText.markup(samples.sentence))</p>\n" }
      page += progression + phaseTable + curve(last) + errors(last) + times(last)
    } else {
      page += "<p>No phase was run.</p>\n"
    }
    page += comparisons.map(section).joined()
    if let analysis {
      page += "<h2>Analysis of \(SafeText.markup(analysis.results.label.title))</h2>\n"
      for section in analysis.sections {
        page +=
          "<h3>\(SafeText.markup(section.title))</h3>\n<ul>"
          + section.lines.map { "<li>\(SafeText.markup($0))</li>" }.joined() + "</ul>\n"
      }
    }
    if let last = phases.last { page += instances(last) }
    return Array((page + "</main></body></html>\n").utf8)
  }

  // MARK: - Parts

  private var progression: String {
    let real = Phase.allCases.map { phase in phases.last { $0.phase == phase } }
    let plan = Progression.allCases.map { progression in
      Chart.Line(
        name: progression.rawValue, style: "plan",
        values: zip(progression.resolved, Phase.allCases).map { Double($0) / Double($1.size) })
    }
    let line = Chart.Line(
      name: "real", style: "real", values: real.map { $0?.successRate }, intervals: real.map { $0?.interval })
    let places = Phase.allCases.map { "\($0.name) \($0.size)" }
    return
      "<h2>Success by phase</h2>\n<p class=\"note\">The plan's three progressions, and the real one with its Wilson "
      + "intervals of 95 %.</p>\n" + Chart.lines("success rate by phase", places: places, plan + [line]) + "\n"
  }

  private var phaseTable: String {
    let rows = zip(phases, [nil] + phases.dropLast().map(Optional.some)).map { phase, before in
      let summary = PhaseSummary(phase, previous: before)
      return [
        phase.label.title, "\(phase.verified) / \(phase.total)", Wording.percent(phase.successRate),
        Wording.interval(phase.interval), phase.soundRate.map(Wording.percent) ?? "-",
        phase.averageAttempts.map(Wording.tenths) ?? "-", Wording.tenths(phase.averageTime),
        summary.mostCommonError ?? "-", summary.improvement ?? "-",
        phase.decision.map { "\($0.isOpen ? "open" : "shut"), \($0.word.rawValue)" } ?? "-",
        phase.evidence?.word.rawValue ?? "-",
      ]
    }
    return HTMLReport.table(
      [
        "phase", "verified", "rate", "interval", "sound", "attempts", "seconds", "commonest error", "change", "gate",
        "evidence",
      ],
      rows)
  }

  private func curve(_ phase: PhaseResults) -> String {
    let curve = phase.curve
    guard curve.total > 0, curve.resolved.count > 1 else { return "" }
    let shares = curve.resolved.map { Optional(Double($0) / Double(curve.total)) }
    return
      "<h2>Resolved by attempt</h2>\n<p class=\"note\">Attempts that saw feedback are no samples: this is no pass@k.</p>\n"
      + Chart.lines(
        "resolved by attempt", places: (1...shares.count).map { "\($0)" },
        [Chart.Line(name: "resolved", style: "real", values: shares)]) + "\n"
  }

  private func errors(_ phase: PhaseResults) -> String {
    let counts = phase.errorCounts
    guard !counts.isEmpty else { return "" }
    return "<h2>Errors</h2>\n"
      + Chart.bars("errors", counts.map { ($0.label, Double($0.count), "\($0.count)") }) + "\n"
  }

  private func times(_ phase: PhaseResults) -> String {
    guard phase.results.contains(where: { $0.timeSeconds > 0 }) else { return "" }
    return "<h2>Seconds an instance</h2>\n"
      + Chart.histogram("seconds an instance", phase.results.map(\.timeSeconds), unit: "s") + "\n"
  }

  private func section(_ comparison: Comparison) -> String {
    let names = [comparison.first, comparison.second].map { $0.campaign ?? $0.timestamp }
    let groups = comparison.groups(by: .repository).map {
      [$0.name, "\($0.total)", "\($0.first)", "\($0.second)", "\($0.gained)", "\($0.lost)"]
    }
    return
      "<h2>\(SafeText.markup(names[0])) and \(SafeText.markup(names[1])), \(SafeText.markup(comparison.first.label.title))</h2>\n<ul>"
      + comparison.lines.map { "<li>\(SafeText.markup($0))</li>" }.joined() + "</ul>\n"
      + HTMLReport.table(["repository", "instances", "first", "second", "gained", "lost"], groups)
  }

  private func instances(_ phase: PhaseResults) -> String {
    let rows = phase.results.map { record in
      [
        record.instanceID, record.verified ? "resolved" : record.errorLabel, "\(record.attempts)",
        Wording.tenths(record.timeSeconds), record.model ?? "-", record.assisted ? "assisted" : "clean",
        String((record.finalError ?? "").prefix(300)),
      ]
    }
    return "<details><summary>\(phase.total) instances of \(SafeText.markup(phase.label.title))</summary>\n"
      + HTMLReport.table(["instance", "end", "attempts", "seconds", "model", "clean", "error"], rows) + "</details>\n"
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    let cells = { (tag: String, row: [String]) in
      "<tr>" + row.map { "<\(tag)>\(SafeText.markup($0))</\(tag)>" }.joined() + "</tr>"
    }
    return "<div class=\"wide\"><table>\(cells("th", header))\n" + rows.map { cells("td", $0) }.joined(separator: "\n")
      + "</table></div>\n"
  }

  private static let style = """
    :root{color-scheme:light dark;--back:#fff;--text:#1c2024;--soft:#666e78;--rule:#dde1e6;--real:#0b62c4;--plan:#9aa3ad}
    @media(prefers-color-scheme:dark){:root{--back:#14171a;--text:#e4e7ea;--soft:#9aa3ad;--rule:#30363c;--real:#6cb2ff;--plan:#6d7680}}
    body{background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif;margin:0}
    main{max-width:960px;margin:0 auto;padding:24px}
    h1,h2,h3{line-height:1.2}h2{margin-top:2em}
    .note,summary{color:var(--soft)}.warn{border-left:4px solid #d97706;padding-left:10px}
    .wide{overflow-x:auto}table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
    th,td{text-align:left;padding:4px 10px;border-bottom:1px solid var(--rule);vertical-align:top}
    th{color:var(--soft);font-weight:600;white-space:nowrap}li{overflow-wrap:anywhere}
    svg{width:100%;max-width:800px;height:auto;display:block}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
    .grid{stroke:var(--rule)}.line{fill:none;stroke-width:2}.whisker{stroke-width:1.5;opacity:.6}.bar{fill:var(--real)}
    .real{stroke:var(--real)}.plan{stroke:var(--plan);stroke-dasharray:4 4}circle.real{fill:var(--real)}circle.plan{fill:var(--plan);stroke:none}
    svg text.name{stroke:none}svg text.name.real{fill:var(--real);font-weight:600}
    """
}
