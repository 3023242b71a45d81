import Content
import Foundation
import Processes
import Repositories

/// What ramp keeps on disk and can make anew: mirrors, checkouts, trees, environments, sets of rows, and images of rows.
package struct CacheShelf: Sendable {
  /// What is kept.
  package enum Kind: String, CaseIterable, Codable, Sendable {
    case mirror, checkout, tree, environment, dataset, image

    /// Its folder in the cache, and how many folders down one entry lies; nil where an engine of containers keeps it.
    fileprivate var place: (folder: String, depth: Int)? {
      switch self {
      case .mirror: ("mirrors", 2)
      case .checkout: ("checkouts", 3)
      case .tree: ("trees", 4)
      case .environment: ("environments", 1)
      case .dataset: ("datasets", 1)
      case .image: nil
      }
    }

    /// True where ramp makes it, or an engine pulls it, again by itself. Mirrors and sets of rows come from elsewhere.
    fileprivate var isTrimmed: Bool { self != .mirror && self != .dataset }
  }

  /// One thing that is kept.
  package struct Entry: Hashable, Codable, Sendable {
    package let kind: Kind
    /// Its path within the folder of its kind, or an image's name.
    package let name: String
    package let bytes: Int
    /// When it was last used.
    package let used: Date
  }

  /// The folder of the cache.
  package let root: String
  /// What finds docker and podman.
  private let ladder: Ladder
  private let path: String?

  /// How long to wait for what another ramp is about to remove.
  static let moment = Duration.milliseconds(2)

  /// How long what was used stays, in seconds.
  package static let rest: TimeInterval = 3600

  package init(root: String, pythons: Pythons, path: String?) {
    self.root = root
    self.ladder = pythons.ladder
    self.path = path
  }

  /// What is kept, the entry that was used longest ago first.
  package func entries() async throws -> [Entry] {
    var entries: [Entry] = []
    for kind in Kind.allCases {
      try Task.checkCancellation()
      guard let place = kind.place else { continue }
      for name in CacheShelf.names(in: "\(root)/\(place.folder)", depth: place.depth) {
        let path = "\(root)/\(place.folder)/\(name)"
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        let used = Date(timeIntervalSince1970: TimeInterval(status.st_mtim.tv_sec))
        entries.append(Entry(kind: kind, name: name, bytes: CacheShelf.size(path), used: used))
      }
    }
    return (entries + (await images())).sorted { ($0.used, $0.name) < ($1.used, $1.name) }
  }

  /// What trimming came to.
  package struct Trimming: Sendable {
    package internal(set) var removed: [Entry] = []
    /// What would have gone, and is used by a ramp now.
    package internal(set) var inUse: [Entry] = []
    /// The bytes that are kept still.
    package internal(set) var left: Int
  }

  /// Removes what was used longest ago until all that is kept takes no more than `limit` bytes. Mirrors and sets of rows
  /// stay, and so does what was used within `rest` seconds and what a ramp uses now, this one or another.
  package func trim(to limit: Int, rest: TimeInterval = CacheShelf.rest) async throws -> Trimming {
    let entries = try await entries()
    var trimming = Trimming(left: entries.reduce(0) { $0 + $1.bytes })
    for entry in entries where trimming.left > limit && entry.kind.isTrimmed && entry.used < .now - rest {
      try Task.checkCancellation()
      switch await remove(entry) {
      case .removed:
        trimming.removed.append(entry)
        trimming.left -= entry.bytes
      case .inUse: trimming.inUse.append(entry)
      case .kept: break
      }
    }
    return trimming
  }

  /// Notes that the entry at `path` is used now.
  static func touch(_ path: String) { _ = utimes(path, nil) }

  private enum Removal { case removed, inUse, kept }

  private func remove(_ entry: Entry) async -> Removal {
    guard let place = entry.kind.place else {
      guard let engine = try? await ladder.engine(nil, path: path),
        let done = try? await engine.ask(["rmi", entry.name]), done.succeeded
      else { return .kept }
      return .removed
    }
    let path = "\(root)/\(place.folder)/\(entry.name)"
    // It may have been used since it was looked at.
    var status = stat()
    guard lstat(path, &status) == 0, TimeInterval(status.st_mtim.tv_sec) <= entry.used.timeIntervalSince1970 else {
      return .kept
    }
    guard let lock = entry.kind == .tree ? TreePool.lock(path) : CacheHold.alone(path) else { return .inUse }
    defer { close(lock) }
    // It goes from its place at once, so that nobody finds half of it.
    let aside = "\(root)/.removed-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    guard rename(path, aside) == 0 else { return .kept }
    if entry.kind == .environment { unlink("\(path).log") }
    return TemporaryFolder.remove(aside) ? .removed : .kept
  }

  /// The official images of rows that an engine keeps; none where there is no engine that answers.
  private func images() async -> [Entry] {
    let format = "{{.Repository}}:{{.Tag}}\t{{.Size}}\t{{.CreatedAt}}"
    guard let engine = try? await ladder.engine(nil, path: path),
      let done = try? await engine.ask(["images", "--format", format], seconds: 20), done.succeeded
    else { return [] }
    return String(decoding: done.output, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
      let parts = line.split(separator: "\t").map(String.init)
      guard parts.count == 3, parts[0].contains("\(ContainerEngine.namespace)/sweb.eval.") else { return nil }
      let mark = "\(root)/images/\(CacheShelf.file(parts[0]))"
      var status = stat()
      let used =
        lstat(mark, &status) == 0 ? Date(timeIntervalSince1970: TimeInterval(status.st_mtim.tv_sec)) : .distantPast
      return Entry(kind: .image, name: parts[0], bytes: CacheShelf.bytes(parts[1]), used: used)
    }
  }

  /// Notes in the folder `marks` that an image is used now.
  static func note(_ image: String, in marks: String) {
    try? FileManager.default.createDirectory(atPath: marks, withIntermediateDirectories: true)
    let mark = "\(marks)/\(file(image))"
    let file = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    if file >= 0 { close(file) }
    touch(mark)
  }

  private static func file(_ image: String) -> String { image.replacingOccurrences(of: "/", with: "+") }

  /// The bytes of `3.21GB`, as the engines tell a size.
  static func bytes(_ text: String) -> Int {
    let number = Double(text.prefix { $0.isNumber || $0 == "." }) ?? 0
    let unit = text.drop { $0.isNumber || $0 == "." || $0 == " " }.lowercased()
    let scale: [String: Double] = ["b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1024, "mib": 1_048_576]
    return Int(number * (scale[unit] ?? 1))
  }

  /// The paths of what lies `depth` folders down in `folder`.
  private static func names(in folder: String, depth: Int) -> [String] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    if depth == 1 { return names.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".log") } }
    return names.flatMap { name in CacheShelf.names(in: "\(folder)/\(name)", depth: depth - 1).map { "\(name)/\($0)" } }
  }

  /// How much of the disk `path` takes, links not followed.
  private static func size(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    var bytes = Int(status.st_blocks) * 512
    guard status.st_mode & S_IFMT == S_IFDIR else { return bytes }
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    where lstat("\(path)/\(name)", &status) == 0 { bytes += Int(status.st_blocks) * 512 }
    return bytes
  }
}
