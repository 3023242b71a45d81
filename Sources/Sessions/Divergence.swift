import Attempts

/// Where a replayed prompt first differs from the recorded one, and what made it differ.
package struct Divergence: Hashable, Sendable {
  package let instanceID: String
  package let take: TakeID
  /// The stage, setting or template that changed, in words.
  package let cause: String
  /// The first differing line, 1-based, and how many lines the recorded prompt has; nil where the text is the same and
  /// only the model or its sampling differs, or where no prompt was recorded.
  package let line: Int?
  package let lineCount: Int
  /// The recorded line and the one now; nil where one of the two has ended.
  package let recorded: String?
  package let now: String?
  /// What to type so that the replay fits again; nil where nobody knows.
  package var remedy: String?

  package var description: String {
    var text =
      line == nil
      ? "no reply was recorded for \(instanceID) \(take)" : "the prompt of \(take) differs from the recorded one"
    text += "\n  caused by: \(cause)"
    if let line {
      text += "\n  first difference, line \(line) of \(lineCount)"
      let (old, new) = Divergence.cut(recorded, now)
      text += "\n    - \(old)\n    + \(new)"
    }
    return text
  }

  package var suggestion: String {
    (remedy.map { "\($0); " } ?? "") + "to accept it and ask the model again: run the file with `--record new_episodes`"
  }

  /// Two lines that differ, each cut to what a screen takes, from a little before the place where they part.
  private static func cut(_ old: String?, _ new: String?) -> (old: String, new: String) {
    let same = zip(old ?? "", new ?? "").prefix { $0 == $1 }.count
    let skipped = max(0, same - 40)
    func cut(_ line: String?) -> String {
      guard let line else { return "(the text ends here)" }
      let rest = line.dropFirst(skipped)
      return (skipped > 0 ? "..." : "") + rest.prefix(140) + (rest.count > 140 ? "..." : "")
    }
    return (cut(old), cut(new))
  }

  /// The first line in which two texts differ; nil where they are equal.
  package static func firstDifference(_ old: String, _ new: String) -> (line: Int, old: String?, new: String?)? {
    if old.utf8.elementsEqual(new.utf8) { return nil }
    let left = old.utf8.split(separator: 10, omittingEmptySubsequences: false)
    let right = new.utf8.split(separator: 10, omittingEmptySubsequences: false)
    func text(_ lines: [Substring.UTF8View], _ index: Int) -> String? {
      index < lines.count ? String(Substring(lines[index])) : nil
    }
    for index in 0..<max(left.count, right.count)
    where index >= left.count || index >= right.count || !left[index].elementsEqual(right[index]) {
      return (index + 1, text(left, index), text(right, index))
    }
    return nil
  }
}
