import Content
import Edits
import Foundation
import Prompts

/// Prints what reading, applying and rendering took, in CPU seconds, as one JSON object.
///
/// Argument: a file of recorded replies, one JSON object a line with `reply_text`.
@main struct EditsBench {
  private struct Reply: Decodable { var reply_text: String }

  static func main() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
    let replies = try data.split(separator: 10).map { try JSONDecoder().decode(Reply.self, from: $0).reply_text }
    var figures: [String: Double] = [:]

    let rounds = max(1, 20_000 / replies.count)
    var read = 0
    figures["parse_s"] =
      seconds {
        for _ in 0..<rounds {
          for reply in replies { read += (try? EditReader.edits(in: reply, format: .search))?.count ?? 0 }
        }
      } / Double(rounds * replies.count)
    figures["blocks"] = Double(read / rounds / 2)

    // Each edit in a file of its own: 600 lines of code round its SEARCH text.
    let cases = replies.flatMap { (try? EditReader.edits(in: $0, format: .search)) ?? [] }.compactMap(Case.init)
    let turns = max(1, 20_000 / max(1, cases.count))
    var applied = 0
    figures["apply_s"] =
      seconds {
        for _ in 0..<turns { for one in cases where one.applies() { applied += 1 } }
      } / Double(turns * cases.count)
    figures["applied"] = Double(applied / turns / 2)
    figures["cases"] = Double(cases.count)

    let file = (0..<5_000).flatMap { Array("    value_\($0) = compute(\($0), other=\($0 % 7))\n".utf8) }
    let search = (0..<20).map { "    value_\(2_400 + $0) = computed(\($0 % 3), another=\($0))\n" }.joined()
    let failing = Edit(path: "m.py", change: .replace(search: search, replacement: "    x = 1\n"))
    figures["hint_s"] =
      seconds {
        for _ in 0..<50 {
          let found = try? EditApplier.examine([failing], isTestFile: { _ in false }, read: { _ in file })
          precondition(found?.changes.isEmpty == true)
        }
      } / 50

    let source = String(repeating: String(repeating: "x", count: 50) + " {{ file.path }}\n", count: 1_800)
    let values: [String: Value] = ["file": .object(["path": .text("a.py", .issue)])]
    figures["template_s"] =
      seconds {
        for _ in 0..<50 { precondition((try? Template.parse(name: "t", source: source)) != nil) }
      } / 50
    let template = try Template.parse(name: "t", source: source)
    figures["prompt_s"] =
      seconds {
        for _ in 0..<50 {
          let text = try? template.render(values)
          precondition(text?.isEmpty == false)
        }
      } / 50

    let syntax = Array((0..<600).map { "def f_\($0)(a, b=\($0)):\n    return [x for x in a if x > b]\n" }.joined().utf8)
    figures["python_s"] = seconds { for _ in 0..<20 { precondition(PythonSyntax.fault(in: syntax) == nil) } } / 20
    figures["python_bytes"] = Double(syntax.count)
    print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
  }

  private struct Case {
    let edit: Edit
    let file: [UInt8]

    init?(_ edit: Edit) {
      guard case .replace(let search, _) = edit.change, !search.isEmpty else { return nil }
      let filler = (0..<300).map { "    line_\($0) = call(\($0), name='of \($0)')\n" }.joined()
      self.edit = Edit(path: "m.py", change: edit.change)
      file = Array((filler + search + filler).utf8)
    }

    func applies() -> Bool {
      (try? EditApplier.examine([edit], isTestFile: { _ in false }, read: { _ in file }))?.changes.isEmpty == false
    }
  }

  private static func seconds(_ body: () -> Void) -> Double {
    body()
    let start = clock()
    body()
    return Double(clock() - start) / Double(CLOCKS_PER_SEC)
  }
}
