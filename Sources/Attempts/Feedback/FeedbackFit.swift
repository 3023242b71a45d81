import Content

/// Passages of feedback, fitted into so many tokens: the more important ones are whole before others begin.
struct FeedbackFit {
  /// A passage that may have to be cut.
  struct Passage {
    let part: FeedbackArtifact.Part
    /// 0 is the most important; among equals the earlier one is.
    let rank: Int
    /// The most tokens that it may take, however much room there is.
    var most = Int.max
  }

  /// Fewer are not worth a line that says what is missing.
  private static let fewest = 30

  /// The passages in their order, in at most `budget` tokens.
  static func parts(_ passages: [Passage], budget: Int, ratio: TokenRatio) -> [FeedbackArtifact.Part] {
    var left = budget
    var kept: [Int: FeedbackArtifact.Part] = [:]
    for index in passages.indices.sorted(by: { (passages[$0].rank, $0) < (passages[$1].rank, $1) }) {
      let passage = passages[index]
      let room = min(left, passage.most)
      let tokens = Tokens.estimate(passage.part.text, ratio: ratio)
      if tokens <= room {
        kept[index] = passage.part
        left -= tokens
      } else if Double(room) >= Double(fewest) * max(1, ratio) {
        let text = cut(passage.part.text, to: room, ratio: ratio)
        kept[index] = FeedbackArtifact.Part(text: text, origin: passage.part.origin)
        left -= Tokens.estimate(text, ratio: ratio)
      }
    }
    return passages.indices.compactMap { kept[$0] }
  }

  /// The first lines of `text`, with how many are left out.
  static func cut(_ text: String, to tokens: Int, ratio: TokenRatio) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    var left = tokens - Tokens.estimate("\n... (\(lines.count) more lines)", ratio: ratio)
    for line in lines {
      // A line is never cheaper than its bytes by three.
      guard line.utf8.count / 3 <= left else { break }
      let cost = Tokens.estimate(String(line) + "\n", ratio: ratio)
      guard cost <= left else { break }
      kept.append(line)
      left -= cost
    }
    if kept.isEmpty, let first = lines.first {
      let most = max(20, Int(Double(max(0, left)) * 2 / max(1, ratio)))
      // A character that is cut through is left out.
      let whole = String(decoding: first.utf8.prefix(most), as: UTF8.self).prefix { $0 != "\u{FFFD}" }
      kept = [whole + " ..."]
    }
    let rest = lines.count - kept.count
    return kept.joined(separator: "\n") + (rest > 0 ? "\n... (\(rest) more line\(rest == 1 ? "" : "s"))" : "")
  }
}
