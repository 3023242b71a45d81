import Foundation
import Processes

/// The resource limits of the tests' processes, set by prlimit(1) from inside the sandbox, where a limit on processes
/// counts the sandbox's own alone.
struct Limits {
  /// The words to put before the program; none where there is no prlimit.
  let words: [String]
  /// True where the number of processes is limited by them. Root's is not: the kernel exempts it.
  let countsProcesses: Bool

  /// The limits of `options`. Those that the caller already lives under stay where they are lower.
  init(_ options: WorkspaceOptions, path: String?) {
    // A link in a folder of one's own is not there in the sandbox, where what it means is.
    guard let found = Launcher.find("prlimit", path: path), let prlimit = Limits.real(found) else {
      words = []
      countsProcesses = false
      return
    }
    let count = options.sandbox != .off && geteuid() != 0
    var words = [prlimit, "--core=0"]
    words.append("--as=\(Limits.lower(RLIMIT_AS, options.memoryMB << 20))")
    words.append("--fsize=\(Limits.lower(RLIMIT_FSIZE, Limits.fileSize(options)))")
    words.append("--cpu=\(Limits.lower(RLIMIT_CPU, Limits.seconds(options)))")
    if count { words.append("--nproc=\(Limits.lower(__RLIMIT_NPROC, options.processes))") }
    self.words = words
    countsProcesses = count
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// How long a file may become, in bytes.
  static func fileSize(_ options: WorkspaceOptions) -> Int { min(1 << 30, options.diskMB << 20) }

  /// CPU seconds of one process with all its threads; the clock is the real limit.
  static func seconds(_ options: WorkspaceOptions) -> Int { max(1, options.timeoutSeconds) * 4 }

  private static func lower(_ resource: __rlimit_resource, _ wanted: Int) -> UInt64 {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return UInt64(wanted) }
    return min(UInt64(limit.rlim_max), UInt64(wanted))
  }
}
