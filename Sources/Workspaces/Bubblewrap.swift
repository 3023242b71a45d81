import Content
import Foundation
import Processes
import Repositories

/// bubblewrap: what this one can do, and the arguments that make a sandbox of ours.
struct Bubblewrap: Sendable {
  /// The program's path.
  let executable: String
  /// The options it knows, of those that not every version does.
  let options: Set<String>
  /// True where the kernel takes a filter of system calls.
  var hasFilter = true
  /// Who the program is.
  var identity = Identity.caller

  /// Who the program in a sandbox is to the kernel.
  enum Identity: Hashable, Sendable {
    /// ramp's user, an ordinary one, in a name space where it has another number.
    case caller
    /// `TestUser`: ramp is root, and gives its rights up with the program at `setpriv` when the sandbox is made.
    case testUser(setpriv: String)
    /// Root in such a name space, without a right. The kernel decides some things by the number alone.
    case root
  }

  private static let asked = ["--size", "--disable-userns", "--perms"]

  /// The one at `found`, asked for its options and tried.
  ///
  /// - Throws: `WorkspaceError.sandboxForbidden`, `.sandboxFailed`.
  static func ask(_ found: String) async throws -> Bubblewrap {
    let help = try await Launcher.run(
      Command(found, ["--help"], timeout: .seconds(10), outputLimit: 64 << 10, mergesErrorIntoOutput: true))
    let text = String(decoding: help.output, as: UTF8.self)
    var bubblewrap = Bubblewrap(executable: found, options: Set(asked.filter { text.contains("\($0) ") }))
    return try await TemporaryFolder.use { folder in
      var said: [UInt8] = []
      for hasFilter in [true, false] {
        bubblewrap.hasFilter = hasFilter
        let trial = ["--unshare-all", "--unshare-user", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc"]
        let words = try bubblewrap.filtering([], [found] + bubblewrap.filterWords + trial, in: folder, network: nil)
        let tried = try await Launcher.run(
          Command(
            words[0], words.dropFirst() + ["--", "/bin/true"], timeout: .seconds(10), outputLimit: 64 << 10,
            mergesErrorIntoOutput: true))
        if tried.succeeded { return bubblewrap }
        said = tried.output
      }
      throw error(behind: said)
    }
  }

  /// This one as it holds tests of `python` in trees in `scratch`: where ramp is root they become a user of their own, if
  /// that can read the Python and write to a tree, which is tried.
  func identified(_ python: Python, scratch: String?) async throws -> Bubblewrap {
    guard geteuid() == 0 else { return self }
    var own = self
    own.identity = .root
    guard options.contains("--perms"), let setpriv = Launcher.find("setpriv", path: "/usr/bin:/bin") else { return own }
    own.identity = .testUser(setpriv: setpriv)
    let isHeld = try await TemporaryFolder.use(in: scratch) { [own] folder in
      try FileTree.makeFolder("testbed", under: folder, owner: own.owner)
      try own.writeStandIns(under: folder)
      let request = SandboxRequest(
        tree: "\(folder)/testbed", stands: "\(folder)/etc", python: python, environment: [:], memoryMB: 16,
        program: [python.executable, "-c", "open('written', 'w')"])
      let words = try own.words(request, in: folder)
      let done = try await Launcher.run(
        Command(
          words[0], Array(words.dropFirst()), environment: ["PATH": Launcher.defaultPath], directory: folder,
          timeout: .seconds(20), outputLimit: 64 << 10, mergesErrorIntoOutput: true))
      var status = stat()
      return done.succeeded && lstat("\(folder)/testbed/written", &status) == 0 && status.st_uid == TestUser.id
    }
    if !isHeld { own.identity = .root }
    return own
  }

  /// Who trees belong to; nil is ramp's user.
  var owner: UInt32? { if case .testUser = identity { TestUser.id } else { nil } }

  /// What is missing here.
  var gaps: [String] {
    var gaps: [String] = []
    if !hasFilter { gaps.append("no filter of system calls") }
    if identity == .root { gaps.append("root's own number, for no other user can run this Python") }
    return gaps
  }

  // MARK: - Words

  /// The words that run `request.program` in a sandbox: in the control group `group`, where layers are seen that
  /// `overlay` mounts. `folder` is the run's own.
  func words(
    _ request: SandboxRequest, in folder: String, group: ControlGroup? = nil, overlay: [String]? = nil
  ) throws -> [String] {
    var sandbox = [executable] + filterWords + arguments(request)
    if let network = request.network { sandbox = network.words(in: folder) + sandbox }
    return try filtering(
      group.map { [$0.entry] } ?? [], overlay.map { $0 + sandbox } ?? sandbox, in: folder, network: request.network)
  }

  private var filterWords: [String] { hasFilter ? ["--seccomp", "9"] : [] }

  /// The words that run `program` with the filter at its descriptor 9, after the shell's `commands`.
  private func filtering(
    _ commands: [String], _ program: [String], in folder: String, network: BuildNetwork?
  ) throws -> [String] {
    var commands = commands
    let file = "\(folder)/calls"
    if hasFilter {
      let filter: CallFilter = if case .shared? = network { [.sharesNetwork] } else { [] }
      guard let bytes = filter.bytes else { throw WorkspaceError.sandboxFailed(reason: "no filter for this processor") }
      try FileTree.write(bytes, to: "calls", under: folder)
      commands.append("exec 9<\"$0\"")
    }
    if commands.isEmpty { return program }
    return ["/bin/sh", "-c", (commands + ["exec \"$@\""]).joined(separator: " && "), file] + program
  }

  /// Why no sandbox was made, by what was said.
  static func error(behind output: [UInt8]) -> WorkspaceError {
    let last = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).last
    return refusal(output) ?? .sandboxFailed(reason: last.map(String.init) ?? "it said nothing")
  }

