/// What a program needs around it, whatever makes the sandbox.
struct SandboxRequest: Sendable {
  /// A file or folder of the machine's, and where it is in the sandbox.
  struct Mount: Hashable, Sendable {
    let from: String
    let at: String
  }

  /// The folder of the machine's that is at `/testbed`, to write to.
  var tree: String
  /// Files of the tree that stay as they are, whatever the program tries.
  var fixed: [String] = []
  /// A folder of the machine's with the stand-ins for files of `/etc`.
  var stands: String
  /// The Python whose folders can be read.
  var python: Python
  var readable: [Mount] = []
  var writable: [Mount] = []
  var environment: [String: String]
  /// How much temporary folders may hold.
  var memoryMB: Int
  /// The network that is reached while an environment is made; nil for none.
  var network: BuildNetwork?
  /// The program and its arguments.
  var program: [String]
}
