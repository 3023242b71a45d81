import Foundation
import Processes
import Repositories

/// What an installation may know and read of the user's world: how the registries are reached, and nothing else.
struct InstallWorld: Sendable {
  let variables: [String: String]
  private let mounts: [SandboxRequest.Mount]
  /// True where a registry or a proxy is named that is on this machine's loopback.
  let hasLocalRegistry: Bool

  private static let prefixes = ["PIP_", "UV_"]
  private static let names: Set<String> = [
    "http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
  ]

  /// That of a user with these variables.
  init(_ environment: [String: String]) {
    let told = environment.filter { name, _ in
      InstallWorld.prefixes.contains { name.hasPrefix($0) } || InstallWorld.names.contains(name)
        || InstallWorld.names.contains(name.lowercased())
    }
    let home = environment["HOME"] ?? "/nonexistent"
    let configured = environment["PIP_CONFIG_FILE"] ?? "\(home)/.config/pip/pip.conf"
    let configuration: String? = [configured, "\(home)/.pip/pip.conf"].first { (path: String) in access(path, R_OK) == 0
    }
    var mounts: [SandboxRequest.Mount] = []
    for path in ["/etc/resolv.conf", "/etc/hosts", "/etc/ssl", "/etc/ca-certificates", "/etc/pki", "/etc/pip.conf"] {
      if let real = InstallWorld.real(path) { mounts.append(SandboxRequest.Mount(from: real, at: path)) }
    }
    if let configuration {
      mounts.append(SandboxRequest.Mount(from: configuration, at: "\(Bubblewrap.home)/.config/pip/pip.conf"))
    }
    // Folders of packages and files of certificates that are named there.
    let files = [configuration, "/etc/pip.conf"].compactMap(\.self)
    let texts = Array(told.values) + files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    for path in Set(texts.flatMap(InstallWorld.paths)).sorted() where !InstallWorld.isShown(path, home: home) {
      mounts.append(SandboxRequest.Mount(from: path, at: path))
    }
    let local = ["//localhost", "@localhost", "//127.", "@127.", "//[::1]", "@[::1]"]
    hasLocalRegistry = texts.contains { text in local.contains { text.lowercased().contains($0) } }
    variables = told.filter { $0.key != "PIP_CONFIG_FILE" && $0.key != "UV_CACHE_DIR" && $0.key != "PIP_CACHE_DIR" }
    self.mounts = mounts
  }

  /// The files and folders that it reads. On a network of its own names are asked for elsewhere.
  func mounts(for network: BuildNetwork) -> [SandboxRequest.Mount] {
    guard case .own = network else { return mounts }
    return mounts.filter { $0.at != "/etc/resolv.conf" }
  }

  /// The absolute paths in a text that are there.
  private static func paths(in text: String) -> [String] {
    text.split { $0.isWhitespace || $0 == "," || $0 == "=" }.map(String.init).compactMap { word in
      let path = word.hasPrefix("file://") ? String(word.dropFirst(7)) : word
      return path.hasPrefix("/") && path != "/" && access(path, R_OK) == 0 ? path : nil
    }
  }

  /// True where the sandbox shows `path` anyway, or must not: it holds the home folder.
  private static func isShown(_ path: String, home: String) -> Bool {
    ["/usr/", "/etc/ssl", "/etc/ca-certificates", "/etc/pki"].contains { path.hasPrefix($0) }
      || (home + "/").hasPrefix(path + "/")
  }

  private static func real(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}
