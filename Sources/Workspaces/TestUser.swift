import CLandlock
import Foundation

/// The user that tests and installations are where ramp is root. Nothing else of the machine belongs to it, so what the
/// kernel decides by the user alone (its own settings below `/proc/sys`, say) is refused to them.
///
/// One user serves all trees, because layers and trees that are used again keep their owner.
enum TestUser {
  /// Nobody's by systemd's table (`UIDS-GIDS`), which all distributions with it keep to, and beside those of Landlock's.
  static let id: UInt32 = 0x7001_0000

  /// What follows the name of a folder whose files belong to `owner`. What ramp's user owns has none, as ever.
  static func suffix(_ owner: UInt32?) -> String { owner == nil ? "" : "-tests" }

  /// Gives the folder at `path`, and all in it, to `owner`, where they are not its already.
  ///
  /// - Throws: `WorkspaceError.notWritten`.
  static func give(_ path: String, to owner: UInt32) throws {
    var status = stat()
    // The folder itself is given last.
    if lstat(path, &status) == 0, status.st_uid == owner { return }
    if clandlock_give(path, owner) != 0 {
      throw WorkspaceError.notWritten(reason: "\(path): \(String(cString: strerror(errno)))")
    }
  }
}
