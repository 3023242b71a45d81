/// Which sandbox tests run in, as it was asked for.
package enum SandboxChoice: String, CaseIterable, Sendable {
  /// The best that works here without being asked for: bubblewrap, else Landlock.
  case on
  /// None: tests run as the user, with the network and every file of the user's.
  case off
  /// bubblewrap or nothing.
  case bwrap
  /// The kernel's Landlock, which needs no program.
  case landlock
  /// A container of the row's image, by docker or podman.
  case container

  /// What stands for it in the keys of stages. `on` and `off` are as they were when there was nothing else, so that
  /// what was recorded then keeps its keys.
  package var key: String {
    switch self {
    case .on: "true"
    case .off: "false"
    case .bwrap, .landlock, .container: rawValue
    }
  }
}

extension SandboxChoice: Codable {
  /// Reads a boolean, or the name of one of the others.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let isOn = try? container.decode(Bool.self) {
      self = isOn ? .on : .off
      return
    }
    let name = try container.decode(String.self)
    guard let choice = SandboxChoice(rawValue: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no sandbox is called \(name)")
    }
    self = choice
  }

  /// Writes `on` and `off` as a boolean, for the same reason as in `key`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .on: try container.encode(true)
    case .off: try container.encode(false)
    case .bwrap, .landlock, .container: try container.encode(rawValue)
    }
  }
}
