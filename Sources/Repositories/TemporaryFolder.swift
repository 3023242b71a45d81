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

  /// Removes the tree at `path`. Symbolic links are removed, never followed; names need not be UTF-8.
  package static func remove(_ path: String) { path.withCString { remove($0, in: AT_FDCWD) } }

  /// Removes what `name` is in the open folder `parent`.
  private static func remove(_ name: UnsafePointer<CChar>, in parent: Int32) {
    if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var folder = openat(parent, name, flags)
    if folder < 0, errno == EACCES, fchmodat(parent, name, 0o700, 0) == 0 { folder = openat(parent, name, flags) }
    if folder >= 0 {
      _ = fchmod(folder, 0o700)
      if let listing = fdopendir(folder) {
        // The listing of a folder that is being emptied may skip a name, so it is read again until nothing is found.
        var found = true
        var rounds = 0
        while found, rounds < 16 {
          found = false
          rounds += 1
          rewinddir(listing)
          while let entry = readdir(listing) {
            withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
              guard let name = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
              if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return }
              found = true
              remove(name, in: folder)
            }
          }
        }
        closedir(listing)
      } else {
        close(folder)
      }
    }
    unlinkat(parent, name, AT_REMOVEDIR)
  }
}
