import Foundation
import Repositories

/// A control group of its own for one run of tests, where this user may make one: the only limit on processes that
/// holds for root, and the only one on the memory of all processes together.
struct ControlGroup {
  /// The folders of the group: one in version 2, one for each controller in version 1.
  private let folders: [String]

  /// A new group with the limits of `options`, or nil where none can be made.
  init?(_ options: WorkspaceOptions, root: String = "/sys/fs/cgroup") {
    _ = ControlGroup.swept
    let name = "ramp-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let memory = String(options.memoryMB << 20)
    let isSecond = access("\(root)/cgroup.controllers", F_OK) == 0
    let settings: [(folder: String, file: String, value: String)] =
      isSecond
      ? [(name, "pids.max", String(options.processes)), (name, "memory.max", memory)]
      : [
        ("pids/\(name)", "pids.max", String(options.processes)),
        ("memory/\(name)", "memory.limit_in_bytes", memory),
      ]
    var made: [String] = []
    for setting in settings {
      let folder = "\(root)/\(setting.folder)"
      if !made.contains(folder) {
        guard mkdir(folder, 0o755) == 0 else { break }
        made.append(folder)
      }
      guard ControlGroup.write(setting.value, to: "\(folder)/\(setting.file)") else { break }
    }
    folders = made
    if made.count == Set(settings.map(\.folder)).count,
      settings.allSatisfy({ setting in
        access("\(root)/\(setting.folder)/\(setting.file)", F_OK) == 0
      })
    {
      return
    }
    remove()
    return nil
  }

  /// Removes the groups under `root` whose makers are no more, as far as nothing is in them: a ramp that was killed has
  /// left its own.
  static func sweep(_ root: String = "/sys/fs/cgroup") {
    for parent in [root, "\(root)/pids", "\(root)/memory"] {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
        let parts = name.split(separator: "-")
        guard parts.count == 3, parts[0] == "ramp", let process = pid_t(parts[1]), process > 0, kill(process, 0) != 0,
          errno == ESRCH
        else { continue }
        // One whose maker is in another name space of processes may be about to be entered.
        var status = stat()
        guard lstat("\(parent)/\(name)", &status) == 0, time(nil) - status.st_mtim.tv_sec > 60 else { continue }
        rmdir("\(parent)/\(name)")
      }
    }
  }

  /// Told a few milliseconds before a program enters a group: the kernel waits for all processors before the first move
  /// of a process (5 ms and more), and moves that follow at once do not. Writes this process to the group that it is in
  /// already, from a thread of its own, and does nothing where that is not allowed.
  static func announce(root: String = "/sys/fs/cgroup") {
    guard let file = own(root) else { return }
    DispatchQueue.global().async { _ = write("0", to: file) }
  }

  /// The list of processes of the group that this process is in.
  private static func own(_ root: String) -> String? {
    guard let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else { return nil }
    let groups = text.split(separator: "\n").map {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    for (controller, mount) in [("pids", "\(root)/pids"), ("", root)] {
      guard let group = groups.first(where: { $0.count == 3 && $0[1] == controller })?[2] else { continue }
      let file = "\(mount)\(group)/cgroup.procs"
      if access(file, W_OK) == 0 { return file }
    }
    return nil
  }

  /// Done once per program.
  private static let swept: Void = sweep()

  /// The words that, put before a program, make it enter the group first.
  var words: [String] { ["/bin/sh", "-c", "\(entry) && exec \"$@\"", "sh"] }

  /// What a shell says to enter the group.
  var entry: String { folders.map { "echo $$ >\($0)/cgroup.procs" }.joined(separator: " && ") }

  /// Kills what is in the group, however well it hid.
  func end() {
    for _ in 0..<100 {
      let inside = folders.flatMap { folder in
        ((try? String(contentsOfFile: "\(folder)/cgroup.procs", encoding: .utf8)) ?? "").split(separator: "\n")
      }
      let living = inside.compactMap { pid_t($0) }.filter { $0 > 0 }
      if living.isEmpty { return }
      for process in living { _ = kill(process, SIGKILL) }
      usleep(1000)
    }
  }

  /// The limits of the group that were come to.
  var limits: Set<TestLimit> {
    var limits: Set<TestLimit> = []
    for folder in folders {
      func isCounted(_ file: String, _ event: String) -> Bool {
        let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").contains { line in
          line.hasPrefix("\(event) ") && Int(line.dropFirst(event.count + 1)).map { $0 > 0 } ?? false
        }
      }
      if isCounted("memory.events", "oom_kill") || isCounted("memory.oom_control", "oom_kill") {
        limits.insert(.memory)
      }
      if isCounted("pids.events", "max") { limits.insert(.processes) }
    }
    return limits
  }

  /// Removes the group, which must be empty, or become so within half a second.
  func remove() {
    for folder in folders {
      // What ended a moment ago is often gone in the next.
      var pause: UInt32 = 100
      while rmdir(folder) != 0, errno == EBUSY, pause < 300_000 {
        usleep(pause)
        pause *= 2
      }
    }
  }

  private static func write(_ text: String, to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Glibc.write(file, text, text.utf8.count) == text.utf8.count
  }
}
