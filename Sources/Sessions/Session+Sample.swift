import Foundation
import Instances

extension Session {
  /// The source of the set of drawn rows.
  static let sampleSource = "sample"

  /// Makes the drawn rows a set of their own, beside those that they were drawn from.
  package func addSample(_ rows: [Dataset.Row]) throws {
    // What is there while nothing is loaded must be there afterwards too.
    if datasets.isEmpty { add(try practice()) }
    add(Dataset(name: "sample", source: Session.sampleSource, rows: rows))
    // A draw changes no take, so nothing else would keep it.
    keepSitting()
  }

  /// The ids of the drawn rows; nil where none were drawn.
  var sampleIDs: [String]? { datasets.last { $0.source == Session.sampleSource }?.rows.map(\.id) }

  /// Draws the same rows again from the sets that are loaded.
  ///
  /// - Returns: false where one of them is not there any more.
  func restoreSample(_ ids: [String]) throws -> Bool {
    let known = Dictionary(try rows().map { ($0.row.id, $0.row) }, uniquingKeysWith: { first, _ in first })
    let rows = ids.compactMap { known[$0] }
    add(Dataset(name: "sample", source: Session.sampleSource, rows: rows))
    return rows.count == ids.count
  }

  /// Where the file that `source` names is, whatever the current folder will be; other sources as they are.
  static func absolute(_ source: String) -> String {
    guard !["practice", sampleSource].contains(source), !source.hasPrefix("/"),
      FileManager.default.fileExists(atPath: source)
    else { return source }
    return (FileManager.default.currentDirectoryPath as NSString).appendingPathComponent(source)
  }
}
