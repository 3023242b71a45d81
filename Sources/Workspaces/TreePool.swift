import CLandlock
import Content
import Foundation
import Processes
import Repositories

/// Trees of commits that tests have written to and that are brought back to their commit, for machines on which no
/// layers can be mounted: to bring one back costs a look at each of its files, and a new one is a copy of all.
///
/// What a file was is told by its inode and its change time, which only the kernel sets.
package actor TreePool {
  /// The folder of the trees: `owner/name/COMMIT/NUMBER` each, with `tree`, `state.json`, and the `lock` that the ramp
  /// which uses it holds to its end.
  package nonisolated let root: String
  private var idle: [String: [Place]] = [:]

  /// How many trees wait for their next use; the others are left to whoever locks them next.
  private static let waiting = 4
  /// How long until the clock of a file system has gone on for certain.
  private static let tick = Duration.milliseconds(20)

  /// A tree that is this ramp's.
  private struct Place {
    let folder: String
    let lock: Int32
    var state: TreeState

    var tree: String { "\(folder)/tree" }
  }

  /// The pool in `root`, which is made when it is first needed.
  package init(root: String) { self.root = root }

  /// True where the pool is on a file system that sets a file's change time whatever writes to it: one in memory does not
  /// for a file that was mapped.
  nonisolated var isTold: Bool {
    try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    // ext, XFS and Btrfs. Source: statfs(2).
    return [0xEF53, 0x5846_5342, 0x9123_683E].contains(clandlock_file_system(root) & 0xFFFF_FFFF)
  }

  deinit { for place in idle.values.joined() { close(place.lock) } }

  /// Runs `body` with a folder that holds the files of `tree` and nothing else, and that nobody else uses meanwhile.
  /// Afterwards nothing runs there any more, and it is brought back. The files belong to `owner`; nil is ramp's user.
  func use<Value: Sendable>(
    _ tree: Tree, owner: UInt32? = nil, _ body: (String) async throws -> Value
  ) async throws -> Value {
    let key = "\(root)/\(tree.repo)/\(tree.commit)\(TestUser.suffix(owner))"
    let place: Place
    if let last = idle[key]?.popLast() {
      place = last
    } else {
      place = try await self.place(of: tree, in: key, owner: owner)
    }
    let result: Result<Value, any Error>
    do { result = .success(try await body(place.tree)) } catch { result = .failure(error) }
    CacheShelf.touch(place.folder)
    // A cancelled task writes nothing more, and this must be done.
    await Task { await giveBack(place, of: tree, to: key, owner: owner) }.value
    return try result.get()
  }

  private func giveBack(_ place: Place, of tree: Tree, to key: String, owner: UInt32?) async {
    var place = place
    if let state = try? await place.state.restored(tree, in: place.tree, owner: owner) {
      place.state = state
      idle[key, default: []].append(place)
      if idle.values.reduce(0, { $0 + $1.count }) > TreePool.waiting,
        let other = idle.keys.first(where: { $0 != key && idle[$0]?.isEmpty == false }) ?? idle.keys.first,
        let left = idle[other]?.first
      {
        idle[other]?.removeFirst()
        close(left.lock)
      }
    } else {
      TemporaryFolder.remove(place.folder)
      close(place.lock)
    }
  }

  /// One that an earlier ramp has left, or a new one.
  private func place(of tree: Tree, in key: String, owner: UInt32?) async throws -> Place {
    do {
      try FileManager.default.createDirectory(atPath: key, withIntermediateDirectories: true)
    } catch {
      throw WorkspaceError.notWritten(reason: "\(key): \(ErrorText.of(error))")
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: key))?.sorted() ?? [] {
      let folder = "\(key)/\(name)"
      guard let lock = TreePool.lock(folder) else { continue }
      if let bytes = FileManager.default.contents(atPath: "\(folder)/state.json"),
        let state = try? JSONDecoder().decode(TreeState.self, from: bytes)
      {
        do {
          if let restored = try await state.restored(tree, in: "\(folder)/tree", owner: owner) {
            try await Task.sleep(for: TreePool.tick)
            return Place(folder: folder, lock: lock, state: restored)
          }
        } catch {
          close(lock)
          throw error
        }
      }
      // Nobody finished it, or it cannot be brought back.
      TemporaryFolder.remove(folder)
      close(lock)
    }
    return try await newPlace(of: tree, in: key, owner: owner)
  }

  private func newPlace(of tree: Tree, in key: String, owner: UInt32?) async throws -> Place {
    let folder = "\(key)/\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    var lock: Int32?
    do {
      // Before it is locked another ramp may take it for one that nobody finished.
      for _ in 0..<3 where lock == nil {
        try FileManager.default.createDirectory(atPath: "\(folder)/tree", withIntermediateDirectories: true)
        lock = TreePool.lock(folder)
      }
      guard let lock else { throw WorkspaceError.notWritten(reason: "\(folder) is locked") }
      if let owner, lchown("\(folder)/tree", owner, owner) != 0 {
        throw WorkspaceError.notWritten(reason: String(cString: strerror(errno)))
      }
      try await Checkout.write(tree, to: "\(folder)/tree", owner: owner)
      guard let state = TreeState(of: "\(folder)/tree") else {
        throw WorkspaceError.notWritten(reason: "\(folder) cannot be read")
      }
      try FileTree.write(Array(try JSONEncoder().encode(state)), to: "state.json", under: folder)
      // What is laid over it at once must differ in its time.
      try await Task.sleep(for: TreePool.tick)
      return Place(folder: folder, lock: lock, state: state)
    } catch {
      TemporaryFolder.remove(folder)
      if let lock { close(lock) }
      if FullDisk.isMeant(by: error) { throw FullDisk(place: PathText.folder(of: folder)) }
      if let error = error as? POSIXError {
        throw WorkspaceError.notWritten(reason: String(cString: strerror(error.code.rawValue)))
      }
      throw error
    }
  }

  /// The lock of the tree in `folder`, held until it is closed; nil where another ramp holds it.
  static func lock(_ folder: String) -> Int32? {
    let file = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else { return nil }
    var (own, there) = (stat(), stat())
    // Whoever removes the folder holds the lock of a file that is gone.
    if flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &own) == 0, stat("\(folder)/lock", &there) == 0,
      own.st_ino == there.st_ino
    {
      return file
    }
    close(file)
    return nil
  }
}

