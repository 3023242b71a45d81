import Foundation
import Processes
import Synchronization

/// A watch over what a run of tests takes of the machine where the kernel holds no bound: the disk, and, where there is no
/// control group, memory and processes of all its programs together. What takes more is ended.
///
/// A look at the free room of the file system tells cheaply that something may have been written; only then are files
/// counted, and at times without a reason. What a run writes between two looks is over the bound.
final class RunWatch: Sendable {
  /// What a run may take. Nil is not watched here.
  struct Bounds: Sendable {
    /// Bytes on the disk, and files and folders.
    var bytes: Int
    var files: Int
    /// Bytes of memory of all programs, with files that are in memory.
    var memory: Int?
    /// Processes and threads.
    var processes: Int?

    /// The bounds of `options`; `hasGroup` where a control group holds memory and processes, `countsProcesses` where
    /// another limit holds the latter.
    init(_ options: WorkspaceOptions, hasGroup: Bool, countsProcesses: Bool) {
      bytes = options.diskMB << 20
      files = Bounds.files(options.diskMB)
      memory = hasGroup || !ProcessTree.isTold ? nil : options.memoryMB << 20
      processes = hasGroup || countsProcesses || !ProcessTree.isTold ? nil : options.processes
    }

    /// How many files a disk of so many megabytes may hold: one for every 16 KB, and no fewer than a package has.
    static func files(_ megabytes: Int) -> Int { max(20_000, megabytes * 64) }
  }

  private struct State {
    var reached: Set<TestLimit> = []
    var looks = 0
    var lastCount = -100
  }

  private let folders: [String]
  private let base: DiskUse
  private let bounds: Bounds
  /// What a path of a file begins with that is on the disk, as the program sees it.
  private let places: [String]
  /// Folders in memory, as the program sees them.
  private let memories: [String]
  private let start: (bytes: Int, files: Int)?
  private let state = Mutex(State())

  private static let interval = Duration.milliseconds(50)
  /// How many looks are between two counts of memory, between two of files that had a reason, and between two that had
  /// none.
  private static let (memoryPace, countPace, idlePace) = (4, 5, 100)

  /// A watch over what is written to `folders`, which hold `base` already. The program sees them at `places`, and
  /// `memories` are its folders in memory.
  init(
    _ folders: [String], holding base: DiskUse = DiskUse(), bounds: Bounds, places: [String], memories: [String] = []
  ) {
    self.folders = folders
    self.base = base
    self.bounds = bounds
    self.places = places.map { place in
      guard let real = realpath(place, nil) else { return place }
      defer { free(real) }
      return String(cString: real)
    }
    self.memories = memories
    start = folders.first.flatMap(RunWatch.room)
  }

  /// For the program's command.
  var watch: Watch { Watch(every: RunWatch.interval) { [self] in isOver($0) } }

  /// The bounds that were come to.
  var reached: Set<TestLimit> { state.withLock { $0.reached } }

  private func isOver(_ process: Int32) -> Bool {
    let (look, mayCount) = state.withLock { state in
      state.looks += 1
      return (state.looks, state.looks - state.lastCount >= RunWatch.countPace)
    }
    var found: TestLimit?
    var hasReason = look % RunWatch.idlePace == 0
    if let start, let now = folders.first.flatMap(RunWatch.room) {
      hasReason = hasReason || start.bytes - now.bytes > bounds.bytes / 2 || start.files - now.files > bounds.files / 2
    }
    if hasReason, mayCount {
      state.withLock { $0.lastCount = look }
      if isDiskOver(process) { found = .disk }
    }
    if found == nil, look % RunWatch.memoryPace == 0, bounds.memory != nil || bounds.processes != nil {
      let tree = ProcessTree(of: process)
      if let most = bounds.processes, tree.threads > most { found = .processes }
      if let most = bounds.memory, isMemoryOver(most, tree) { found = .memory }
    }
    guard let found else { return false }
    state.withLock { _ = $0.reached.insert(found) }
    return true
  }

  private func isDiskOver(_ process: Int32) -> Bool {
    var use = DiskUse()
    for folder in folders where !use.add(folder, most: bounds.bytes + base.bytes, bounds.files + base.files) {
      return true
    }
    // What has no name any more takes room as well.
    let nameless = ProcessTree(of: process).nameless { path in places.contains { path.hasPrefix("\($0)/") } }
    return use.bytes + nameless - base.bytes > bounds.bytes || use.files - base.files > bounds.files
  }

  private func isMemoryOver(_ most: Int, _ tree: ProcessTree) -> Bool {
    let files = tree.nameless { $0.hasPrefix("/memfd:") } + tree.used(memories)
    // Pages that many share are counted for each, so this is only the reason to look closer.
    guard tree.resident + files > most else { return false }
    return tree.memory(files: files) > most
  }

  private static func room(_ folder: String) -> (bytes: Int, files: Int)? {
    var system = statvfs()
    guard statvfs(folder, &system) == 0 else { return nil }
    return (Int(system.f_bfree) * Int(system.f_frsize), Int(system.f_ffree))
  }
}

/// How much of a disk files take.
struct DiskUse: Hashable, Sendable {
  var bytes = 0
  var files = 0

  /// Nothing.
  init() {}

  /// That of files with so many bytes each.
  init(sizes: some Sequence<Int>) {
    for size in sizes {
      bytes += (size + 4095) & ~4095
      files += 1
    }
  }

  /// How long a path below an open folder may become before the next folder is opened.
  private static let longestPath = 3000
  private static let mostOpen = 64

