/// The key of a stage: what its artifact depends on, and nothing else.
///
/// key = hash(stage, format version, hashes of the inputs, the options it reads). Every field is written as its name,
/// its length in bytes and its bytes, so that no two different sets of fields share one spelling. The order of the
/// calls does not matter: fields are sorted by name.
package struct Key: Sendable {
  private let stage: String
  private let version: Int
  private var fields: [String: String] = [:]

  /// A key of `stage`, whose way of making artifacts has the given `version`. A change of what a stage does with equal
  /// inputs must raise it.
  package init(stage: String, version: Int) {
    self.stage = stage
    self.version = version
  }

  /// Adds the content hash of an input; nil stands for an input that was not made.
  package mutating func add(input name: String, _ hash: Hash?) {
    fields["input/\(name)"] = hash?.hex ?? "-"
  }

  /// Adds an option that the stage reads.
  package mutating func add(option name: String, _ value: String) {
    fields["option/\(name)"] = value
  }

  /// The key as a hash.
  package var hash: Hash {
    var text = "ramp key\n\(stage)\n\(version)\n"
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      text += "\(name.utf8.count):\(name)=\(value.utf8.count):\(value)\n"
    }
    return Hash(of: text)
  }
}
