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
  /// - Throws: the error of the first that fails; `alreadyApplied` or `noChange` where all leave the files as they are;
  ///   `syntaxError` or `wrongLanguage` where a file that was Python is none any more.
  package func application() throws(EditError) -> Application {
    var applied: [AppliedEdit] = []
    for result in results { applied.append(try result.get()) }
    if changes.isEmpty {
      if let there = applied.firstIndex(where: { $0.step == .alreadyThere }) {
        throw .alreadyApplied(path: applied[there].path, edit: there + 1, line: applied[there].firstLine)
      }
      throw .noChange(paths: paths)
    }
    for change in changes { try check(change, applied) }
    return Application(changes: changes, edits: applied)
  }

  private func check(_ change: FileChange, _ applied: [AppliedEdit]) throws(EditError) {
    guard PythonSyntax.isPython(change.path), let after = change.after, let fault = PythonSyntax.fault(in: after),
      change.before.map({ PythonSyntax.fault(in: $0) == nil }) ?? true
    else { return }
    let mine = applied.indices.filter { applied[$0].path == change.path }
    if let index = mine.last, let language = mine.lazy.compactMap({ OtherLanguage.of(edits[$0].change.text) }).first {
      throw .wrongLanguage(path: change.path, edit: index + 1, language: language)
    }
    let shown = SourceText(after)?.region(about: max(1, fault.line - 3))
    throw .syntaxError(
      path: change.path, line: fault.line, column: fault.column(in: after), reason: fault.reason, shown: shown)
  }
}
