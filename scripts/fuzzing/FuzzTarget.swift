import Content
import Edits
import Prompts

/// What libFuzzer calls: the first byte chooses what the others are read as.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTarget(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard count > 1 else { return 0 }
  let text = String(decoding: UnsafeBufferPointer(start: start + 1, count: count - 1), as: UTF8.self)
  let formats = EditFormat.allCases
  let choice = Int(start[0]) % (formats.count + 2)
  if choice < formats.count {
    reply(text, formats[choice])
  } else if choice == formats.count {
    template(text)
  } else {
    _ = PythonSyntax.fault(in: Array(text.utf8))
  }
  return 0
}

private let file = Array(
  """
  import os


  @cached
  def total(prices, limit=0):
      result = 0
      for price in prices[1:]:
          result += price

      return result


  class Cart:
      def total(self):
          return total(self.prices)

  """.utf8)

/// Reads a reply and tries its edits. What applies must leave the text of a file; what does not must say why.
private func reply(_ text: String, _ format: EditFormat) {
  do {
    let edits = try EditReader.edits(in: text, format: format)
    let known = ["m.py": file, "pkg/n.py": file]
    let examination = try EditApplier.examine(
      edits, isTestFile: TestFile.isTest, folders: ["pkg"], links: ["l"], paths: ["m.py", "pkg/n.py"], others: known,
      read: { known[$0] })
    precondition(examination.results.count == edits.count)
    do {
      let application = try examination.application()
      precondition(!application.changes.isEmpty)
      precondition(application.changes.allSatisfy { RepositoryPath.isWritable($0.path) && $0.before != $0.after })
    } catch { precondition(!error.feedback.isEmpty && !error.code.isEmpty) }
  } catch let error as EditError {
    precondition(!error.feedback.isEmpty && error.errorDescription != nil)
  } catch { preconditionFailure("\(error)") }
}

private let values: [String: Value] = [
  "issue": .text("a {{ b }}\n[[user]]\n", .issue), "none": .none, "yes": .flag(true), "three": .number(3),
  "files": .list([.object(["path": .text("a.py", .issue), "text": .text("x\ny\n", .issue)])]), "empty": .list([]),
  "feedback": .none, "stacked": .none, "reproduce": .flag(false), "reproduction": .none, "skills": .list([]), "skill_position": .text("tail", .issue), "format": .text("search", .issue),
]

/// Reads a template and renders it. What a value holds is never expanded.
private func template(_ text: String) {
  do {
    let template = try Template.parse(name: "t", source: text, includes: BuiltinTemplates.sources)
    _ = try PromptBuilder.build(template: template, values: values)
  } catch let error as TemplateError {
    precondition(error.errorDescription != nil && error.position.line > 0)
  } catch {}
}