  /// The arguments of a sandbox for `request`: its tree at `/testbed` and temporary folders to write to, the system and
  /// the Python to read, a loopback of its own for a network, and nothing else.
  func arguments(_ request: SandboxRequest) -> [String] {
    let tree = request.tree
    let variables = request.environment.sorted { $0.key < $1.key }
    var arguments = ["--die-with-parent", "--new-session", "--hostname", "testbed", "--clearenv", "--cap-drop", "ALL"]
    var program = request.program
    let sharesNetwork = if case .shared? = request.network { true } else { false }
    if case .own? = request.network { arguments += BuildNetwork.options }
    // What a folder in memory may be written by, where it is not made by the program's user.
    var everyone: [String] = []
    if case .testUser(let setpriv) = identity {
      for kind in ["ipc", "pid", "uts", "cgroup-try"] { arguments.append("--unshare-\(kind)") }
      if !sharesNetwork { arguments.append("--unshare-net") }
      arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
      everyone = ["--perms", "1777"]
      // The variables come last: none of them tells root's programs anything.
      program =
        [setpriv, "--reuid", "\(TestUser.id)", "--regid", "\(TestUser.id)", "--clear-groups", "--inh-caps=-all"]
        + ["--no-new-privs", "/usr/bin/env", "-i"] + variables.map { "\($0.key)=\($0.value)" } + program
    } else {
      arguments += ["--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
      if sharesNetwork { arguments.append("--share-net") }
      if options.contains("--disable-userns") { arguments.append("--disable-userns") }
      for (name, value) in variables { arguments += ["--setenv", name, value] }
    }
    arguments += ["--ro-bind", "/usr", "/usr"]
    for folder in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] {
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder) {
        arguments += ["--symlink", target, folder]
      } else {
        arguments += ["--ro-bind-try", folder, folder]
      }
    }
    // bubblewrap reads the table of all mounts for each of its own: one folder is quicker than its files.
    arguments += ["--bind", request.stands, "/etc", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    // The kernel's settings, and the names of keys. bubblewrap covers these only where it can write to them itself.
    for place in ["sys", "sysrq-trigger", "irq", "bus"] {
      arguments += ["--ro-bind-try", "/proc/\(place)", "/proc/\(place)"]
    }
    if access("/proc/keys", F_OK) == 0 { arguments += ["--ro-bind", "/dev/null", "/proc/keys"] }
    // What lies in these is memory. Semaphores and shared arrays need little of it.
    for (folder, share) in [("/tmp", 1), ("/home", 1), ("/dev/shm", 4)] {
      if options.contains("--size") { arguments += ["--size", String((request.memoryMB << 20) / share)] }
      arguments += everyone + ["--tmpfs", folder]
    }
    arguments += everyone + ["--dir", Bubblewrap.home]
    let python = request.python
    if owner != nil {
      // bubblewrap would make the folders above a mount for its own user alone.
      let places = python.folders + python.links.keys + (request.readable + request.writable).map(\.at)
      for folder in Bubblewrap.folders(above: places) {
        let isHome = folder.hasPrefix("\(Bubblewrap.home)/")
        arguments += ["--perms", isHome ? "1777" : "0755", "--dir", folder]
      }
    }
    for folder in python.folders { arguments += ["--ro-bind", folder, folder] }
    for (link, real) in python.links.sorted(by: { $0.key < $1.key }) { arguments += ["--ro-bind", real, link] }
    for mount in request.readable { arguments += ["--ro-bind", mount.from, mount.at] }
    for mount in request.writable { arguments += ["--bind", mount.from, mount.at] }
    arguments += ["--bind", tree, "/testbed"]
    // What something is mounted on can be neither removed nor renamed, so the folders above are mounted too.
    for folder in FixedFiles.folders(above: request.fixed) {
      arguments += ["--bind", "\(tree)/\(folder)", "/testbed/\(folder)"]
    }
    for file in request.fixed { arguments += ["--ro-bind", "\(tree)/\(file)", "/testbed/\(file)"] }
    // Nothing of git is in the tree, and nothing can be put where git would look for it.
    arguments += ["--tmpfs", "/testbed/.git", "--remount-ro", "/testbed/.git"]
    for place in ["/etc", "/dev", "/"] { arguments += ["--remount-ro", place] }
    return arguments + ["--chdir", "/testbed", "--"] + program
  }

