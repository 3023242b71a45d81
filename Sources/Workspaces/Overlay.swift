import Foundation
import Processes
import Repositories

/// Layers seen as one folder by a program and by nobody else: a mount in a name space of the program's own, which is
/// gone with it. What the program writes goes to the upper layer; those below are never written to.
struct Overlay: Sendable {
  /// How a mount of this kind is made here.
  struct Maker: Hashable, Sendable {
    /// Root's own, or in a name space where an ordinary user is root.
    let asRoot: Bool
    let unshare: String
    let shell: String

    fileprivate func words(_ overlay: Overlay) -> [String] {
      // The first words are taken away before the program's: options, folder, how many paths to remove, the paths.
      let script = """
        mount -t overlay overlay -o "$1" "$2" && cd "$2" || exit 125
        n=$3; shift 3
        while [ "$n" -gt 0 ]; do rm -f -- "./$1"; shift; n=$((n - 1)); done
        cd / && exec "$@"
        """
      var options = "lowerdir=\(overlay.lower.joined(separator: ":")),upperdir=\(overlay.upper),workdir=\(overlay.work)"
      if !asRoot { options += ",userxattr" }
      return [unshare, asRoot ? "-m" : "-Urm", "--", shell, "-c", script, "sh", options, overlay.merged]
        + ["\(overlay.removed.count)"] + overlay.removed
    }

    /// The way that works in the folder `scratch`, tried by doing it; nil where none does.
    static func probe(in scratch: String?, path: String?) async throws -> Maker? {
      guard let unshare = Launcher.find("unshare", path: path) else { return nil }
      return try await TemporaryFolder.use(in: scratch) { folder in
        for name in ["lower", "upper", "work", "merged"] { try FileTree.makeFolder(name, under: folder) }
        try FileTree.write([], to: "lower/seen", under: folder)
        let overlay = Overlay(
          lower: ["\(folder)/lower"], upper: "\(folder)/upper", work: "\(folder)/work", merged: "\(folder)/merged",
          removed: [])
        for asRoot in geteuid() == 0 ? [true, false] : [false] {
          let maker = Maker(asRoot: asRoot, unshare: unshare, shell: "/bin/sh")
          guard
            let words = overlay.words(
              maker, ["/bin/sh", "-c", "test -f \"$1/seen\" && >\"$1/written\"", "sh", overlay.merged])
          else { return nil }
          let done = try await Launcher.run(
            Command(
              words[0], Array(words.dropFirst()), environment: ["PATH": Launcher.defaultPath],
              timeout: .seconds(10), outputLimit: 64 << 10, mergesErrorIntoOutput: true))
          if done.succeeded, try FileTree.read("upper/written", under: folder) != nil { return maker }
        }
        return nil
      }
    }
  }

  /// The layers below, the topmost first.
  let lower: [String]
  /// The layer that is written to.
  let upper: String
  /// An empty folder beside `upper`, for the kernel.
  let work: String
  /// The folder at which the layers are seen.
  let merged: String
  /// Paths in the layers that are removed first.
  let removed: [String]

  /// The words that run `program` where the layers are seen; nil where a path cannot be told to the kernel.
  func words(_ maker: Maker, _ program: [String]) -> [String]? {
    let paths = lower + [upper, work]
    if paths.contains(where: { $0.contains { ",:\\\"".contains($0) } }) { return nil }
    return maker.words(self) + program
  }
}
