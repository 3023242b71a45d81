import Content
import Foundation

/// Texts kept once each by their content, and packed: lists of JSON strings, each a gzip member in base64.
struct TextStore {
  /// About how many bytes of text are in one pack: a browser opens one where a text of it is wanted.
  private static let packSize = 256 << 10

  /// The most bytes that the packs may have together.
  private let limit: Int
  private(set) var packs: [String] = []
  /// Of each pack the number of its first text.
  private(set) var starts: [Int] = []
  private var numbers: [String: Int] = [:]
  private var count = 0
  private var pending: [OrderedJSON] = []
  private var pendingSize = 0
  private var size = 0
  /// How many passages found no room.
  private(set) var leftOut = 0

  init(limit: Int) { self.limit = limit }

  /// The number of a text, from 0; nil where there is no room left for another.
  mutating func number(of text: String) -> Int? {
    if let number = numbers[text] { return number }
    guard size < limit else {
      leftOut += 1
      return nil
    }
    if pending.isEmpty { starts.append(count) }
    numbers[text] = count
    count += 1
    pending.append(.text(SafeText.visible(text)))
    pendingSize += text.utf8.count
    if pendingSize >= TextStore.packSize { close() }
    return count - 1
  }

  /// Closes the last pack.
  mutating func close() {
    guard !pending.isEmpty else { return }
    let pack = TextStore.packed(OrderedJSON.list(pending).line)
    packs.append(pack)
    size += pack.utf8.count
    (pending, pendingSize) = ([], 0)
  }

  /// Bytes as a gzip member in base64; empty where there was no memory for it.
  static func packed(_ bytes: [UInt8]) -> String {
    Gzip.compressed(bytes).map { Data($0).base64EncodedString() } ?? ""
  }
}
