import Attempts

/// One line that was carried out in a sitting, as `save` will want it.
package struct Entry: Hashable, Codable, Sendable {
  package enum Kind: Hashable, Codable, Sendable {
    /// It only looked, so a saved session does without it.
    case looks
    /// It changed what the next take is made from. A later line with the same `slot` takes its place where no take lies
    /// between; nil is never replaced.
    case changes(slot: String?)
    /// It takes back the earlier line whose slot is `slot`, and both go where no take lies between.
    case undoes(slot: String, own: String)
    /// It judges the last take.
    case expects
    /// It made takes.
    case takes(instanceID: String, ids: [TakeID])
  }

  /// The words of the line, quoted where they need it.
  package let line: String
  package let kind: Kind

  package init(line: String, kind: Kind) {
    self.line = line
    self.kind = kind
  }
}
