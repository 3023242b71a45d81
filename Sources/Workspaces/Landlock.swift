import CLandlock
import Foundation
import Processes
import Repositories

/// Landlock: how ramp shuts a program in where there is no bubblewrap, and what that leaves out.
///
/// No file outside can be read but the system's and the Python's, none written but the tree's and its temporary
/// folders'; there are no sockets. What the kernel's Landlock does not hold is told by `gaps`.
struct Landlock: Sendable {
  /// ramp itself, by a path that stays right behind any `exec`.
  let launcher: String
  /// True where ramp is root and the tests become a user of their own, which nothing else belongs to.
  let changesUser: Bool
  /// The folder in which trees are made, so that the tests' user can reach them; nil is the system's place for temporary
  /// files.
  let trees: String?
  /// The kernel's version of it.
  let abi: Int32

  /// The system's folders.
  private static let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
  /// Files of the system's that programs look into. There are no stand-ins without a mount.
  private static let files = [
    "ld.so.cache", "alternatives", "localtime", "passwd", "group", "hosts", "nsswitch.conf",
  ]
  private static let devices = ["null", "zero", "full", "random", "urandom"]
  /// User ids from here on, 65,536 of them, are nobody's by systemd's table (`UIDS-GIDS`), which all distributions
  /// with it keep to.
  private static let firstUser: UInt32 = 0x7000_0000

  /// A user of one run's own, so that what is counted or killed by user is the run's alone; nil where the tests run as
  /// ramp's user.
  func user() -> UInt32? { changesUser ? Landlock.firstUser + UInt32.random(in: 0...0xFFFF) : nil }

  /// The words that run `request.program`, with `writable` folders and `user`.
  func words(_ request: SandboxRequest, writable: [String], user: UInt32?, options: WorkspaceOptions) -> [String] {
    var confinement = Confinement()
    let python = request.python
    confinement.readable =
      Landlock.system + Landlock.files.map { "/etc/\($0)" } + python.folders + python.links.values.sorted()
      + request.readable.map(\.from)
    confinement.writable =
      [request.tree] + writable + Landlock.devices.map { "/dev/\($0)" } + request.writable.map(\.from)
    confinement.user = user
    confinement.memory = options.memoryMB << 20
    confinement.fileSize = Limits.fileSize(options)
    confinement.seconds = Limits.seconds(options)
    // Root is exempt from the limit.
    confinement.processes = user == nil && geteuid() == 0 ? nil : options.processes
    confinement.program = request.program
    return [launcher] + confinement.words
  }

  /// True where the kernel limits the number of processes without a control group.
  var countsProcesses: Bool { changesUser || geteuid() != 0 }

  /// What is missing, beside a bubblewrap.
  var gaps: [String] {
    var gaps = ["no /testbed", "no private /tmp", "no /proc", "no sockets"]
    // Landlock does not hold modes and times, so the calls do nothing.
    if !changesUser { gaps.append("chmod and utime do nothing") }
    if abi < 6, !changesUser { gaps.append("your other programs can be killed") }
    return gaps
  }

  // MARK: - Finding out

  /// The best way that works here for `python` and trees in `scratch`, tried by doing it. Where `scratch` is closed to
  /// others, the tests' user gets trees in a folder that is open to all, rather than that it is given up.
  ///
  /// - Throws: `WorkspaceError.landlockUnusable`.
  static func probe(launcher: String?, python: Python, scratch: String?) async throws -> Landlock {
    guard let launcher else { throw WorkspaceError.landlockUnusable(reason: "this program cannot start itself for it") }
    var reason = ""
    let ways: [(changesUser: Bool, trees: String?)] =
      geteuid() == 0
      ? [(true, scratch)] + openFolders.map { (true, $0) } + [(false, scratch)] : [(false, scratch)]
    for way in ways {
      let landlock = Landlock(
        launcher: launcher, changesUser: way.changesUser, trees: way.trees, abi: clandlock_abi())
      do {
        guard let said = try await landlock.trial(python) else { return landlock }
        reason = said
      } catch let error as ProcessError {
        reason = error.localizedDescription
      } catch let error as NoTemporaryFolder where way.trees != scratch {
        reason = error.localizedDescription
      }
    }
    throw WorkspaceError.landlockUnusable(reason: reason)
  }

  /// Folders for temporary files that all users may enter.
  private static let openFolders = ["/tmp", "/var/tmp"]

  /// Runs a file of a tree in the Python, both by their whole paths, and writes to the tree, beside a file that must not
  /// be written. The answer is nil when all is as it should be, else what was said.
  private func trial(_ python: Python) async throws -> String? {
    try await TemporaryFolder.use(in: trees) { folder in
      for name in ["tree", "beside"] { try FileTree.makeFolder(name, under: folder) }
      try FileTree.write(Array("pass\n".utf8), to: "tree/probe.py", under: folder)
      let user = user()
      if let user {
        Landlock.open(folder, to: user)
        for name in ["tree", "beside"] { Landlock.give("\(folder)/\(name)", to: user, keeping: []) }
      }
      let script = """
        (: >"$1/beside/written") 2>/dev/null && { echo it holds nothing; exit 3; }
        : >"$1/tree/written" && shift && exec "$@"
        """
      let request = SandboxRequest(
        tree: "\(folder)/tree", stands: "", python: python, environment: [:], memoryMB: 0,
        program: ["/bin/sh", "-c", script, "sh", folder, python.executable, "\(folder)/tree/probe.py"])
      let words = words(request, writable: [], user: user, options: WorkspaceOptions())
      let done = try await Launcher.run(
        Command(
          words[0], Array(words.dropFirst()), environment: ["PATH": Launcher.defaultPath],
          directory: "\(folder)/tree", timeout: .seconds(20), outputLimit: 64 << 10, mergesErrorIntoOutput: true))
      if done.succeeded, try FileTree.read("tree/written", under: folder) != nil { return nil }
      return Landlock.complaint(done.output) ?? "a trial of it ended with \(done.ending)"
    }
  }

  /// The last line of what a program said, without the launcher's own beginning.
  static func complaint(_ output: [UInt8]) -> String? {
    let last = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).last.map(String.init)
    guard let last, last.hasPrefix(Confinement.complaint) else { return last }
    return String(last.dropFirst(Confinement.complaint.count))
  }

  // MARK: - Giving the tree away

  /// Lets `user`, and no other, through a folder of root's, but not look into it.
  static func open(_ folder: String, to user: UInt32) {
    lchown(folder, 0, user)
    chmod(folder, 0o710)
  }

  /// Gives what is in `tree` to `user`, but for the files `kept` and the folders above them. These stay root's, and the
  /// folders let the user make and remove files of its own only, so that none of `kept` can be changed, moved or
  /// replaced.
  ///
  /// Called before anything runs in it, so no link is there that ramp did not make; none is followed.
  static func give(_ tree: String, to user: UInt32, keeping kept: [String]) {
    let folders = Set(FixedFiles.folders(above: kept)).union(kept.isEmpty ? [] : [""])
    let kept = Set(kept)
    for path in [""] + (FileManager.default.enumerator(atPath: tree)?.compactMap { $0 as? String } ?? []) {
      let whole = path.isEmpty ? tree : "\(tree)/\(path)"
      if kept.contains(path) { continue }
      if folders.contains(path) {
        lchown(whole, 0, user)
        chmod(whole, 0o1775)
      } else {
        lchown(whole, user, user)
      }
    }
  }
}
