/// What a rendering may cost, and what it has cost: a template of a few lines can loop over lists within lists, or double a
/// text again and again.
final class Meter {
  /// The most nodes, rounds of loops and items of lists.
  static let steps = 300_000
  /// The most bytes that are rendered, and that one text may have on the way.
  static let bytes = 64 << 20

  private var steps = 0
  private var bytes = 0

  /// Counts `steps`. Throws where they are too many, or where the task that renders is cancelled.
  func spend(steps more: Int = 1, at position: () -> TemplateError.Position) throws(TemplateError) {
    let before = steps
    steps += more
    if steps > Meter.steps { throw .tooLong("has taken more than \(Meter.steps) steps", at: position()) }
    if before >> 12 != steps >> 12, Task.isCancelled { throw .cancelled(at: position()) }
  }

  /// Counts rendered text.
  func spend(_ pieces: [Piece], at position: () -> TemplateError.Position) throws(TemplateError) {
    bytes += try Meter.size(of: pieces, at: position)
    if bytes > Meter.bytes { throw Meter.tooMuchText(at: position()) }
  }

  /// The bytes of a text. Throws where they are too many.
  @discardableResult
  static func size(of pieces: [Piece], at position: () -> TemplateError.Position) throws(TemplateError) -> Int {
    let size = pieces.reduce(0) { $0 + $1.text.utf8.count }
    if size > bytes || pieces.count > steps { throw tooMuchText(at: position()) }
    return size
  }

  private static func tooMuchText(at position: TemplateError.Position) -> TemplateError {
    .tooLong("has made more than \(bytes >> 20) MB of text", at: position)
  }
}