/// What the kernel says of each file of a tree.
struct TreeState: Codable, Hashable, Sendable {
  /// A file, or a link: its kind and mode, its size, its inode, and its times of writing and change.
  struct Mark: Codable, Hashable, Sendable {
    let words: [Int]

    init(_ status: stat) {
      words = [
        Int(status.st_mode), Int(status.st_size), Int(bitPattern: UInt(status.st_ino)), status.st_mtim.tv_sec,
        status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
      ]
    }
  }

  private(set) var marks: [String: Mark] = [:]
  private(set) var folders: Set<String> = []

  /// The state of the tree at `root`; nil where it cannot be read.
  init?(of root: String) {
    let isWhole = TreeState.walk(root, "") { path, status in
      if status.st_mode & S_IFMT == S_IFDIR { folders.insert(path) } else { marks[path] = Mark(status) }
      return true
    }
    if !isWhole { return nil }
  }

  /// Brings the tree at `root` back to this state: what is new is removed, what has changed is written from `tree` and given
  /// to `owner`.
  ///
  /// - Returns: the state it is in then; nil where it cannot be brought back.
  func restored(_ tree: Tree, in root: String, owner: UInt32? = nil) async throws -> TreeState? {
    guard chmod(root, 0o755) == 0, TreeState.isBare(root) else { return nil }
    var missing = Set(marks.keys)
    let isWhole = TreeState.walk(root, "") { path, status in
      if status.st_mode & S_IFMT == S_IFDIR, folders.contains(path) {
        let whole = "\(root)/\(path)"
        return (status.st_mode & 0o7777 == 0o755 || chmod(whole, 0o755) == 0) && TreeState.isBare(whole)
      }
      if let mark = marks[path], mark == Mark(status) {
        missing.remove(path)
        return true
      }
      TemporaryFolder.remove("\(root)/\(path)")
      return access("\(root)/\(path)", F_OK) != 0
    }
    guard isWhole else { return nil }
    var restored = self
    if missing.isEmpty { return restored }
    try await Checkout.write(tree.entries.filter { missing.contains($0.path) }, of: tree, to: root, owner: owner)
    for path in missing {
      var status = stat()
      guard lstat("\(root)/\(path)", &status) == 0 else { return nil }
      restored.marks[path] = Mark(status)
    }
    return restored
  }

  /// True where a folder has no attribute beyond its mode: lists of rights would hold for what is made in it.
  private static func isBare(_ folder: String) -> Bool {
    clandlock_attributes(folder) == 0
  }

  /// Calls `see` for everything below `root`, a folder before what is in it; what is no more after that is not looked
  /// into. False where something could not be read, bears a name in no encoding, or was answered with false.
  private static func walk(_ root: String, _ folder: String, _ see: (String, stat) -> Bool) -> Bool {
    guard let listing = opendir(folder.isEmpty ? root : "\(root)/\(folder)") else { return false }
    var names: [String] = []
    var isReadable = true
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name else {
        isReadable = false
        break
      }
      if name != ".", name != ".." { names.append(name) }
    }
    closedir(listing)
    guard isReadable else { return false }
    for name in names {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      var status = stat()
      guard lstat("\(root)/\(path)", &status) == 0, see(path, status) else { return false }
      guard status.st_mode & S_IFMT == S_IFDIR, access("\(root)/\(path)", F_OK) == 0 else { continue }
      guard walk(root, path, see) else { return false }
    }
    return true
  }
}
