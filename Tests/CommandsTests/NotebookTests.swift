import Attempts
import Campaigns
import Foundation
import Sessions
import TestPrograms
import TestWorld
import Testing

@testable import Commands

/// Executes the notebook in its own folder and prints, as one line of JSON, what its plots are made of.
private let execution = """
  import json, os, sys
  import nbformat
  from nbclient import NotebookClient
  path = sys.argv[1]
  book = nbformat.read(path, as_version=4)
  nbformat.validate(book)
  assert book.nbformat == 4 and book.nbformat_minor >= 5
  assert all(not cell.get("outputs") for cell in book.cells)
  book.cells.append(nbformat.v4.new_code_cell(
      "print('FOUND' + json.dumps(dict(rates=rates, discordant=discordant, uplift=uplift, errors=errors, effort=effort,"
      " checked=checked, progress=progress)))"))
  NotebookClient(book, timeout=300, resources={"metadata": {"path": os.path.dirname(path)}}).execute()
  outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
  said = "".join(output.get("text", "") for output in outputs)
  found = json.loads(said.split("FOUND")[1])
  found["pictures"] = sum("image/png" in output.get("data", {}) for output in outputs)
  if os.environ.get("RAMP_PICTURES"):
      import base64
      for number, output in enumerate([o for o in outputs if "image/png" in o.get("data", {})]):
          with open(os.path.join(os.environ["RAMP_PICTURES"], f"{number}.png"), "wb") as file:
              file.write(base64.b64decode(output["data"]["image/png"]))
  print(json.dumps(found))
  """

private struct Found: Decodable {
  struct Rate: Decodable {
    let campaign, phase: String
    let verified, total: Int
    let low, high: Double
  }
  struct Discordant: Decodable {
    let campaign, phase, answer: String
    let gained, lost: [String]
    let both, neither: Int
    let p, difference: Double
  }
  struct Uplift: Decodable {
    let phase: String
    let points: Double
    let low, high: Double?
  }
  struct Effort: Decodable {
    let campaign, phase: String
    let attempts, seconds: Double?
  }

  let rates: [Rate]
  let discordant: [Discordant]
  let uplift: [Uplift]
  let errors: [String: [String: Int]]
  let effort: [Effort]
  let checked, pictures: Int
  let progress: [String: [String: Int]]
}

/// Two campaigns of phases 1 and 2 with planted outcomes, in the folders `old` and `new` of a sitting.
private struct TwoCampaigns {
  static let before = Planted(40) { Int($0.suffix(4)).map { $0 % 8 == 0 ? 1 : nil } ?? nil }
  static let after = Planted(40) { Int($0.suffix(4)).map { $0 % 8 != 0 ? $0 % 3 + 1 : nil } ?? nil }
  let sitting: Sitting
  let names: [String]

  init(_ names: [String]) async throws {
    self.names = names
    sitting = try await Sitting(host: try Planted.host())
    try sitting.write(try TwoCampaigns.before.rows(), to: "rows.jsonl")
    for (planted, name) in zip([TwoCampaigns.before, TwoCampaigns.after], ["before", "after"]) {
      try sitting.write("# replies\n\(planted.replies)", to: "\(name).ramp")
    }
    try await sitting.type("load rows.jsonl; set ladder \"as_is, feedback\"")
    for (name, replies) in zip(names, ["before", "after"]) {
      let out = LineQuote.of(name)
      for phase in 1...2 {
        // A gate that is shut is no fault here.
        _ = await sitting.fault(of: "phase \(phase) --force --model scripted:\(replies).ramp --out \(out) -j 2")
      }
    }
  }

  func path(_ name: String) -> String { "\(sitting.folder)/\(name)" }

  /// Writes a campaign's files in another shape, with one more row in each that has a name to be careful with.
  func reshape(_ name: String, flat: Bool) throws {
    for phase in 1...2 {
      let path = path("\(name)/phase_\(phase)_results.json")
      let own = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
      var rows = (own["results"] as? [[String: Any]] ?? []).map { row -> [String: Any] in
        let seconds = flat ? "duration" : "duration_seconds"
        return [
          "instance_id": row["instance_id"] ?? "", "verified": row["verified"] ?? false,
          "error": row["error"] ?? NSNull(), seconds: row["time_seconds"] ?? 0,
        ]
      }
      rows.append(["instance_id": TwoCampaigns.hostile, "verified": false, "error": "$x$ {{ y }} \"\"\" <b>"])
      let verified = rows.count { $0["verified"] as? Bool == true }
      var file: [String: Any] = ["phase": phase, "timestamp": "2026-01-01T00:00:00", "results": rows]
      if flat {
        (file["total"], file["verified"]) = (rows.count, verified)
      } else {
        file["config"] = ["model": "m", "approach": "a", "attempts_max": 6, "files_context": "first 5"]
        file["summary"] = [
          "total_instances": rows.count, "verified": verified, "success_rate": 0.5, "avg_duration_seconds": 1,
          "total_duration_seconds": 10,
        ]
        file["error_analysis"] = ["logic": 1]
      }
      try JSONSerialization.data(withJSONObject: file).write(to: URL(fileURLWithPath: path))
    }
  }

  static let hostile = "a\"b'c</script>{{ x }}\n\u{1B}[31m\"\"\"-1"

