import Attempts
import Content
import Grading

/// The table of instances of a page: a row each, in the state of the latest phase that it was in, which opens what was
/// asked, said and found in each attempt.
struct InstanceTable {
  /// One instance.
  private struct Row {
    let run: String
    let record: InstanceRecord
    var story: InstanceStory?
  }

  /// So that a page of 300 instances with six attempts each has less than 20 MB.
  private static let textLimit = 18_000_000

  private let rows: [Row]

  /// - Parameters:
  ///   - phases: in their order.
  ///   - stories: what is known of their instances' attempts, and of instances that were run by themselves.
  init(_ phases: [PhaseResults], stories: [InstanceStory]) {
    var rows: [Row] = []
    var places: [String: Int] = [:]
    for phase in phases {
      for record in phase.results {
        let row = Row(run: phase.label.title, record: record)
        if let place = places[record.instanceID] {
          rows[place] = row
        } else {
          places[record.instanceID] = rows.count
          rows.append(row)
        }
      }
    }
    let isOfPhase = Set(places.keys)
    for story in stories {
      let run = story.run ?? "by itself"
      let id = story.record.instanceID
      if let place = places[id], story.run != nil {
        // Of several batches the last one counts; a phase's own record stands.
        if isOfPhase.contains(id) {
          rows[place].story = rows[place].record == story.record ? story : rows[place].story
        } else {
          rows[place] = Row(run: run, record: story.record, story: story)
        }
      } else {
        if story.run != nil { places[id] = rows.count }
        rows.append(Row(run: run, record: story.record, story: story))
      }
    }
    self.rows = rows
  }

  var isEmpty: Bool { rows.isEmpty }

  /// The heading, the filters, the table and the packs of its texts.
  var html: String {
    guard !rows.isEmpty else { return "" }
    var store = TextStore(limit: InstanceTable.textLimit)
    // What a model said comes before what it was asked: of a page that is too large prompts are left out first.
    var numbers: [String: [Int: Int]] = [:]
    for wantsPrompts in [false, true] {
      for (index, row) in rows.enumerated() {
        guard let story = row.story else { continue }
        if wantsPrompts, !story.issue.isEmpty { numbers["\(index)"] = store.number(of: story.issue).map { [0: $0] } }
        for (place, attempt) in story.attempts.enumerated() {
          for (number, passage) in attempt.passages.enumerated() where (passage.kind == .prompt) == wantsPrompts {
            numbers["\(index).\(place)", default: [:]][number] = store.number(of: passage.text)
          }
        }
      }
    }
    store.close()
    let index = OrderedJSON.members([
      "starts": .list(store.starts.map(OrderedJSON.whole)),
      "rows": .list(rows.enumerated().map { index, row in InstanceTable.index(row, index, numbers) }),
    ])
    let resolved = rows.count { $0.record.verified }
    var html =
      "<section id=\"instances\"><h2>Instances <span class=\"n\">\(rows.count), \(resolved) resolved</span></h2>\n"
      + "<p class=\"note\">Each once, as the latest phase that it was in found it. A row opens its attempts: prompt, reply, "
      + "patch, failure and cause.</p>\n"
    if store.leftOut > 0 {
      html +=
        "<p class=\"warn\">\(store.leftOut) texts are left out, so that the page stays below 20 MB: "
        + "<code>export trajectories</code> writes all of them.</p>\n"
    }
    html += InstanceTable.filters + table
    html += "<script type=\"text/plain\" id=\"index\">\(TextStore.packed(index.line))</script>\n"
    html += store.packs.map { "<script type=\"text/plain\" class=\"pack\">\($0)</script>\n" }.joined()
    return html + "</section>\n"
  }

  /// Made useful by the page's script, and hidden without it.
  private static let filters =
    "<form class=\"filters\" hidden><input type=\"search\" id=\"find\" placeholder=\"Find an id, error, cause or model\" "
    + "aria-label=\"Find in the table\"><select id=\"result\" aria-label=\"Result\"><option value=\"\">any result</option>"
    + "</select><select id=\"run\" aria-label=\"Run\"><option value=\"\">any run</option></select>"
    + "<output id=\"shown\"></output></form>\n"

  private static let columns = [
    ("Instance", ""), ("Result", ""), ("Attempts", "number"), ("Seconds", "number"), ("Model", ""),
    ("Hidden tests", ""),
    ("Run", ""), ("Why", "why"),
  ]

