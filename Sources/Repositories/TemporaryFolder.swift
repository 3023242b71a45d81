import Foundation

/// A folder of its own that is gone when the work in it is done.
package enum TemporaryFolder {
  /// The result of `body`, which gets the absolute path of a new, empty folder that only this user may enter. The
  /// folder is removed with all that is in it, whatever `body` did to the modes of what it made there.
  /// It is made in `parent`; nil means the system's place for temporary files.
  @discardableResult package static func use<Value: Sendable>(
    in parent: String? = nil, _ body: (String) async throws -> Value
  ) async throws -> Value {
    let base = parent ?? NSTemporaryDirectory()
    let name = "ramp-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let path = (base as NSString).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { remove(path) }
    return try await body(path)
  }

  /// Removes the tree at `path`. Symbolic links are removed, never followed.
  package static func remove(_ path: String) {
    if unlink(path) == 0 || errno == ENOENT { return }
    chmod(path, 0o700)
    if let folder = opendir(path) {
      var names: [String] = []
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
      }
      closedir(folder)
      for name in names { remove("\(path)/\(name)") }
    }
    rmdir(path)
  }
}
