import CLandlock
import Foundation

/// A process that shuts itself in: the words with which ramp starts itself anew for that, and what is then done with
/// them. What follows is the tests' program in a child of that process, which stands by and leaves nothing of it alive.
///
/// Landlock refuses files, signals and TCP; a seccomp filter refuses sockets, other processes, mounts and name spaces;
/// resource limits hold memory, time and, for who is not root, processes. There is no mount, so paths are the machine's.
package struct Confinement: Hashable, Sendable {
  /// The hidden first argument of ramp that asks for it.
  package static let word = "--confined"
  /// The exit status where the process could not be shut in.
  static let refused: Int32 = 125
  /// What its one line of output begins with then.
  static let complaint = "landlock: "

  /// Files and folders that can be read and executed.
  var readable: [String] = []
  /// Files and folders that can be written too.
  var writable: [String] = []
  /// The user to become; nil stays who it is.
  var user: UInt32?
  /// Address space of each process in bytes, length of a file in bytes, CPU seconds of a process; 0 for no limit.
  var memory = 0
  var fileSize = 0
  var seconds = 0
  /// How many processes and threads there may be beside those that the user has already; nil for no limit.
  var processes: Int?
  /// The program, an absolute path, and its arguments.
  var program: [String] = []

  /// The arguments of ramp, all of them.
  var words: [String] {
    var words = [Confinement.word]
    for (name, value) in [("memory", memory), ("file", fileSize), ("seconds", seconds)] where value > 0 {
      words += [name, "\(value)"]
    }
    if let user { words += ["user", "\(user)"] }
    if let processes { words += ["processes", "\(processes)"] }
    for path in readable { words += ["read", path] }
    for path in writable { words += ["write", path] }
    return words + ["--"] + program
  }

  /// What `words`, without their first, ask for; nil where they are none of ours.
  init?<Words: Sequence<String>>(words: Words) {
    var rest = words.makeIterator()
    while let name = rest.next() {
      if name == "--" {
        while let word = rest.next() { program.append(word) }
        if program.first?.hasPrefix("/") == true { return }
        return nil
      }
      guard let value = rest.next() else { return nil }
      switch name {
      case "read": readable.append(value)
      case "write": writable.append(value)
      case "user":
        guard let number = UInt32(value), number > 0 else { return nil }
        user = number
      default:
        // Sums of what a user has already and of these are safe.
        guard let number = Int(value), (1...(1 << 50)).contains(number) else { return nil }
        switch name {
        case "memory": memory = number
        case "file": fileSize = number
        case "seconds": seconds = number
        case "processes": processes = number
        default: return nil
        }
      }
    }
    return nil
  }

  /// An empty one.
  init() {}

  /// Does what `words` ask for, as the first thing of a process with one thread, and ends with `refused` and one line
  /// of output where something of it cannot be done.
  package static func enter<Words: Sequence<String>>(_ words: Words) -> Never {
    guard let confinement = Confinement(words: words) else { fail("the words are none of ramp's", code: nil) }
    confinement.enter()
  }

  private func enter() -> Never {
    let abi = clandlock_abi()
    if abi < 1 { Confinement.fail("this kernel has none", code: errno) }
    clandlock_close_from(3)
    Confinement.check(clandlock_stand_by(), "a process that stands by")
    let arguments = program.map { strdup($0) } + [nil]
    let rules = Confinement.check(clandlock_create(abi), "a set of rules")
    // What is not there needs no rule.
    for path in readable { Confinement.check(clandlock_allow_reading(rules, abi, path), path) }
    for path in writable { Confinement.check(clandlock_allow_writing(rules, abi, path), path) }
    // What the user has already counts too.
    let running = processes == nil || user != nil ? 0 : Confinement.running(of: getuid())
    if let user {
      Confinement.check(clandlock_become(user), "another user")
    } else {
      Confinement.check(clandlock_drop_capabilities(), "no capabilities")
    }
    umask(0o022)
    Confinement.check(clandlock_no_new_privileges(), "no new privileges")
    Confinement.check(clandlock_end_with_parent(), "the parent's end")
    Confinement.check(clandlock_enter(rules), "the rules")
    close(rules)
    var filter: CallFilter = [.shared]
    if user == nil { filter.insert(.sharesUser) }
    if abi < 3 { filter.insert(.truncates) }
    Confinement.check(filter.enter(), "a filter of calls")
    Confinement.limit(RLIMIT_CORE, 0)
    if fileSize > 0 { Confinement.limit(RLIMIT_FSIZE, fileSize) }
    if seconds > 0 { Confinement.limit(RLIMIT_CPU, seconds) }
    // Some programs close one by one all descriptors that there could be.
    Confinement.limit(RLIMIT_NOFILE, 4096)
    if let processes { Confinement.limit(__RLIMIT_NPROC, running + processes) }
    if memory > 0 { Confinement.limit(RLIMIT_AS, memory) }
    if let path = arguments[0] { execv(path, arguments) }
    Confinement.fail("\(program[0])", code: errno)
  }

  @discardableResult private static func check(_ answer: Int32, _ what: String) -> Int32 {
    if answer < 0 { fail(what, code: errno) }
    return answer
  }

  private static func limit(_ resource: __rlimit_resource, _ wanted: Int) {
    let kind = __rlimit_resource_t(resource.rawValue)
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0 else { return }
    let value = min(limit.rlim_max, rlim_t(wanted))
    limit = rlimit(rlim_cur: value, rlim_max: value)
    check(setrlimit(kind, &limit), "a limit")
  }

  /// How many threads the user has now.
  private static func running(of user: uid_t) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.reduce(0) { sum, name in
      var status = stat()
      guard pid_t(name) != nil, stat("/proc/\(name)", &status) == 0, status.st_uid == user else { return sum }
      return sum + ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(name)/task"))?.count ?? 1)
    }
  }

  private static func fail(_ what: String, code: Int32?) -> Never {
    let reason = code.map { ": " + String(cString: strerror($0)).lowercased() } ?? ""
    FileHandle.standardError.write(Data("\(complaint)\(what)\(reason)\n".utf8))
    exit(refused)
  }
}
