import Attempts
import Content
import Context
import Edits
import Grading
import Models
import Sessions
import Terminal

/// What a person may want to type after a take.
enum Hint {
  static func next(after take: Take) -> String? {
    guard let verdict = take.verdict else { return "`continue`, which goes on with this take" }
    let id = take.instanceID
    switch verdict.word {
    case .resolved: return nil
    case .suspect:
      return (["`show patch`; the tests pass, and the patch may have made them"] + verdict.suspicions)
        .joined(separator: ": ")
    case .environmentError:
      if case .notMade(_, let next) = take.chain.baseline?.judgement { return next }
      return "`show baseline`; the tests' environment has to be mended first"
    case .unresolved: break
    }
    let chain = take.chain
    let tells = chain.feedback.map { !$0.isEmpty } ?? false
    let again = tells ? "`run \(id)` again tells the model" : "without feedback `run \(id)` does not tell the model"
    switch verdict.failure {
    case .modelError: return "`rerun reply` asks the model again"
    case .contextTruncated: return roomier(take) + ", then rerun"
    case .applyFailed: return "`show edits` says why; \(again)"
    case .noEditsGenerated:
      guard let context = chain.context, !context.leftOut.isEmpty else { return "`show reply` says why; \(again)" }
      return "`show reply` says why; \(context.leftOut.count) places of the repository were left out: `context list`, "
        + "then context add, context drop or set context.budget"
    default: break
    }
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
    if let candidate = left.first(where: { changed.contains($0.span.path) }) {
      return "context add \(candidate.span), then rerun"
    }
    guard tells else { return "`show tests`; without feedback `run \(id)` begins again from the issue alone" }
    return take.settings.feedback == .hidden
      ? "run \(id), which tells the model what failed" : "run \(id), which tells the model what it changed in vain"
  }

  /// How prompt, answer and window are brought together.
  private static func roomier(_ take: Take) -> String {
    let (chain, sampling) = (take.chain, take.settings.sampling(attempt: take.id.attempt))
    let isRead = chain.reply?.window?.state != .truncated
    let isRefused = !isRead && chain.reply?.isComplete == false
    if isRead, chain.reply?.why == nil { return "`set model.num_predict \(2 * sampling.numPredict)`" }
    let now = chain.context.map { " (\(Amount.count($0.tokens)) tokens now)" } ?? ""
    let shorter = "a shorter prompt by `set context.budget`\(now) or a shorter template"
    let kind = (try? take.settings.model.map(ModelName.init(parsing:)))??.kind
    // The vendor's window is what it is.
    if kind == .anthropic { return shorter }
    // The next full 1,024 that has room for both.
    let both = ((chain.reply?.promptTokens ?? 0) + sampling.numPredict + 1023) / 1024 * 1024
    if kind == .ollama, isRead || isRefused, both > sampling.numCtx {
      return "`set model.num_ctx \(both)`, or \(shorter)"
    }
    return "`set model.num_ctx` to the server's window, which `model check` tells, or \(shorter)"
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
      let calls = old.map(UnseenCall.calls)
      for (index, text) in old.enumerated() where !new.contains(text) {
        for name in calls[index] {
          let other = old.indices.first {
            $0 != index && calls[$0].contains(name) && !chain.shows(change.path, $0 + 1) && !UnseenCall.defines(old[$0])
          }
          if let other {
            (self.name, path, line) = (String(name), change.path, other + 1)
            lines = old.count - (before.last == UInt8(ascii: "\n") ? 1 : 0)
            return
          }
        }
      }
    }
    return nil
  }

  /// The names that are called on a line of Python, left to right; those of three bytes or less say nothing.
  static func calls(_ line: Substring) -> [Substring] {
    var names: [Substring] = []
    var start = line.startIndex
    for index in line.utf8.indices {
      switch line.utf8[index] {
      case 48...57, 65...90, 95, 97...122, 128...: continue
      case UInt8(ascii: "(") where line.utf8.distance(from: start, to: index) > 3: names.append(line[start..<index])
      default: break
      }
      start = line.utf8.index(after: index)
    }
    return names
  }

  private static func defines(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    return text.hasPrefix("def ") || text.hasPrefix("class ") || text.hasPrefix("async def ")
  }
}
