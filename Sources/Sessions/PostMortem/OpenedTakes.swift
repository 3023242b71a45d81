import Attempts
import Content
import Instances
import Prompts

/// The takes of batches that a sitting looks at, and what a rerun of them is made with. A batch keeps its takes under
/// names of its own in the journal, and nothing here writes there.
package struct OpenedTakes: Sendable {
  /// A batch that this sitting ran, or of which it opened something.
  struct Mark: Codable, Hashable, Sendable {
    let batch: Int
    /// True where a line of this sitting ran it.
    let isRun: Bool
    /// The sitting's settings, by their names, when it ran the batch or first opened something of it: what differs from
    /// them now was changed since.
    let settings: [String: String]
    let model: String?
    /// How many takes the sitting had made before it.
    let position: Int
  }

  /// Where the takes come from that are in view for an instance.
  package struct Origin: Sendable {
    /// The number of the batch; 0 where a saved session carries its takes.
    package let batch: Int
    package let title: String
    /// What the journal keeps the takes under.
    let key: String
    let row: Instance
    let set: String
    /// Those of the batch, as every attempt began with them.
    let settings: Settings
    let templates: [TemplateText]
    /// The takes of the batch: all others in view were made in the sitting.
    package let ids: Set<TakeID>
  }

  /// What is kept of an origin to open it again.
  struct Place: Codable, Hashable, Sendable {
    let batch: Int
    let key: String
  }

  private(set) var marks: [Mark] = []
  package private(set) var origins: [String: Origin] = [:]
  /// The sitting's own takes of instances of which others are in view.
  package private(set) var aside: [String: [Take]] = [:]
  /// The batch whose failures are walked; nil is the one that was run last.
  var walked: Int?

  /// The batch that was run or opened last in this sitting; nil for none.
  var last: Int? { marks.last?.batch }

  /// The place of a batch among those that lines of this sitting ran, from 1; nil where none did.
  func number(of batch: Int) -> Int? {
    marks.filter(\.isRun).firstIndex { $0.batch == batch }.map { $0 + 1 }
  }

  /// A batch begins, or something of one is opened, under these settings. The settings of the first time stay.
  mutating func mark(_ batch: Int, isRun: Bool, settings: Settings, position: Int) {
    if let index = marks.firstIndex(where: { $0.batch == batch }) {
      if !isRun { marks.append(marks.remove(at: index)) }
      return
    }
    marks.append(
      Mark(
        batch: batch, isRun: isRun, settings: Session.named(settings), model: settings.model, position: position))
  }

  mutating func restore(_ marks: [Mark]) { self.marks = marks }

  /// The takes of `origin` come into view for an instance; the sitting's own are put aside.
  mutating func open(_ id: String, _ origin: Origin, own: [Take]) {
    if origins[id] == nil { aside[id] = own }
    origins[id] = origin
  }

  /// The sitting's own takes come back. Gives them; nil where they are in view.
  mutating func close(_ id: String) -> [Take]? {
    guard origins.removeValue(forKey: id) != nil else { return nil }
    return aside.removeValue(forKey: id) ?? []
  }

  /// What is kept of it with the sitting.
  var places: [String: Place] { origins.mapValues { Place(batch: $0.batch, key: $0.key) } }

  /// The settings of a take that is made of opened ones: the batch's, and what was changed in the sitting since.
  func settings(of id: String, now: Settings) -> Settings {
    guard let origin = origins[id] else { return now }
    guard let mark = marks.first(where: { $0.batch == origin.batch }) else { return origin.settings }
    let then = Session.settings(mark.settings, model: mark.model)
    var made = origin.settings
    for setting in SettingTable.all where setting.value(in: now) != setting.value(in: then) {
      try? setting.set(setting.value(in: now), in: &made)
    }
    if now.model != then.model { (made.model, made.modelURL) = (now.model, now.modelURL) }
    return made
  }

  /// The settings in which a batch differs from the sitting, with both values.
  static func differences(_ batch: Settings, from sitting: Settings) -> [(name: String, batch: String, sitting: String)]
  {
    let models = (batch.model ?? "practice", sitting.model ?? "practice")
    let model = models.0 == models.1 ? [] : [("model", models.0, models.1)]
    return model
      + SettingTable.all.filter { !SettingTable.ofMachine.contains($0.name) }.compactMap { setting in
        let values = (setting.value(in: batch), setting.value(in: sitting))
        return values.0 == values.1 ? nil : (setting.name, values.0, values.1)
      }
  }
}
