import Attempts
import Content
import Context
import Edits
import Grading
import Sessions
import Terminal

/// What a person may want to type after a take.
enum Hint {
  static func next(after take: Take) -> String? {
    guard let verdict = take.verdict else { return nil }
    let id = take.instanceID
    switch verdict.word {
    case .resolved, .suspect: return nil
    case .environmentError: return "`show baseline`; the tests' environment has to be mended first"
    case .unresolved: break
    }
    if verdict.failure == .applyFailed || verdict.failure == .noEditsGenerated {
      return "`show edits` says why; `run \(id)` again tells the model, if feedback is on"
    }
    let chain = take.chain
    let frames = verdict.failures.flatMap(\.frames)
    if let frame = frames.first(where: { !chain.shows($0.path, $0.line) && !TestFile.isTest($0.path) }) {
      return "context add \(around(frame.line, of: frame.path)), then rerun"
    }
    if let call = UnseenCall(chain) {
      return "context add \(around(call.line, of: call.path, lines: call.lines)), then rerun"
        + "   (`\(call.name)` is called there too, and was not shown)"
    }
    let changed = Set(chain.patch?.changes.map(\.path) ?? [])
    let left = chain.context?.leftOut ?? []
    if let candidate = left.first(where: { changed.contains($0.span.path) }) ?? left.first {
      return "context add \(candidate.span), then rerun"
    }
    return "run \(id), which tells the model what failed"
  }

  /// The lines round one, as far as the file goes.
  private static func around(_ line: Int, of path: String, lines: Int = .max) -> Span {
    Span(path: path, first: max(1, line - 15), last: min(lines, line + 15))
  }
}

/// A call that a patch changes and that stands on another line of the same file, which the model was not shown: a
/// repair that is right in one place and forgotten in the other looks like this.
struct UnseenCall: Hashable {
  let name: String
  let path: String
  /// 1-based, in the file before the patch, which has `lines` lines.
  let line: Int
  let lines: Int

  /// The first such call of the patch's files, in their order; nil where there is none.
  init?(_ chain: Chain) {
    for change in chain.patch?.changes ?? [] {
      guard let before = change.before, let after = change.after else { continue }
      let old = String(decoding: before, as: UTF8.self).lines
      let new = Set(String(decoding: after, as: UTF8.self).lines)
      for (index, text) in old.enumerated() where !new.contains(text) {
        for name in UnseenCall.calls(text) {
          let other = old.indices.first {
            $0 != index && !chain.shows(change.path, $0 + 1) && UnseenCall.calls(old[$0]).contains(name)
              && !UnseenCall.defines(old[$0])
          }
          if let other {
            (self.name, path, line, lines) = (name, change.path, other + 1, old.count)
            return
          }
        }
      }
    }
    return nil
  }

  /// The names that are called on a line of Python, left to right.
  static func calls(_ line: Substring) -> [String] {
    var names: [String] = []
    var name = ""
    for letter in line {
      if letter.isLetter || letter.isNumber || letter == "_" {
        name.append(letter)
      } else {
        if letter == "(", name.count > 3 { names.append(name) }
        name = ""
      }
    }
    return names
  }

  private static func defines(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    return text.hasPrefix("def ") || text.hasPrefix("class ") || text.hasPrefix("async def ")
  }
}
