import Content
import Foundation
import Processes
import Repositories

/// The network while an environment is made: one of its own, on which slirp4netns stands between it and the machine's, so
/// that neither the machine's loopback nor its abstract unix sockets are there; else the machine's.
enum BuildNetwork: Hashable, Sendable {
  /// By the slirp4netns at this path.
  case own(slirp: String)
  /// The machine's, and why.
  case shared(reason: String)

  /// The addresses that the sandbox sees: of a block that is for measuring networks and is used by none.
  private static let block = "198.18.71.0/24"
  /// Where names are asked for.
  static let resolver = "198.18.71.3"

  /// What holds an installation, in words.
  var told: String {
    switch self {
    case .own: "network of its own by slirp4netns"
    case .shared(let reason): "the machine's network, services of this machine can be reached: \(reason)"
    }
  }

  /// The best that works for a sandbox of `bubblewrap`, tried by making one.
  static func probe(
    _ bubblewrap: Bubblewrap, world: InstallWorld, python: Python, in root: String, path: String
  ) async throws -> BuildNetwork {
    if world.hasLocalRegistry { return .shared(reason: "a registry or a proxy is one") }
    guard let slirp = Launcher.find("slirp4netns", path: path) else {
      return .shared(reason: "`apt install slirp4netns` prevents it")
    }
    let network = BuildNetwork.own(slirp: slirp)
    return try await TemporaryFolder.use(in: root) { folder in
      try FileTree.makeFolder("testbed", under: folder, owner: bubblewrap.owner)
      try bubblewrap.writeStandIns(under: folder, network: network)
      let request = SandboxRequest(
        tree: "\(folder)/testbed", stands: "\(folder)/etc", python: python, environment: [:], memoryMB: 16,
        network: network, program: ["/bin/true"])
      let words = try bubblewrap.words(request, in: folder)
      let done = try await Launcher.run(
        Command(
          words[0], Array(words.dropFirst()), environment: ["PATH": Launcher.defaultPath], directory: folder,
          timeout: .seconds(20), outputLimit: 64 << 10, mergesErrorIntoOutput: true))
      if done.succeeded { return network }
      let last = String(decoding: done.output, as: UTF8.self).split(whereSeparator: \.isNewline).last
      return .shared(reason: last.map(String.init) ?? "slirp4netns ended with \(done.ending)")
    }
  }

  /// The words that come before those of a bubblewrap with `options`: it waits until its network is there.
  func words(in folder: String) -> [String] {
    guard case .own(let slirp) = self else { return [] }
    return ["/bin/sh", "-c", BuildNetwork.script, "sh", folder, slirp, BuildNetwork.block]
      + [geteuid() == 0 ? "--enable-sandbox" : "--enable-seccomp"]
  }

  /// The options of bubblewrap by which it tells of its process and waits.
  static let options = ["--info-fd", "8", "--block-fd", "7"]

  /// Starts bubblewrap, which tells of its process at 8 and waits at 7; gives that a network; waits for its end.
  private static let script = """
    exec 3<&0
    d=$1 slirp=$2 block=$3 more=$4; shift 4
    mkfifo "$d/info" "$d/go" "$d/ready" || exit 125
    "$@" <&3 8>"$d/info" 7<>"$d/go" &
    sandbox=$!
    exec 3<&-
    child= net=
    while read -r line; do
      case $line in *child-pid*) child=${line##*: }; child=${child%%,*} ;; esac
    done <"$d/info"
    if [ -n "$child" ]; then
      "$slirp" --configure --mtu=65520 --cidr="$block" --disable-host-loopback --enable-seccomp "$more" --ready-fd=5 \\
        "$child" tap0 5>"$d/ready" >"$d/network.log" 2>&1 </dev/null 9<&- &
      net=$!
      ready=
      read -r ready <"$d/ready"
      if [ -z "$ready" ]; then
        kill -9 "$sandbox"
        echo "slirp4netns: $(tail -n 1 "$d/network.log")"
        exit 125
      fi
      echo go >"$d/go"
    fi
    wait "$sandbox"
    code=$?
    [ -z "$net" ] || kill "$net"
    exit $code
    """
}
