import Glibc

/// What is left of a command's tree: every process of its session, and every process whose environment carries its
/// mark, so that those that left the session (`setsid`, double fork) are found too.
///
/// What a plain process can hide from: one that leaves the session *and* empties its environment. A sandbox with its
/// own process namespace has no such hole.
struct Survivors {
  /// The process id of the command, which is also its group and session.
  let leader: pid_t
  /// The value in `RAMP_PROCESS` that no other command has.
  let mark: String

  /// The name of the variable that carries the mark.
  static let variable = "RAMP_PROCESS"

  /// Kills every process of the tree but the leader, and returns when each is gone or a zombie, or after `patience`.
  ///
  /// - Parameters:
  ///   - recentOnly: true where the command ran so shortly that process ids cannot have wrapped past its own: only
  ///     younger ones are looked at.
  ///   - patience: how long to wait for those that were killed.
  func end(recentOnly: Bool, patience: Duration = .seconds(2)) {
    var doomed: Set<pid_t> = []
    let deadline = ContinuousClock.now + patience
    repeat {
      _ = kill(-leader, SIGKILL)
      let found = living(recentOnly: recentOnly)
      for process in found { _ = kill(process, SIGKILL) }
      doomed.formUnion(found)
      doomed = doomed.filter(Self.isAlive)
      if doomed.isEmpty && found.isEmpty { return }
      usleep(500)
    } while ContinuousClock.now < deadline
  }

  /// Kills all descendants of the leader while that lives, so that one which stands by its own, and is given those that
  /// lost their parents, takes none of them along where nobody finds them. Gives up after `patience`.
  func endDescendants(patience: Duration = .seconds(2)) {
    let deadline = ContinuousClock.now + patience
    repeat {
      let found = descendants().filter(Self.isAlive)
      if found.isEmpty { return }
      for process in found { _ = kill(process, SIGKILL) }
      usleep(500)
    } while ContinuousClock.now < deadline
  }

  /// The children of the leader, and theirs.
  private func descendants() -> [pid_t] {
    var children: [pid_t: [pid_t]] = [:]
    for process in candidates(recentOnly: false) {
      if let parent = Self.parent(of: process) { children[parent, default: []].append(process) }
    }
    var found: [pid_t] = []
    var waiting = children[leader] ?? []
    while let next = waiting.popLast() {
      found.append(next)
      waiting += children[next] ?? []
    }
    return found
  }

  /// Sends `signal` to every process of the tree, the leader too.
  func send(_ signal: Int32) {
    for process in [leader] + living(recentOnly: false) { _ = kill(process, signal) }
  }

  /// The process ids of the tree that live, without the leader's.
  private func living(recentOnly: Bool) -> [pid_t] {
    let own = getpid()
    return candidates(recentOnly: recentOnly).filter { process in
      guard process != leader, process != own else { return false }
      return getsid(process) == leader ? Self.isAlive(process) : carriesMark(process)
    }
  }

  /// The process ids that may be of the tree: the few that were given out since the leader's, where only these can be;
  /// else all that `/proc` lists. Listing it costs more than all the rest of a short command.
  private func candidates(recentOnly: Bool) -> [pid_t] {
    let newest = recentOnly ? Self.newestProcess() : nil
    if let newest, newest >= leader, newest - leader < 1000 {
      return (leader...newest).filter { getsid($0) >= 0 || errno != ESRCH }
    }
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      guard let process = withUnsafeBytes(of: entry.pointee.d_name, { Self.number($0) }) else { continue }
      if let newest, newest >= leader, process < leader { continue }
      found.append(process)
    }
    return found
  }

  /// True where the environment that the process started with holds the mark. False for a zombie, and for a process
  /// of another user.
  private func carriesMark(_ process: pid_t) -> Bool {
    let bytes = Self.contents(of: "/proc/\(process)/environ", limit: 4 << 20) + [0]
    return bytes.withUnsafeBytes { all in
      guard var entry = all.baseAddress?.assumingMemoryBound(to: CChar.self) else { return false }
      let end = entry + all.count
      while entry < end {
        if strncmp(entry, Self.variable, Self.variable.utf8.count) == 0, strstr(entry, mark) != nil { return true }
        entry += strlen(entry) + 1
      }
      return false
    }
  }

  /// True where the process exists and is more than a zombie.
  private static func isAlive(_ process: pid_t) -> Bool {
    let bytes = contents(of: "/proc/\(process)/stat", limit: 4096)
    guard let end = bytes.lastIndex(of: UInt8(ascii: ")")), end + 2 < bytes.count else { return false }
    let state = bytes[end + 2]
    return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X")
  }

  /// The parent of a process; nil where there is no such process.
  private static func parent(of process: pid_t) -> pid_t? {
    let bytes = contents(of: "/proc/\(process)/stat", limit: 4096)
    guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ", maxSplits: 2)
    return fields.count > 1 ? pid_t(fields[1]) : nil
  }

  /// The process id given out last (proc(5): the fifth field of loadavg), or nil where it cannot be read.
  private static func newestProcess() -> pid_t? {
    let text = String(decoding: contents(of: "/proc/loadavg", limit: 256), as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).last.flatMap { pid_t($0) }
  }

  private static func number(_ name: UnsafeRawBufferPointer) -> pid_t? {
    var value: pid_t = 0
    for (index, byte) in name.enumerated() {
      if byte == 0 { return index > 0 ? value : nil }
      guard (48...57).contains(byte), index < 9 else { return nil }
      value = value * 10 + pid_t(byte - 48)
    }
    return nil
  }

  private static func contents(of path: String, limit: Int) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count < limit {
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { break }
      bytes.append(contentsOf: buffer[0..<count])
    }
    return bytes
  }
}
