/// What an issue names outright, held against the files of a tree.
struct Evidence: Sendable {
  /// From this much on a file counts as named in the issue.
  static let named = 1.0

  private var points: [String: Double] = [:]
  /// For each file the lines that the issue points to, with their weight, from its own paths and frames.
  private(set) var lines: [String: [(line: Int, weight: Double)]] = [:]
  /// For each file the names of functions and classes that the issue points to.
  private(set) var names: [String: Set<String>] = [:]

  /// Holds `mentions` against `paths` and the definitions found in `scanned`.
  init(_ mentions: Mentions, table: PathTable, scanned: [ScannedFile]) {
    addFiles(mentions.files, table)
    addModules(mentions.dotted, table)
    addDefinitions(mentions.names, scanned)
  }

  /// The points of `path`; 0 where the issue does not name it.
  func boost(_ path: String) -> Double { min(points[path] ?? 0, 6) }

  private mutating func add(_ weight: Double, to path: String) { points[path, default: 0] += weight }

  /// Paths count 3, bare names 2, and frames from the innermost out 3, 1.5, 1, ...: the outer ones are the framework's
  /// own way to any error.
  private mutating func addFiles(_ files: [Mentions.File], _ table: PathTable) {
    var frameDepth = 0
    var seen: Set<String> = []
    for file in files.reversed() {
      let found = table.ending(like: file.path).filter { PathKind($0) == .source }
      guard !found.isEmpty, found.count <= 3 else { continue }
      let isBare = !file.path.utf8.contains(UInt8(ascii: "/"))
      var weight = (isBare ? 2.0 : 3.0) / Double(found.count)
      if file.isFrame {
        frameDepth += 1
        weight = 3.0 / Double(frameDepth)
      }
      for path in found {
        if let line = file.line { lines[path, default: []].append((line, file.isFrame ? 3.0 / Double(frameDepth) : 3)) }
        if let function = file.function { names[path, default: []].insert(function) }
        if seen.insert(path).inserted { add(weight, to: path) }
      }
    }
  }

  /// Modules count 1.5, packages 0.4: an issue's first lines import from them whatever it is about.
  private mutating func addModules(_ dotted: [[String]], _ table: PathTable) {
    var seen: Set<String> = []
    for parts in dotted {
      guard let (path, used) = table.module(parts), PathKind(path) == .source else { continue }
      for name in parts[used...] { names[path, default: []].insert(name) }
      guard seen.insert(path).inserted else { continue }
      add(path.hasSuffix("__init__.py") ? 0.4 : 1.5, to: path)
    }
  }

  /// A name that is defined in at most three sources counts 1.2, shared between them.
  private mutating func addDefinitions(_ mentioned: [String], _ scanned: [ScannedFile]) {
    var found = [[String]](repeating: [], count: mentioned.count)
    for file in scanned where file.kind == .source {
      for name in Set(file.scan.definitions.map(\.name)) { found[name].append(file.path) }
    }
    for (index, files) in found.enumerated() {
      for path in files { names[path, default: []].insert(mentioned[index]) }
      guard (1...3).contains(files.count) else { continue }
      for path in files { add(1.2 / Double(files.count), to: path) }
    }
  }
}
