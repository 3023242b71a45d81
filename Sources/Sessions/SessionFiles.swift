import Content
import Foundation
import Models

/// The files of a session at one moment: where its paths begin and what it may write. A value, so that many files can be
/// read and written at once.
package struct SessionFiles: Sendable {
  let host: SessionHost
  package let permissions: Permissions
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
  package func bytes(at text: String) throws -> [UInt8] { try host.readFile(readable(text)) }

  /// The bytes of the file at a path of the process.
  package func read(_ path: String) throws -> [UInt8] { try host.readFile(readable(path, inFolder: false)) }

  /// The path of a file or folder that may be read: what a script reads it may send to a server that it names, so it reads
  /// what lies in its folder, and what a person typed. Without `inFolder` the path is the process's.
  ///
  /// - Throws: `SessionError.notReadable` where a script may not.
  package func readable(_ text: String, inFolder: Bool = true) throws -> String {
    let path = inFolder ? path(text) : text
    guard permissions.isScript, !permissions.read else { return path }
    let home = SessionFiles.real(folder ?? ".")
    let place = SessionFiles.real(path)
    func isIn(_ folder: String) -> Bool { place == folder || place.hasPrefix(folder == "/" ? folder : folder + "/") }
    if isIn(home) || permissions.typed.contains(where: { !$0.isEmpty && isIn(SessionFiles.real($0)) }) { return path }
    throw SessionError.notReadable(path, folder: home)
  }

  /// Where a path leads, links followed.
  private static func real(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  /// Throws `SessionError.notInScript` for a server that a script names and no person did.
  func checkServer(_ url: String) throws {
    guard permissions.isScript, !["default", "none", ""].contains(url) else { return }
    // A URL that cannot be read is refused where it is set.
    guard let asked = try? ServerURL(parsing: url, defaultPort: 80) else { return }
    let names = [asked.host.lowercased(), "\(asked.host.lowercased()):\(asked.port)"]
    let known = (permissions.servers + permissions.keyHosts).map { $0.lowercased() }
    if names.contains(where: known.contains) { return }
    let usual = ModelName.aliases.map(\.url) + host.servers.standardURLs
    if (usual + permissions.typed).contains(where: { text in
      (try? ServerURL(parsing: text, defaultPort: 80)).map { $0.host == asked.host && $0.port == asked.port } ?? false
    }) {
      return
    }
    throw SessionError.serverNotNamed(address: asked.address, host: asked.host)
  }

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
