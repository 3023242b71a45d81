import Foundation
import Repositories

/// Where tests put what is gone when they end.
package enum Scratch {
  /// A folder of this process's own.
  package static let folder: String = {
    let path = (NSTemporaryDirectory() as NSString).appendingPathComponent("ramp-tests-\(getpid())")
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { TemporaryFolder.remove(Scratch.folder) }
    return path
  }()

  /// A new folder in it.
  package static func newFolder() throws -> String {
    let path = "\(folder)/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
}
