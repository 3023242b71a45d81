import Content
import Edits
import Grading
import Instances
import Models
import Prompts
import Workspaces

/// A script that the model wrote to show the bug (`set reproduce on`), and what it did. It runs on the files of the base
/// commit, with no hidden test among them.
package struct Reproduction: Hashable, Codable, Sendable {
  /// One run of it.
  package struct Run: Hashable, Codable, Sendable {
    /// The exit status; nil where it was ended.
    package let exit: Int32?
    package let timedOut: Bool
    /// The last lines of what it printed, normalised.
    package let output: String

    /// True where it ended by itself and without an error.
    package var isWell: Bool { exit == 0 && !timedOut }
  }

  package let script: String
  /// Without the change, and with it.
  package let before: Run
  package let after: Run

  /// What it tells of the change, for the model.
  var told: String {
    let name = "Your \(ReproductionScript.path)"
    if before.isWell {
      return "\(name) ends without an error even without your change: it does not show the bug. Write it again."
    }
    if after.timedOut { return "\(name) does not come to an end with your change." }
    if after.isWell {
      return "\(name) fails without your change and ends well with it, and yet the issue is not resolved: "
        + "look for what it leaves out."
    }
    let same = before.output == after.output ? ", exactly as it does without it" : ""
    return "\(name) still fails with your change\(same):\n\(after.output)"
  }
}

/// The script of a reproduction, as it stands in a reply: the line `reproduce.py`, then a fenced block of code.
package struct ReproductionScript: Hashable, Sendable {
  static let path = "reproduce.py"
  /// How much of what it prints is kept: the last lines.
  private static let lines = 12, bytes = 1500

  package let text: String
  /// True where hidden tests had a part in it.
  package let isTainted: Bool

  /// The last one that the takes wrote, of those that were asked for one; nil where none did.
  package init?(in takes: [Take]) {
    for take in takes.reversed() where take.settings.reproduce == .on {
      guard let reply = take.chain.reply, reply.isUsable, let text = ReproductionScript.split(reply.text).script else {
        continue
      }
      self.text = text
      isTainted = take.chain.isTainted
      return
    }
    return nil
  }

  init(text: String, isTainted: Bool) {
    self.text = text
    self.isTainted = isTainted
  }

  /// The script of a reply, nil where there is none, and the reply without it. Of several the last counts. A block that
  /// is never closed is none, and one with the marks of an edit is an edit.
  static func split(_ reply: String) -> (script: String?, rest: String) {
    let reply = ReplyText(reply).answer
    let all = reply.split(separator: "\n", omittingEmptySubsequences: false)
    var rest: [Substring] = []
    var script: String?
    var index = 0
    while index < all.count {
      guard let block = block(all, at: index) else {
        rest.append(all[index])
        index += 1
        continue
      }
      script = all[block.code].map { "\($0)\n" }.joined()
      index = block.end
    }
    return (script, script == nil ? reply : rest.joined(separator: "\n"))
  }

  /// The lines of code of a block whose name or fence stands at `index`, and the line behind it.
  private static func block(_ lines: [Substring], at index: Int) -> (code: Range<Int>, end: Int)? {
    var fence = index
    if lines[index].hasPrefix("```") {
      let word = lines[index].drop { $0 == "`" }
      guard isName(word) || isName(word.drop(while: \.isLetter)) else { return nil }
    } else {
      guard isName(lines[index]) else { return nil }
      fence += 1
      while fence < lines.count, lines[fence].allSatisfy(\.isWhitespace) { fence += 1 }
      guard fence < lines.count, lines[fence].hasPrefix("```") else { return nil }
    }
    guard let close = lines[(fence + 1)...].firstIndex(where: { $0.hasPrefix("```") }) else { return nil }
    let code = (fence + 1)..<close
    guard !code.isEmpty, !lines[code].contains(where: { $0.hasPrefix("<<<<<<< ") }) else { return nil }
    return (code, close + 1)
  }

  /// Whether a line says the script's name and nothing else, whatever it is dressed in.
  private static func isName(_ line: Substring) -> Bool {
    var line = line
    let dress = { (character: Character) in character.isWhitespace || "#*`:_-".contains(character) }
    line = line.drop(while: dress)
    while let last = line.last, dress(last) { line.removeLast() }
    return line == path || line == "./\(path)"
  }

  /// Runs it on the commit and with `changes`.
  func run(changes: [FileChange], in workshop: Workshop) async throws -> Reproduction {
    Reproduction(
      script: text, before: try await run([], in: workshop), after: try await run(changes, in: workshop))
  }

  private func run(_ changes: [FileChange], in workshop: Workshop) async throws -> Reproduction.Run {
    workshop.world.effects.countTests()
    let own = FileChange(path: ReproductionScript.path, before: nil, after: Array(text.utf8))
    let log = try await workshop.workspace().runTests(
      TestRun(
        changes: changes.filter { $0.path != own.path } + [own], testPatch: [], testFiles: [], runner: .unittest,
        command: "{python} \(ReproductionScript.path)"))
    let said = String(decoding: LogNormalizer.normalize(log.log).suffix(ReproductionScript.bytes), as: UTF8.self)
    let lines = said.split(separator: "\n", omittingEmptySubsequences: true).suffix(ReproductionScript.lines)
    return Reproduction.Run(exit: log.exit, timedOut: log.timedOut, output: lines.joined(separator: "\n"))
  }
}

extension Settings {
  /// What of a reply is read as edits: all but the script that was asked for.
  package func edits(in reply: String) -> String {
    reproduce == .on ? ReproductionScript.split(reply).rest : reply
  }
}
