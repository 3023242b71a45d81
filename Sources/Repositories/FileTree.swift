import Foundation

/// Plain files in a folder, written and read with no help of git's: no filter, no attribute, no hook.
package enum FileTree {
  /// Writes `bytes` to `path` under `root` and makes the folders it needs. What was there is replaced. What is made
  /// belongs to the user and the group `owner`; nil leaves it ramp's.
  ///
  /// - Throws: `POSIXError`, the system's word.
  package static func write(
    _ bytes: [UInt8], to path: String, under root: String, isExecutable: Bool = false, owner: UInt32? = nil
  ) throws {
    let whole = "\(root)/\(path)"
    try makeParent(of: path, under: root, owner: owner)
    let mode: mode_t = isExecutable ? 0o755 : 0o644
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let file = open(whole, flags, mode)
    guard file >= 0 else { throw failure() }
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        Glibc.write(file, all.baseAddress.map { $0 + written }, all.count - written)
      }
      guard count >= 0 else {
        if errno == EINTR { continue }
        throw failure()
      }
      written += count
    }
    if let owner, fchown(file, owner, owner) != 0 { throw failure() }
    if fchmod(file, mode) != 0 { throw failure() }
  }

  /// Makes a symbolic link at `path` under `root`.
  package static func link(_ target: String, at path: String, under root: String, owner: UInt32? = nil) throws {
    try makeParent(of: path, under: root, owner: owner)
    if symlink(target, "\(root)/\(path)") != 0 { throw failure() }
    if let owner, lchown("\(root)/\(path)", owner, owner) != 0 { throw failure() }
  }

  /// The bytes of the plain file at `path` under `root`, or nil where there is none; links are not followed.
  package static func read(_ path: String, under root: String) throws -> [UInt8]? {
    let file = open("\(root)/\(path)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else {
      if [ENOENT, ENOTDIR, ELOOP].contains(errno) { return nil }
      throw failure()
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let size = bytes.count - count
      let got = bytes.withUnsafeMutableBytes { all in Glibc.read(file, all.baseAddress.map { $0 + count }, size) }
      guard got >= 0 else { throw failure() }
      if got == 0 { break }
      count += got
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Removes what is at `path` under `root`, where there is something, and the folders that it leaves empty.
  package static func remove(_ path: String, under root: String) {
    TemporaryFolder.remove("\(root)/\(path)")
    var parts = path.split(separator: "/").dropLast()
    while !parts.isEmpty, rmdir("\(root)/\(parts.joined(separator: "/"))") == 0 { parts = parts.dropLast() }
  }

  /// Copies the plain files of the folder `source`, and those in its folders, into the folder `root`.
  ///
  /// - Throws: `POSIXError`, the system's word.
  package static func copy(_ source: String, to root: String, owner: UInt32? = nil) throws {
    guard let names = FileManager.default.enumerator(atPath: source) else { return }
    for case let name as String in names {
      guard let bytes = try read(name, under: source) else { continue }
      let isExecutable = access("\(source)/\(name)", X_OK) == 0
      try write(bytes, to: name, under: root, isExecutable: isExecutable, owner: owner)
    }
  }

  /// Makes the folder `path` under `root`, and those above it, where they are not there. Those that are made belong to
  /// `owner`.
  package static func makeFolder(_ path: String, under root: String, owner: UInt32? = nil) throws {
    let folder = "\(root)/\(path)"
    if mkdir(folder, 0o755) != 0 {
      if errno == EEXIST { return }
      guard errno == ENOENT, let slash = path.lastIndex(of: "/") else { throw failure() }
      try makeFolder(String(path[..<slash]), under: root, owner: owner)
      if mkdir(folder, 0o755) != 0 {
        if errno == EEXIST { return }
        throw failure()
      }
    }
    if let owner, lchown(folder, owner, owner) != 0 { throw failure() }
  }

  private static func makeParent(of path: String, under root: String, owner: UInt32?) throws {
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash]), under: root, owner: owner) }
  }

  private static func failure() -> POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
