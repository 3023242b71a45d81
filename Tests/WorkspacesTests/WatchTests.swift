import Foundation
import Processes
import Repositories
import Synchronization
import Testing

@testable import Workspaces

@Suite struct `what a run takes` {
  @Test func `counts files as the disk does, a linked one once, and folders of any depth`() async throws {
    try await TemporaryFolder.use { folder async throws in
      try FileTree.write([UInt8](repeating: 1, count: 1 << 20), to: "a/b/whole", under: folder)
      #expect(link("\(folder)/a/b/whole", "\(folder)/a/again") == 0)
      #expect(symlink("/usr", "\(folder)/outside") == 0)
      var deep = folder
      for _ in 0..<15 {
        deep += "/" + String(repeating: "d", count: 200)
        mkdir(deep, 0o755)
      }
      var use = DiskUse()
      let isWithin = use.add(folder, most: 1 << 30, 1000)
      #expect(isWithin)
      // Two folders, two names of one file, a link, and the deep ones.
      #expect(use.files == 20)
      #expect(use.bytes >= 1 << 20 && use.bytes < 2 << 20)
      var small = DiskUse()
      let fits = small.add(folder, most: 1 << 19, 1000)
      #expect(!fits)
      var few = DiskUse()
      let isFew = few.add(folder, most: 1 << 30, 10)
      #expect(!isFew)
    }
  }

  @Test func `is told of memory that many programs share once, and of files that are in memory`() async throws {
    let program = """
      import mmap, os, time
      if os.fork() == 0:
          kept = bytearray(os.urandom(1 << 20)) * 64
          for _ in range(3):
              if os.fork() == 0: time.sleep(60); os._exit(0)
          time.sleep(60)
      file = os.memfd_create("held")
      for _ in range(32): os.write(file, bytes(1 << 20))
      time.sleep(60)
      """
    let seen = Figures()
    let done = try await Launcher.run(
      Command(
        "python3", ["-c", program], environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""],
        timeout: .seconds(40),
        watch: Watch(every: .milliseconds(200)) { process in
          let tree = ProcessTree(of: process)
          let files = tree.nameless { $0.hasPrefix("/memfd:") }
          seen.note(tree.threads, tree.memory(files: files), files)
          return tree.threads >= 5 && files >= 32 << 20 && tree.resident > 64 << 20
        }))
    #expect(done.ending == .stopped)
    let last = seen.last
    #expect(last.files == 32 << 20)
    // 64 MB that four share, 32 MB in a file, and five Pythons.
    #expect(last.memory > 90 << 20 && last.memory < 200 << 20)
  }
}

/// The figures that were seen last.
private final class Figures: Sendable {
  private let figures = Mutex((threads: 0, memory: 0, files: 0))

  var last: (threads: Int, memory: Int, files: Int) { figures.withLock { $0 } }

  func note(_ threads: Int, _ memory: Int, _ files: Int) { figures.withLock { $0 = (threads, memory, files) } }
}
