/// What happened to one file of a repository: made (`before` is nil), removed (`after` is nil) or changed.
package struct FileChange: Hashable, Sendable {
  /// The file's path in the repository.
  package let path: String
  /// Its bytes before; nil where it was not there.
  package let before: [UInt8]?
  /// Its bytes after; nil where it is gone.
  package let after: [UInt8]?

  /// A change of the file at `path`.
  package init(path: String, before: [UInt8]?, after: [UInt8]?) {
    self.path = path
    self.before = before
    self.after = after
  }
}
