import Foundation
import Processes
import Repositories

/// bubblewrap: what this one can do, and the arguments that make a sandbox of ours.
struct Bubblewrap: Sendable {
  /// The program's path.
  let executable: String
  /// The options it knows, of those that not every version does.
  let options: Set<String>

  private static let asked = ["--size", "--disable-userns"]

  /// The one at `found`, asked for its options and tried.
  ///
  /// - Throws: `WorkspaceError.sandboxForbidden`, `.sandboxFailed`.
  static func ask(_ found: String) async throws -> Bubblewrap {
    let help = try await Launcher.run(
      Command(found, ["--help"], timeout: .seconds(10), outputLimit: 64 << 10, mergesErrorIntoOutput: true))
    let text = String(decoding: help.output, as: UTF8.self)
    let bubblewrap = Bubblewrap(executable: found, options: Set(asked.filter { text.contains("\($0) ") }))
    let trial = ["--unshare-all", "--unshare-user", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc"]
    let tried = try await Launcher.run(
      Command(
        found, trial + ["--", "/bin/true"], timeout: .seconds(10), outputLimit: 64 << 10, mergesErrorIntoOutput: true))
    if tried.succeeded { return bubblewrap }
    throw error(behind: tried.output)
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
    var arguments = [
      "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--uid", "1000", "--gid", "1000",
      "--hostname", "testbed", "--cap-drop", "ALL", "--clearenv",
    ]
    if request.network { arguments.append("--share-net") }
    if options.contains("--disable-userns") { arguments.append("--disable-userns") }
    for (name, value) in request.environment.sorted(by: { $0.key < $1.key }) { arguments += ["--setenv", name, value] }
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
    // What lies in these is memory. Semaphores and shared arrays need little of it.
    for (folder, share) in [("/tmp", 1), ("/home", 1), ("/dev/shm", 4)] {
      if options.contains("--size") { arguments += ["--size", String((request.memoryMB << 20) / share)] }
      arguments += ["--tmpfs", folder]
    }
    arguments += ["--dir", Bubblewrap.home]
    let python = request.python
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
    return arguments + ["--chdir", "/testbed", "--"] + request.program
  }

  /// Where the tests' home is, in the sandbox.
  static let home = "/home/ramp"

  /// Files of `/etc` that programs look into and that must not be the machine's.
  static let standIns = [
    "passwd": "root:x:0:0:root:/root:/bin/sh\nramp:x:1000:1000:ramp:/home/ramp:/bin/sh\n",
    "group": "root:x:0:\nramp:x:1000:\n",
    "hosts": "127.0.0.1 localhost testbed\n::1 localhost\n",
    "resolv.conf": "",
  ]

  /// Writes the sandbox's `/etc` to the folder `etc` in `folder`; with a network names are looked for there too.
  static func writeStandIns(under folder: String, network: Bool = false) throws {
    try FileTree.makeFolder("etc", under: folder)
    for (name, text) in standIns { try FileTree.write(Array(text.utf8), to: "etc/\(name)", under: folder) }
    let hosts = network ? "files dns" : "files"
    let names = Array("passwd: files\ngroup: files\nhosts: \(hosts)\n".utf8)
    try FileTree.write(names, to: "etc/nsswitch.conf", under: folder)
    for (name, bytes) in copies { try FileTree.write(bytes, to: "etc/\(name)", under: folder) }
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
