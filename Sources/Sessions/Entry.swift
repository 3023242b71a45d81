import Attempts

/// One line that was carried out in a sitting, as `save` will want it.
package struct Entry: Hashable, Codable, Sendable {
  package enum Kind: Hashable, Codable, Sendable {
    /// It only looked, so a saved session does without it.
    case looks
    /// A remark: it stays.
    case remarks
    /// It changed what the next take is made from. A later line with the same `slot` takes its place where no take lies
    /// between. Without one it is never replaced, and no line before it is by one behind it. It concerns takes of the
    /// instance `of` alone; nil is all.
    case changes(slot: String?, of: String? = nil)
    /// It takes back the earlier line whose slot is `slot`, and both go where no take lies between.
    case undoes(slot: String, of: String? = nil)
    /// It judges the last take.
    case expects
    /// It made takes; `batch` is the one whose takes it made them of, nil for the sitting's own.
    case takes(instanceID: String, ids: [TakeID], batch: Int? = nil)
    /// It ran the batch of this number in the journal.
    case batch(Int)
    /// It brought the takes of an instance into view: those of a batch, or with nil the sitting's own.
    case opens(String, batch: Int? = nil)
  }

  /// The words of the line, quoted where they need it.
  package let line: String
  package let kind: Kind

  package init(line: String, kind: Kind) {
    self.line = line
    self.kind = kind
  }
}