  /// Adds what lies in `folder`, links not followed. False where it is more than `most` bytes or `files` in all, or so
  /// deep that it cannot be counted: nothing but an attack is.
  mutating func add(_ folder: String, most: Int, _ mostFiles: Int) -> Bool {
    let root = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard root >= 0 else { return true }
    var opened = [root]
    defer { for file in opened { close(file) } }
    var linked: Set<UInt64> = []
    var waiting: [(anchor: Int32, path: String)] = [(root, ".")]
    while var (anchor, path) = waiting.popLast() {
      if path.utf8.count > DiskUse.longestPath {
        guard opened.count < DiskUse.mostOpen else { return false }
        let next = openat(anchor, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard next >= 0 else { continue }
        opened.append(next)
        (anchor, path) = (next, ".")
      }
      let file = openat(anchor, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard file >= 0 else { continue }
      guard let listing = fdopendir(file) else {
        close(file)
        continue
      }
      defer { closedir(listing) }
      while let entry = readdir(listing) {
        var status = stat()
        // By its bytes, whatever they are.
        let (isSeen, name) = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { name in
            (fstatat(file, name, &status, AT_SYMLINK_NOFOLLOW) == 0, String(validatingCString: name))
          }
        }
        if name == "." || name == ".." || !isSeen { continue }
        files += 1
        if status.st_mode & S_IFMT == S_IFDIR {
          // A folder whose name is no text could hide anything.
          guard let name else { return false }
          waiting.append((anchor, "\(path)/\(name)"))
        } else if status.st_nlink > 1, !linked.insert(UInt64(status.st_ino)).inserted {
          continue
        }
        bytes += Int(status.st_blocks) * 512
        if bytes > most || files > mostFiles { return false }
      }
    }
    return true
  }
}

/// A process and all that came of it, as `/proc` tells of them.
struct ProcessTree {
  private let processes: [Int32]

  /// True where the kernel tells the children of a process.
  static let isTold = access("/proc/self/task/\(getpid())/children", R_OK) == 0

  /// The tree of `process`.
  init(of process: Int32) {
    var found: [Int32] = []
    var seen: Set<Int32> = [process]
    var waiting = [process]
    while let next = waiting.popLast() {
      found.append(next)
      for task in ProcessTree.names("/proc/\(next)/task") {
        let children = ProcessTree.text("/proc/\(next)/task/\(task)/children")
        for child in children.split(separator: " ").compactMap({ Int32($0) }) where seen.insert(child).inserted {
          waiting.append(child)
        }
      }
    }
    processes = found
  }

  /// How many processes and threads there are.
  var threads: Int { processes.reduce(0) { $0 + ProcessTree.names("/proc/\($1)/task").count } }

  /// Bytes of memory that are theirs now, shared ones counted for each.
  var resident: Int {
    processes.reduce(0) { sum, process in
      let fields = ProcessTree.text("/proc/\(process)/statm").split(separator: " ")
      return sum + (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * ProcessTree.page
    }
  }

  /// Bytes of memory with shared ones counted once, `files` in memory among them.
  func memory(files: Int) -> Int {
    var (own, shared) = (0, 0)
    for process in processes {
      let lines = ProcessTree.text("/proc/\(process)/smaps_rollup").split(separator: "\n")
      func kilobytes(_ name: String) -> Int? {
        lines.first { $0.hasPrefix("\(name):") }.flatMap { $0.split(separator: " ").dropFirst().first }
          .flatMap { Int($0) }
      }
      if let anonymous = kilobytes("Pss_Anon") {
        own += anonymous << 10
        shared += (kilobytes("Pss_Shmem") ?? 0) << 10
      } else {
        own += (kilobytes("Pss") ?? 0) << 10
      }
    }
    return own + max(shared, files)
  }

  /// Bytes of open or mapped files that have no name, where `isMeant` says so of the name they had.
  func nameless(_ isMeant: (String) -> Bool) -> Int {
    var sizes: [UInt64: Int] = [:]
    for process in processes {
      for number in ProcessTree.names("/proc/\(process)/fd") {
        let path = "/proc/\(process)/fd/\(number)"
        var status = stat()
        guard let target = ProcessTree.link(path), target.hasSuffix(" (deleted)"), isMeant(target),
          stat(path, &status) == 0
        else { continue }
        sizes[UInt64(status.st_ino)] = Int(status.st_blocks) * 512
      }
      for line in ProcessTree.text("/proc/\(process)/maps").split(separator: "\n") where line.hasSuffix(" (deleted)") {
        let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
        guard fields.count == 6, let inode = UInt64(fields[4]), sizes[inode] == nil, isMeant(String(fields[5])) else {
          continue
        }
        let ends = fields[0].split(separator: "-").compactMap { Int($0, radix: 16) }
        if ends.count == 2 { sizes[inode] = ends[1] - ends[0] }
      }
    }
    return sizes.values.reduce(0, +)
  }

  /// Bytes in the file systems that the last of them sees at `folders`, where these are not the machine's own: a sandbox
  /// that is being made sees those still.
  func used(_ folders: [String]) -> Int {
    guard !folders.isEmpty, let process = processes.dropFirst().last else { return 0 }
    return folders.reduce(0) { sum, folder in
      var system = statvfs()
      var (seen, own) = (stat(), stat())
      let path = "/proc/\(process)/root\(folder)"
      let isApart = stat(path, &seen) == 0 && (stat(folder, &own) != 0 || seen.st_dev != own.st_dev)
      guard isApart, statvfs(path, &system) == 0 else { return sum }
      return sum + Int(system.f_blocks - system.f_bfree) * Int(system.f_frsize)
    }
  }

  private static let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  private static func names(_ folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func text(_ path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count < 4 << 20 {
      let count = read(file, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[0..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &buffer, buffer.count)
    return count < 0 ? nil : String(decoding: buffer[0..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
