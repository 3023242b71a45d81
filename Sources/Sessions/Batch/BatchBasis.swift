import Attempts
import Content
import Journal
import Prompts

/// What a batch was made from, kept beside it in the journal: its takes can be opened, and made again, where neither its
/// rows nor its settings are at hand.
package struct BatchBasis: Codable, Sendable {
  /// The canonical bytes of the settings with which every attempt began.
  private let settingsText: String
  /// The most attempts of an instance.
  let attempts: Int
  /// Which run with the same settings it was, from 0.
  let repetition: Int
  /// The instances in the order in which they were asked for.
  package let ids: [String]
  /// The hash of each row's canonical bytes, which the journal keeps.
  let rows: [String: Hash]
  /// The name of each row's set.
  let sets: [String: String]
  /// The templates that are not built in.
  let templates: [TemplateText]
  /// The folder in which the relative path of the model's file begins.
  let folder: String

  init(
    _ request: BatchRequest, rows: [String: Hash], sets: [String: String], templates: [TemplateText], folder: String
  ) throws {
    settingsText = String(decoding: try Canonical.bytes(request.settings), as: UTF8.self)
    attempts = request.attempts
    repetition = request.repetition
    ids = request.ids
    self.rows = rows
    self.sets = sets
    self.templates = templates
    self.folder = folder
  }

  /// The settings with which every attempt began; nil for what are none. What its ramp did not know is the default.
  var settings: Settings? { Settings.kept(settingsText) }
}
