import Content
import Context
import Edits
import Repositories
import Workspaces

/// The files that a reply's edits are tried on.
package protocol EditTree: Sendable {
  /// The paths of plain files.
  func paths() async throws -> [String]

  /// The paths of symbolic links.
  func links() async throws -> [String]

  /// The contents of files, by path; what is none of `paths()` is not in the answer.
  func read(_ paths: [String]) async throws -> [String: [UInt8]]
}

/// A workspace as the files that edits are tried on.
struct WorkspaceFiles: EditTree {
  let workspace: any Workspace

  func paths() async throws -> [String] { try await workspace.paths() }

  func links() async throws -> [String] { try await workspace.links() }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] { try await workspace.read(paths) }
}

extension FolderTree: EditTree {
  package func paths() async throws -> [String] { paths }

  package func links() async throws -> [String] { links }

  package func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for path in paths { found[path] = try read(path) }
    return found
  }
}

/// A reply read in one format and tried on files: what each edit comes to, and all of them together.
package struct ReplyReading: Sendable {
  /// What a reading depends on beside the reply and the files.
  package struct Setup: Sendable {
    /// The format that the reply was asked for in.
    package var format: EditFormat
    package var options = EditOptions()
    /// Which of several places is taken.
    package var rule = PlaceRule.only
    /// The lines that the model was shown.
    package var shown: [Span] = []
    /// The issue: definitions that it names may go without a word.
    package var issue = ""
    /// True for paths that must stay as they are.
    package var isTest: @Sendable (String) -> Bool

    package init(format: EditFormat, isTest: @escaping @Sendable (String) -> Bool) {
      self.format = format
      self.isTest = isTest
    }

    /// What is done about a missing import.
    var imports: ImportRule {
      guard options.imports == .usual else { return options.imports }
      return format == .whole ? .tell : .add
    }
  }

  /// The format that it was read in: the one asked for, or the only other one in the reply.
  package let format: EditFormat
  /// The format asked for, where that is another; nil elsewhere.
  package let asked: EditFormat?
  package let edits: [Edit]
  /// Why further edits of the reply cannot be read.
  package let faults: [EditError]
  /// What each edit comes to by itself; nil where the reply could not be read.
  package let examination: Examination?
  /// All edits applied, or those that are to be; nil where none are.
  package let application: Application?
  /// Why they are not.
  package let error: EditError?
  package let notes: [EditNote]

  /// Reads `text` and tries its edits.
  ///
  /// - Parameters:
  ///   - text: the reply.
  ///   - setup: how it is read.
  ///   - tree: the files.
  /// - Throws: what reading the files throws.
  package init(_ text: String, _ setup: Setup, on tree: any EditTree) async throws {
    let files = try await TriedFiles(setup, on: tree)
    let answer = ReplyText(text).answer
    let tried = try await files.tried(answer)
    format = tried.read.format
    asked = tried.read.format == setup.format ? nil : setup.format
    edits = tried.read.edits
    faults = tried.read.faults
    examination = tried.examination
    error = tried.error
    var notes = asked.map { [EditNote.format(read: tried.read.format, asked: $0)] } ?? []
    guard var application = tried.application else {
      self.application = nil
      self.notes = notes
      return
    }
    notes += tried.notes
    notes += try await files.mend(&application)
    self.application = application
    self.notes = notes + EditNote.drops(application.changes, issue: setup.issue)
  }

  /// What is wrong, for a person: with the edits that hold, where there are some.
  package var message: String? {
    guard let error else { return nil }
    let text = error.errorDescription ?? error.code
    guard !held.isEmpty else { return text }
    let told = held.map { "\($0.number) (\($0.edit.step), \($0.edit.path):\($0.edit.firstLine))" }
    let one = held.count == 1
    return "\(text); edit\(one ? "" : "s") \(told.joined(separator: ", ")) would apply: "
      + "`set edits.partial on` applies \(one ? "it" : "them")"
  }

  /// What is wrong, for the model.
  package var feedback: String? {
    guard let error else { return nil }
    guard !held.isEmpty else { return error.feedback }
    let one = held.count == 1
    let places = held.map { "\($0.edit.path), line \($0.edit.firstLine)" }.joined(separator: "; ")
    return error.feedback
      + "\nYour other edit\(one ? "" : "s") (\(places)) \(one ? "was" : "were") right, but nothing was applied. "
      + "Send all edits again."
  }

  /// The edits that hold beside those that fail.
  private var held: [(number: Int, edit: AppliedEdit)] {
    guard error?.edit != nil || !faults.isEmpty, let examination else { return [] }
    return examination.results.enumerated().compactMap { index, result in
      (try? result.get()).map { (index + 1, $0) }
    }
  }
}

extension EditNote {
  fileprivate static func format(read: EditFormat, asked: EditFormat) -> EditNote {
    EditNote(
      kind: .format, message: "\(read), asked for \(asked)",
      feedback: read == .diff ? nil : "Your edits were in another format than the one shown. Use the format shown.")
  }

  /// What `changes` drop that the issue does not name.
  static func drops(_ changes: [FileChange], issue: String) -> [EditNote] {
    let words = Set(issue.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    let names = Dropped.names(changes).filter { name in
      name.split(separator: ".").last.map { !words.contains(String($0)) } ?? true
    }
    guard !names.isEmpty else { return [] }
    let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
    return [
      EditNote(
        kind: .drops, message: "drops: \(shown)",
        feedback: "Your edits removed \(shown). If the issue does not ask for that, leave what is there.")
    ]
  }

  static func tests(_ paths: [String]) -> EditNote {
    let told = paths.joined(separator: ", ")
    return EditNote(
      kind: .tests, message: "left out: edits of tests (\(told))",
      feedback: "Your edits of \(told) were left out: tests stay as they are. Change only the source code.")
  }
}