  func expect(_ found: Found, extra: Int = 0, of folders: [String]) throws {
    let rows = TwoCampaigns.before.ids.map { PhaseSample.Row(id: $0, repository: InstanceRecord.repository(of: $0)) }
    for (phase, sample) in [(Phase.micro, "1"), (.small, "2")].map({ (PhaseSample($0.0, of: rows, seed: 1), $0.1) })
      .map({ ($0.1, $0.0) })
    {
      let old = Set(sample.ids.filter { TwoCampaigns.before.outcomes[$0] != .some(nil) })
      let new = Set(sample.ids.filter { TwoCampaigns.after.outcomes[$0] != .some(nil) })
      let counts = found.rates.filter { $0.phase == phase }.sorted {
        folders.firstIndex(of: $0.campaign) ?? 9 < folders.firstIndex(of: $1.campaign) ?? 9
      }
      #expect(counts.map(\.verified) == [old.count, new.count])
      #expect(counts.allSatisfy { $0.total == sample.ids.count + extra && $0.low < $0.high })
      let table = try #require(found.discordant.first { $0.phase == phase })
      #expect(Set(table.gained) == new.subtracting(old) && Set(table.lost) == old.subtracting(new))
      #expect(table.both == old.intersection(new).count)
      #expect(table.gained.count + table.lost.count + table.both + table.neither == sample.ids.count + extra)
      let uplift = try #require(found.uplift.first { $0.phase == phase })
      #expect(abs(uplift.points - 100 * table.difference) < 1e-9)
      #expect(abs(table.difference - Double(new.count - old.count) / Double(sample.ids.count + extra)) < 1e-9)
    }
    #expect(found.pictures == 6)
  }
}

/// A word of a line, whatever is in it.
private enum LineQuote {
  static func of(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}

@Suite(.serialized) struct `a notebook` {
  private static let condition: Comment =
    "no nbclient, matplotlib, scipy or statsmodels here, and none to be had from PyPI"

  private static func hasPython() async -> Bool {
    await Python.has("nbclient", "nbformat", "ipykernel", "matplotlib", "scipy", "statsmodels")
  }

  private func executed(_ campaigns: TwoCampaigns, _ file: String) async throws -> Found {
    let lines = try #require(try await Python.lines(execution, "", arguments: [campaigns.path(file)]))
    return try JSONDecoder().decode(Found.self, from: Data(try #require(lines.last).utf8))
  }

  @Test(
    .enabled(condition) { await hasPython() }
  )
  func `of two campaigns with a planted uplift plots it, and computes ramp's numbers again`() async throws {
    let names = ["old $x$ \"q\" {{", "new <b>'"]
    let campaigns = try await TwoCampaigns(names)
    let folders = names.map(LineQuote.of).joined(separator: " ")
    try await campaigns.sitting.type("export notebook ab.ipynb --campaigns \(folders)")
    let found = try await executed(campaigns, "ab.ipynb")
    try campaigns.expect(found, of: names)
    // Two bounds of four rates, and of two comparisons a p-value, a difference and an interval.
    #expect(found.checked == 8 + found.uplift.reduce(0) { $0 + ($1.low == nil ? 2 : 4) })
    #expect(found.uplift.contains { $0.low != nil })
    #expect(found.effort.allSatisfy { ($0.attempts ?? 0) >= 1 && $0.seconds != nil })
    #expect(found.errors[names[0]]?.keys.contains("test_failure") == true)
    #expect(found.progress[names[1]]?.count == 2)
  }

  @Test(
    .enabled(condition) { await hasPython() },
    arguments: [(true, true), (false, true), (false, false)])
  func `works on files of the other shapes alone`(first: Bool, second: Bool) async throws {
    let campaigns = try await TwoCampaigns(["old", "new"])
    try campaigns.reshape("old", flat: first)
    try campaigns.reshape("new", flat: second)
    try await campaigns.sitting.type("export notebook ab.ipynb --campaigns old new")
    let found = try await executed(campaigns, "ab.ipynb")
    try campaigns.expect(found, extra: 1, of: ["old", "new"])
    #expect(found.checked == 8 + found.uplift.reduce(0) { $0 + ($1.low == nil ? 2 : 4) })
    #expect(found.effort.allSatisfy { $0.attempts == nil })
  }

  @Test func `is of two campaigns or more, none of them of practice rows, and takes no other file's place`()
    async throws
  {
    let campaigns = try await TwoCampaigns(["old", "new"])
    let sitting = campaigns.sitting
    #expect(await sitting.fault(of: "export notebook a.ipynb --campaigns old").contains("two folders or more"))
    #expect(
      await sitting.fault(of: "export notebook a.ipynb --campaigns old nowhere").contains("no phase has been run"))
    try sitting.write("{}", to: "mine.ipynb")
    #expect(await sitting.fault(of: "export notebook mine.ipynb --campaigns old new").contains("--force"))
    for _ in 0..<2 { try await sitting.type("export notebook sub.ipynb --campaigns old new old") }
    let text = try sitting.read("sub.ipynb")
    #expect(text.contains(#"\"old 2\": \"old\""#))
    let practice = PhaseResults(
      label: .phase(.micro), timestamp: "2026-01-01T00:00:00Z", config: PhaseConfig(model: "m"),
      results: [
        InstanceRecord(
          instanceID: "a__b-1", repository: "a/b", dataset: "practice", practice: true, verified: false, attempts: 1)
      ])
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/told", withIntermediateDirectories: true)
    try sitting.write(String(decoding: practice.json, as: UTF8.self), to: "told/phase_1_results.json")
    #expect(await sitting.fault(of: "export notebook a.ipynb --campaigns old told").contains("practice rows"))
  }

  @Test(arguments: [
    ("/a/b", "/a", "b"), ("/a", "/a/b/c", "../.."), ("/a", "/a", "."), ("/x/y", "/a/b", "../../x/y"), ("/", "/a", ".."),
  ]) func `names folders from where it lies`(target: String, home: String, path: String) {
    #expect(ExportNotebookCommand.path(to: target, from: home) == path)
  }
}
