import Content
import Foundation

/// The files of a session at one moment: where its paths begin and what it may write. A value, so that many files can be
/// read and written at once.
package struct SessionFiles: Sendable {
  let host: SessionHost
  let permissions: Permissions
  let folder: String?

  /// The path that a line of the language names: relative ones of a script begin in its folder, and `~/` is home.
  package func path(_ text: String) -> String {
    if text == "~" || text.hasPrefix("~/") {
      return (ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()) + text.dropFirst()
    }
    guard let folder, !text.hasPrefix("/") else { return text }
    return (folder as NSString).appendingPathComponent(text)
  }

  /// The bytes of a file that a line of the language names.
  package func bytes(at text: String) throws -> [UInt8] { try host.readFile(path(text)) }

  /// Writes a file for the person, or refuses where a script may not. `makesFolders` makes those it lies in first;
  /// without `inFolder` the path is the process's, and not the script's.
  package func write(
    _ bytes: [UInt8], to text: String, makesFolders: Bool = false, inFolder: Bool = true
  ) throws -> String {
    let path = try check(text, inFolder: inFolder)
    if makesFolders {
      let folder = PathText.folder(of: path)
      if mkdir(folder, 0o777) != 0, errno == ENOENT {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
    }
    try host.writeFile(path, bytes)
    return path
  }

  /// The path of a file that may be written.
  ///
  /// - Throws: `SessionError.outsideFolder` where a script may not.
  @discardableResult
  package func check(_ text: String, inFolder: Bool = true) throws -> String {
    let path = inFolder ? path(text) : text
    if permissions.isScript, !permissions.write {
      let home = URL(fileURLWithPath: folder ?? ".").standardizedFileURL.resolvingSymlinksInPath().path
      let target = URL(fileURLWithPath: path).standardizedFileURL
      let place = target.deletingLastPathComponent().resolvingSymlinksInPath().path
      let isGit = "\(place)/\(target.lastPathComponent)".lowercased().split(separator: "/").contains(".git")
      guard !isGit, place == home || place.hasPrefix(home == "/" ? home : home + "/") else {
        throw SessionError.outsideFolder(path, folder: home)
      }
    }
    return path
  }
}

extension Session {
  /// The files as they are to this session now.
  package var files: SessionFiles { SessionFiles(host: host, permissions: permissions, folder: folder) }

  /// As `SessionFiles.path`.
  package func path(_ text: String) -> String { files.path(text) }

  /// As `SessionFiles.bytes`.
  package func bytes(at text: String) throws -> [UInt8] { try files.bytes(at: text) }

  /// As `SessionFiles.write`.
  package func write(
    _ bytes: [UInt8], to text: String, makesFolders: Bool = false, inFolder: Bool = true
  ) throws -> String {
    try files.write(bytes, to: text, makesFolders: makesFolders, inFolder: inFolder)
  }
}
