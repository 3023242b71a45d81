import Attempts
import Content
import Edits
import Foundation
import Repositories

/// A text read as a reply and tried on a folder.
package struct ReparsedText: Sendable {
  /// The file, as it was named.
  package let file: String
  package let reading: ReplyReading
  /// The unified diff of all edits together; nil where they do not apply.
  package let diff: String?
}

extension Session {
  /// Reads a file as a reply in `format` and tries its edits on the files of a folder, in which nothing is written.
  ///
  /// - Parameters:
  ///   - file: the file, any text.
  ///   - format: the format; nil is that of the setting.
  ///   - rule: which of several places is taken.
  ///   - allowsTests: true where files of tests may be edited.
  ///   - folder: the folder.
  /// - Returns: what each edit comes to, and the patch.
  /// - Throws: `SessionError.noFile`, and what reading and git throw.
  package func reparse(
    file: String, as format: EditFormat?, rule: PlaceRule = .only, allowsTests: Bool = false, at folder: String
  ) async throws -> ReparsedText {
    let text = String(decoding: try bytes(at: file), as: UTF8.self)
    guard let tree = try FolderTree(at: files.readable(folder)) else {
      if access(path(folder), F_OK) == 0 { throw SessionError.unreadable(folder, reason: "it is no folder") }
      throw SessionError.noFile(folder)
    }
    let reading = try await ReplyReading(
      text, format: format ?? settings.format, on: tree, rule: rule,
      isTest: { !allowsTests && TestFile.isTest($0) })
    let diff = try await patch(reading)
    return ReparsedText(file: file, reading: reading, diff: diff)
  }

  /// The recorded reply of a take, read again. The model is not asked, and nothing is run.
  package func reparse(_ take: Take, as format: EditFormat?, rule: PlaceRule = .only) async throws -> Reparse {
    let (instance, _) = try instance(take.instanceID)
    return try await Reparse(
      take, of: instance, as: format, rule: rule, in: try await host.workspace(instance, take.settings))
  }

  /// The unified diff of a reading; nil where nothing applies.
  package func patch(_ reading: ReplyReading) async throws -> String? {
    guard let application = reading.application else { return nil }
    return String(decoding: try await host.makePatch(application.changes), as: UTF8.self)
  }
}
