import CProcess
import Glibc

/// What survives a machine that stops.
package enum Disk {
  /// Waits until all that was written on the file system of `path` is on the disk.
  package static func sync(_ path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = cprocess_sync(file)
    close(file)
  }
}