  /// The folders above `places` that nothing else makes, outer ones first.
  private static func folders(above places: [String]) -> [String] {
    var folders: Set<String> = []
    for place in places {
      var folder = PathText.folder(of: place)
      while folder.utf8.count > 1 {
        folders.insert(folder)
        folder = PathText.folder(of: folder)
      }
    }
    let made = ["/home", home, "/tmp", "/dev", "/dev/shm", "/proc"]
    return folders.filter { folder in
      !made.contains(folder)
        && !["/usr", "/etc", "/bin", "/lib"].contains { folder == $0 || folder.hasPrefix("\($0)/") }
    }.sorted()
  }

  /// Where the tests' home is, in the sandbox.
  static let home = "/home/ramp"

  /// Files of `/etc` that programs look into and that must not be the machine's.
  private var standIns: [String: String] {
    let user = owner ?? 1000
    return [
      "passwd": "root:x:0:0:root:/root:/bin/sh\nramp:x:\(user):\(user):ramp:/home/ramp:/bin/sh\n",
      "group": "root:x:0:\nramp:x:\(user):\n",
      "hosts": "127.0.0.1 localhost testbed\n::1 localhost\n",
    ]
  }

  /// Writes the sandbox's `/etc` to the folder `etc` in `folder`; with a network names are looked for there too.
  func writeStandIns(under folder: String, network: BuildNetwork? = nil) throws {
    try FileTree.makeFolder("etc", under: folder)
    var resolver = ""
    if case .own? = network {
      // The machine's own may be at its loopback. Where names end stays.
      let lines = ((try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)) ?? "").split(separator: "\n")
      let kept = lines.filter { $0.hasPrefix("search ") || $0.hasPrefix("domain ") }
      resolver = (["nameserver \(BuildNetwork.resolver)"] + kept).joined(separator: "\n") + "\n"
    }
    try FileTree.write(Array(resolver.utf8), to: "etc/resolv.conf", under: folder)
    for (name, text) in standIns { try FileTree.write(Array(text.utf8), to: "etc/\(name)", under: folder) }
    let hosts = network == nil ? "files" : "files dns"
    let names = Array("passwd: files\ngroup: files\nhosts: \(hosts)\n".utf8)
    try FileTree.write(names, to: "etc/nsswitch.conf", under: folder)
    for (name, bytes) in Bubblewrap.copies { try FileTree.write(bytes, to: "etc/\(name)", under: folder) }
  }

  /// Files of the machine's `/etc` that tell nothing of it, as they were when they were first asked for.
  private static let copies: [String: [UInt8]] = Dictionary(
    uniqueKeysWithValues: ["ld.so.cache", "localtime"].compactMap { name in
      FileManager.default.contents(atPath: "/etc/\(name)").map { (name, Array($0)) }
    })

  /// The error behind what bubblewrap wrote, or nil where it wrote none.
  static func refusal(_ output: [UInt8]) -> WorkspaceError? {
    let lines = String(decoding: output.prefix(4096), as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.hasPrefix("bwrap: ") })?.dropFirst(7) else { return nil }
    let reason = String(line)
    let forbidden = ["ermission", "not permitted", "namespace", "uid map"].contains { reason.contains($0) }
    return forbidden
      ? .sandboxForbidden(reason: reason, setting: forbiddingSetting()) : .sandboxFailed(reason: reason)
  }

  /// The assignment for `sysctl` that would lift what the kernel forbids, where one can be told. Debian and Ubuntu have
  /// the first two; a limit of no namespaces is any kernel's.
  private static func forbiddingSetting() -> String? {
    func reads(_ path: String, _ value: String) -> Bool {
      let text = try? String(contentsOfFile: "/proc/sys/\(path)", encoding: .utf8)
      return text?.trimmingCharacters(in: .whitespacesAndNewlines) == value
    }
    if reads("kernel/unprivileged_userns_clone", "0") { return "kernel.unprivileged_userns_clone=1" }
    if reads("kernel/apparmor_restrict_unprivileged_userns", "1") {
      return "kernel.apparmor_restrict_unprivileged_userns=0"
    }
    if reads("user/max_user_namespaces", "0") { return "user.max_user_namespaces=10000" }
    return nil
  }
}
