import Content
import Foundation
import Testing

@testable import Edits

/// A reply of a large model to a row of SWE-bench Lite, with what came of it.
private struct RealReply: Decodable {
  var instance_id: String
  var reply_text: String
  var expected_patch: String?
  var check: String?
}

@Suite(.enabled(if: SharedMaterial.exists(SharedMaterial.replies), "the real replies are not beside the project"))
struct `real replies` {
  @Test func `are read where a strict reader took them, and change what they changed`() throws {
    let replies = try SharedMaterial.values(RealReply.self, in: SharedMaterial.replies)
    var rebuilt = 0
    for reply in replies where reply.check == "exact_match" {
      let edits = try EditReader.edits(in: reply.reply_text, format: .search)
      let wanted = DiffedFile.files(in: reply.expected_patch ?? "")
      #expect(Set(edits.map(\.path)).isSuperset(of: wanted.map(\.path)), "\(reply.instance_id)")
      guard let files = rebuiltFiles(wanted, edits) else { continue }
      rebuilt += 1
      let application = try EditApplier.apply(edits, isTestFile: { _ in false }) { path in
        files[path].map { Array($0.before.utf8) }
      }
      for change in application.changes {
        #expect(change.after == files[change.path].map { Array($0.after.utf8) }, "\(reply.instance_id) \(change.path)")
      }
      #expect(application.changes.map(\.path) == files.keys.sorted())
    }
    #expect(replies.count { $0.check == "exact_match" } >= 70)
    #expect(rebuilt >= 60)
  }

  @Test func `are read, or refused for a reason that the reply shows`() throws {
    var codes: [String: Int] = [:]
    for reply in try SharedMaterial.values(RealReply.self, in: SharedMaterial.replies) {
      let hasHead = reply.reply_text.contains("<<<<<<< SEARCH")
      do {
        _ = try EditReader.edits(in: reply.reply_text, format: .search)
        #expect(hasHead)
        codes["read", default: 0] += 1
      } catch let error {
        codes[error.code, default: 0] += 1
        #expect(hasHead == !["no_edit", "prose_only"].contains(error.code), "\(reply.instance_id): \(error)")
      }
    }
    #expect(codes["read", default: 0] > 300, "\(codes)")
  }

  /// The files that the patch speaks of, as far as the patch and the SEARCH texts know them; every other line is made
  /// up. Nil where a SEARCH text cannot be laid on the patch without a contradiction.
  private func rebuiltFiles(_ wanted: [DiffedFile], _ edits: [Edit]) -> [String: (before: String, after: String)]? {
    var files: [String: (before: String, after: String)] = [:]
    for file in wanted {
      var known: [Int: String] = [:]
      for hunk in file.hunks {
        for (offset, line) in hunk.old.enumerated() { known[hunk.start + offset] = line }
      }
      for edit in edits where edit.path == file.path {
        guard case .replace(let search, _) = edit.change else { return nil }
        let lines = LineSplit.lines(of: search).map(\.text)
        guard let start = place(of: lines, in: known) else { return nil }
        for (offset, line) in lines.enumerated() { known[start + offset] = line }
      }
      let count = (known.keys.max() ?? 0) + 2
      var lines = (1...count).map { known[$0] ?? "# line \($0)" }
      let before = lines
      for hunk in file.hunks.reversed() {
        lines.replaceSubrange(hunk.start - 1..<hunk.start - 1 + hunk.old.count, with: hunk.new)
      }
      files[file.path] = (before.map { $0 + "\n" }.joined(), lines.map { $0 + "\n" }.joined())
    }
    return files
  }

  /// The 1-based line where most of `lines` are known and none is known to differ.
  private func place(of lines: [String], in known: [Int: String]) -> Int? {
    var best: (count: Int, start: Int)?
    for start in Set(known.keys.flatMap { line in lines.indices.map { line - $0 } }) where start > 0 {
      let pairs = lines.enumerated().compactMap { offset, line in known[start + offset].map { $0 == line } }
      if !pairs.contains(false), pairs.count > best?.count ?? 0 { best = (pairs.count, start) }
    }
    return best?.start
  }
}