  private var table: String {
    let head = InstanceTable.columns.map { name, style in
      "<th scope=\"col\"\(style.isEmpty ? "" : " class=\"\(style)\"")>\(name)</th>"
    }.joined()
    let body = rows.enumerated().map { index, row in
      let record = row.record
      let id = SafeText.markup(record.instanceID)
      let state = record.verified ? "good" : record.stop.isInfrastructure ? "broken" : "bad"
      let result = SafeText.markup(record.verified ? "resolved" : record.errorLabel)
      let cells = [
        "<th scope=\"row\"><button type=\"button\" aria-expanded=\"false\">\(id)</button></th>",
        "<td><span class=\"\(state)\">\(result)</span></td>", "<td class=\"number\">\(record.attempts)</td>",
        "<td class=\"number\">\(Wording.tenths(record.timeSeconds))</td>",
        "<td>\(SafeText.markup(record.model ?? "-"))\(record.escalated ? " <span class=\"n\">fallback</span>" : "")</td>",
        "<td>\(record.assisted ? "told" : "not told")</td>", "<td class=\"run\">\(SafeText.markup(row.run))</td>",
        "<td class=\"why\">\(SafeText.markup(InstanceTable.why(row)))</td>",
      ]
      return "<tr data-n=\"\(index)\" data-state=\"\(state)\">\(cells.joined())</tr>"
    }
    return "<div class=\"wide\"><table class=\"instances\"><thead><tr>\(head)</tr></thead>\n<tbody>\n"
      + body.joined(separator: "\n") + "\n</tbody></table></div>\n"
  }

  /// In a line, why it is not resolved: its cause, or the reason of the last attempt.
  private static func why(_ row: Row) -> String {
    if row.record.verified { return "" }
    let told = row.story?.attempts.last { $0.cause != nil }?.cause.map { "\($0.stage.rawValue): \($0.sentence)" }
    let text = told ?? row.record.finalError ?? row.record.errorLabel
    return text.count > 160 ? String(text.prefix(159)) + "…" : text
  }

  private static func index(_ row: Row, _ index: Int, _ numbers: [String: [Int: Int]]) -> OrderedJSON {
    let attempts: [OrderedJSON]
    if let story = row.story {
      attempts = story.attempts.enumerated().map { place, attempt in
        let found = numbers["\(index).\(place)"] ?? [:]
        return OrderedJSON.members([
          "id": .text(attempt.id.description), "outcome": .text(SafeText.line(attempt.outcome)),
          "good": .flag(attempt.isResolved), "reason": .text(SafeText.visible(attempt.reason)),
          "model": .optional(attempt.model.map(SafeText.line)), "seconds": .text(Wording.tenths(attempt.seconds)),
          "cause": attempt.cause.map(cause) ?? .null,
          "texts": .list(
            attempt.passages.enumerated().map { number, passage in
              .members([
                "kind": .text(passage.kind.rawValue), "title": .text(SafeText.line(passage.title)),
                "text": .optional(found[number]),
              ])
            }),
        ])
      }
    } else {
      // Of a file alone it is known how each attempt ended.
      attempts = row.record.each.map { attempt in
        OrderedJSON.members([
          "id": .text("\(attempt.attempt)"),
          "outcome": .text(attempt.failure?.rawValue ?? (attempt.verified ? "resolved" : "-")),
          "good": .flag(attempt.verified), "reason": .text(SafeText.visible(attempt.error ?? "")),
          "model": .optional(attempt.model.map(SafeText.line)), "seconds": .text(Wording.tenths(attempt.timeSeconds)),
          "cause": .null, "texts": .list([]),
        ])
      }
    }
    return .members(["issue": .optional(numbers["\(index)"]?[0]), "attempts": .list(attempts)])
  }

  private static func cause(_ cause: Cause) -> OrderedJSON {
    .members([
      "stage": .text(cause.stage.rawValue), "kind": .text(cause.kind.rawValue),
      "sentence": .text(SafeText.visible(cause.sentence)),
      "evidence": .list(cause.evidence.prefix(8).map { .text(SafeText.visible($0)) }),
      "next": .optional(cause.next.map(SafeText.visible)),
    ])
  }
}
