import Content

/// The edits of a reply, each tried by itself.
package struct Examination: Sendable {
  package let edits: [Edit]
  /// One for each edit.
  package let results: [Result<AppliedEdit, EditError>]
  /// The files that differ after the edits that hold, sorted by path.
  package let changes: [FileChange]
  let paths: [String]

  /// All edits applied.
  ///
  /// - Parameters:
  ///   - dropsTests: edits of test files are left out; a reply with nothing else is `onlyTests`.
  ///   - isPartial: edits that fail are left out as long as one holds.
  /// - Returns: the files as the edits leave them.
  /// - Throws: the error of the first that fails; `alreadyApplied` or `noChange` where all leave the files as they are;
  ///   `syntaxError` or `wrongLanguage` where a file that was Python is none any more.
  package func application(
    dropsTests: Bool = false, isPartial: Bool = false
  ) throws(EditError) -> Application {
    var applied: [(index: Int, edit: AppliedEdit)] = []
    var tests: [String] = []
    var first: EditError?
    for (index, result) in results.enumerated() {
      switch result {
      case .success(let edit): applied.append((index, edit))
      case .failure(.testFile(let path, _)) where dropsTests:
        if !tests.contains(path) { tests.append(path) }
      case .failure(let error):
        if !isPartial { throw error }
        first = first ?? error
      }
    }
    if applied.isEmpty {
      if let first { throw first }
      if !tests.isEmpty { throw .onlyTests(paths: tests) }
    }
    if changes.isEmpty {
      if let first { throw first }
      if let there = applied.first(where: { $0.edit.step == .alreadyThere }) {
        throw .alreadyApplied(path: there.edit.path, edit: there.index + 1, line: there.edit.firstLine)
      }
      throw .noChange(paths: paths)
    }
    for change in changes { try check(change, applied) }
    return Application(changes: changes, edits: applied.map(\.edit))
  }

  private func check(_ change: FileChange, _ applied: [(index: Int, edit: AppliedEdit)]) throws(EditError) {
    guard PythonSyntax.isPython(change.path), let after = change.after, let fault = PythonSyntax.fault(in: after),
      change.before.map({ PythonSyntax.fault(in: $0) == nil }) ?? true
    else { return }
    let mine = applied.filter { $0.edit.path == change.path }.map(\.index)
    if let index = mine.last, let language = mine.lazy.compactMap({ OtherLanguage.of(edits[$0].change.text) }).first {
      throw .wrongLanguage(path: change.path, edit: index + 1, language: language)
    }
    let shown = SourceText(after)?.region(about: max(1, fault.line - 3))
    throw .syntaxError(
      path: change.path, line: fault.line, column: fault.column(in: after), reason: fault.reason, shown: shown)
  }
}
