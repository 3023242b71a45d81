import Content
import Foundation

/// The files of a folder of this machine, to be read only. Links are never followed, and what git keeps is left out.
package struct FolderTree: Sendable {
  /// The folder.
  package let root: String
  /// The paths of its plain files, sorted by their bytes.
  package let paths: [String]
  /// The paths of its symbolic links.
  package let links: [String]

  /// The most files that are listed: a home folder is no repository.
  private static let limit = 500_000

  /// The tree below `root`, or nil where that is no folder.
  ///
  /// - Throws: `POSIXError` where it cannot be read, or holds more files than a repository.
  package init?(at root: String) throws {
    var status = stat()
    guard stat(root, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    self.root = root
    var (paths, links, pending) = ([String](), [String](), [""])
    while let folder = pending.popLast() {
      guard let handle = opendir(folder.isEmpty ? root : "\(root)/\(folder)") else {
        if folder.isEmpty { throw FolderTree.failure(errno) }
        continue
      }
      defer { closedir(handle) }
      while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." || name == ".git" { continue }
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        switch FolderTree.kind(entry.pointee.d_type, "\(root)/\(path)") {
        case S_IFDIR: pending.append(path)
        case S_IFLNK: links.append(path)
        case S_IFREG: paths.append(path)
        default: break
        }
        if paths.count + pending.count > FolderTree.limit { throw FolderTree.failure(E2BIG) }
      }
    }
    self.paths = paths.sorted()
    self.links = links.sorted()
  }

  /// The bytes of a file; nil where there is none, or where a link leads there.
  package func read(_ path: String) throws -> [UInt8]? {
    guard RepositoryPath.isReadable(path) else { return nil }
    for folder in RepositoryPath.folders(above: path) where isLink("\(root)/\(folder)") { return nil }
    return try FileTree.read(path, under: root)
  }

  private func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func kind(_ type: UInt8, _ path: String) -> mode_t {
    switch Int(type) {
    case Int(DT_DIR): return S_IFDIR
    case Int(DT_LNK): return S_IFLNK
    case Int(DT_REG): return S_IFREG
    case Int(DT_UNKNOWN):
      var status = stat()
      return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    default: return 0
    }
  }

  private static func failure(_ code: Int32) -> POSIXError { POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
}
