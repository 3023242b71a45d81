import Attempts

/// A campaign, or a run of a script, as one page that needs nothing else: no file or font from elsewhere, charts as inline
/// SVG, light and dark by the reader's setting. All text is escaped, the page forbids itself to load anything, and the one
/// script that it carries out is its own, named by its hash.
package struct HTMLReport: Sendable {
  private let phases: [PhaseResults]
  private let analysis: Analysis?
  private let samples: IndependentSamples?
  private let comparisons: [Comparison]
  private let instances: InstanceTable
  private let run: ScriptReport?

  /// - Parameters:
  ///   - phases: those that were run, in their order; of retries the last is drawn.
  ///   - comparisons: against another campaign, one a phase; empty for none.
  ///   - stories: what was asked, said and found in the attempts, where that is known.
  package init(
    _ phases: [PhaseResults], comparisons: [Comparison] = [], stories: [InstanceStory] = []
  ) {
    self.init(phases, comparisons: comparisons, stories: stories, run: nil)
  }

  /// The page of a run of a script.
  package init(_ run: ScriptReport) { self.init(run.phases, stories: run.stories, run: run) }

  private init(
    _ phases: [PhaseResults], comparisons: [Comparison] = [], stories: [InstanceStory] = [], run: ScriptReport?
  ) {
    self.phases = TerminalReport(phases).phases
    samples = IndependentSamples(phases)
    analysis = phases.last.map { Analysis($0, earlier: phases.dropLast()) }
    self.comparisons = comparisons
    instances = InstanceTable(self.phases, stories: stories)
    self.run = run
  }

  package var html: [UInt8] {
    let title = SafeText.markup(title)
    let policy =
      "default-src 'none'; style-src 'unsafe-inline'; script-src '\(PageScript.hash)'; base-uri 'none'; "
      + "form-action 'none'"
    var page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      + "<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">\n"
      + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      + "<meta name=\"referrer\" content=\"no-referrer\"><title>\(([title] + subtitle.map(SafeText.markup)).joined(separator: ", "))</title>\n"
      + "<style>\(PageStyle.text)</style></head>\n<body><main>\n<header><h1>\(title)</h1>\n"
    if !subtitle.isEmpty { page += "<p class=\"sub\">\(subtitle.map(SafeText.markup).joined(separator: " · "))</p>" }
    page += "</header>\n"
    if phases.contains(where: \.isPractice) {
      page += "<p class=\"warn\">Practice rows: nothing here is a rate of a model.</p>\n"
    }
    if let run { page += cases(run) }
    if let last = phases.last {
      page += "<section>" + figures(last)
      page += "<p>\(Wording(last).rates.map(SafeText.markup).joined(separator: "<br>"))</p>\n"
      if let samples { page += "<p class=\"note\">\(SafeText.markup(samples.sentence))</p>\n" }
      page += progression + phaseTable + "</section>\n"
      page += "<div class=\"pair\">" + curve(last) + errors(last) + times(last) + "</div>\n"
    } else if run == nil {
      page += "<p>No phase was run.</p>\n"
    }
    page += comparisons.map(section).joined()
    if let analysis {
      page += "<section><h2>Analysis of \(SafeText.markup(analysis.results.label.title))</h2>\n"
      for section in analysis.sections {
        page +=
          "<h3>\(SafeText.markup(section.title))</h3>\n<ul>"
          + section.lines.map { "<li>\(SafeText.markup($0))</li>" }.joined() + "</ul>\n"
      }
      page += "</section>\n"
    }
    page += instances.html
    page += "</main>"
    if !instances.isEmpty { page += "<script>\(PageScript.text)</script>" }
    return Array((page + "</body></html>\n").utf8)
  }

  private var title: String { run?.name ?? phases.last?.campaign ?? "ramp" }

  /// The model, the date and the version of ramp, as far as they are known.
  private var subtitle: [String] {
    let last = phases.last
    let date = (run?.timestamp ?? last?.timestamp).map { String($0.prefix(10)) }
    let campaign = run == nil ? nil : last?.campaign.map { "campaign \($0)" }
    return [campaign, last?.config.model, date, last?.config.ramp.map { "ramp \($0)" }].compactMap(\.self)
  }

  // MARK: - Parts

  /// What one sees first: the rates, large.
  private func figures(_ last: PhaseResults) -> String {
    let cards = phases.map { phase in
      let gate = phase.decision.map { decision in
        "<span class=\"\(decision.isOpen ? "good" : "bad")\">gate \(decision.isOpen ? "open" : "shut")</span>"
      }
      return "<div class=\"card\"><span class=\"what\">\(SafeText.markup(phase.label.title))</span>"
        + "<span class=\"value\">\(HTMLReport.whole(phase.successRate))</span>"
        + "<span class=\"n\">\(phase.verified) of \(phase.total)</span>\(gate ?? "")</div>"
    }
    return "<div class=\"cards\">\(cards.joined())</div>\n"
  }

  private func cases(_ run: ScriptReport) -> String {
    let lines = run.suites.first { $0.name == run.name }?.cases ?? []
    var html = "<section><h2>What was expected <span class=\"n\">\(SafeText.markup(run.sentence))</span></h2>\n"
    if !lines.isEmpty {
      let rows = lines.map { one -> String in
        let (style, word) =
          switch one.end {
          case .passed: ("good", "holds")
          case .failure(let type): ("bad", type)
          case .error(let type): ("broken", type)
          case .skipped: ("n", "not reached")
          }
        let reason = one.end == .skipped ? "" : one.message
        return "<tr><td class=\"name\">\(SafeText.markup(one.name))</td><td><span class=\"\(style)\">"
          + "\(SafeText.markup(word))</span></td><td class=\"why\">\(SafeText.markup(reason))</td></tr>"
      }
      html +=
        "<div class=\"wide\"><table><thead><tr><th>line</th><th></th><th class=\"why\">reason</th></tr></thead>\n<tbody>"
        + rows.joined(separator: "\n") + "</tbody></table></div>\n"
    }
    return html + "</section>\n"
  }

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
    let counts = phases.filter { $0.phase != nil }.map { "\($0.total)" }.joined(separator: ", ")
    return
      "<h2>Resolved by phase <span class=\"n\">n = \(counts)</span></h2>\n<p class=\"note\">The real rates with Wilson's "
      + "95 % intervals, and the three progressions of the plan. Each phase is contained in the next.</p>\n"
      + Chart.lines("resolved by phase, in per cent", places: places, plan + [line]) + "\n"
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
        "phase", "resolved", "rate", "95 % interval", "sound", "attempts", "seconds", "most common error", "change",
        "gate",
        "evidence",
      ],
      rows, numbers: [1, 2, 3, 4, 5, 6, 8])
  }

  private func curve(_ phase: PhaseResults) -> String {
    let curve = phase.curve
    guard curve.total > 0, curve.resolved.count > 1 else { return "" }
    let shares = curve.resolved.map { Optional(Double($0) / Double(curve.total)) }
    return
      "<section><h2>Resolved by attempt <span class=\"n\">\(phase.label.title), n = \(curve.total)</span></h2>\n"
      + "<p class=\"note\">An attempt that saw feedback is not a sample, so this is not pass@k.</p>\n"
      + Chart.lines(
        "resolved by attempt, in per cent", places: (1...shares.count).map { "\($0)" },
        [Chart.Line(name: "resolved", style: "real", values: shares)]) + "</section>\n"
  }

  private func errors(_ phase: PhaseResults) -> String {
    let counts = phase.errorCounts
    guard !counts.isEmpty else { return "" }
    let total = counts.reduce(0) { $0 + $1.count }
    return "<section><h2>Errors <span class=\"n\">\(SafeText.markup(phase.label.title)), n = \(total)</span></h2>\n"
      + Chart.bars("errors", counts.map { ($0.label, Double($0.count), "\($0.count)") }) + "</section>\n"
  }

  private func times(_ phase: PhaseResults) -> String {
    guard phase.results.contains(where: { $0.timeSeconds > 0 }) else { return "" }
    return
      "<section><h2>Seconds per instance <span class=\"n\">\(SafeText.markup(phase.label.title)), n = \(phase.total)</span></h2>\n"
      + Chart.histogram("seconds per instance", phase.results.map(\.timeSeconds), unit: "s") + "</section>\n"
  }

  private func section(_ comparison: Comparison) -> String {
    let names = [comparison.first, comparison.second].map { $0.campaign ?? $0.timestamp }
    let groups = comparison.groups(by: .repository).map {
      [$0.name, "\($0.total)", "\($0.first)", "\($0.second)", "\($0.gained)", "\($0.lost)"]
    }
    return
      "<section><h2>\(SafeText.markup(names[0])) and \(SafeText.markup(names[1])), \(SafeText.markup(comparison.first.label.title))</h2>\n<ul>"
      + comparison.lines.map { "<li>\(SafeText.markup($0))</li>" }.joined() + "</ul>\n"
      + HTMLReport.table(
        ["repository", "instances", "first", "second", "gained", "lost"], groups, numbers: [1, 2, 3, 4, 5])
      + "</section>\n"
  }

  /// `numbers` are the columns that hold numbers.
  private static func table(_ header: [String], _ rows: [[String]], numbers: Set<Int> = []) -> String {
    let cells = { (tag: String, row: [String]) in
      "<tr>"
        + row.enumerated().map { column, text in
          "<\(tag)\(numbers.contains(column) ? " class=\"number\"" : "")>\(SafeText.markup(text))</\(tag)>"
        }.joined() + "</tr>"
    }
    return "<div class=\"wide\"><table><thead>\(cells("th", header))</thead>\n<tbody>"
      + rows.map { cells("td", $0) }.joined(separator: "\n") + "</tbody></table></div>\n"
  }

  /// `42 %`, never broken between two lines.
  private static func whole(_ share: Double) -> String { "\(Int((share * 100).rounded()))&nbsp;%" }
}
