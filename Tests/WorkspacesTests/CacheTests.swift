import Foundation
import Processes
import Repositories
import TestPrograms
import Testing

@testable import Workspaces

@Suite struct `the cache` {
  /// Entries of 100,000 bytes and more, by how many days ago they were used.
  private static let entries = [
    ("mirrors/o/n.git", 90), ("checkouts/o/n/c1", 50), ("trees/o/n/c1/1-a", 40), ("trees/o/n/c1/1-b", 39),
    ("environments/o__n-1.0-abc", 30), ("datasets/o__d.jsonl", 80), ("checkouts/o/n/c2", 0),
  ]

  private func withCache(_ body: (CacheShelf, String) async throws -> Void) async throws {
    try await TemporaryFolder.use { folder async throws in
      let root = "\(folder)/cache"
      for (path, days) in Self.entries {
        let isFile = path.hasSuffix(".jsonl")
        try FileTree.write(
          [UInt8](repeating: 65, count: 100_000), to: "cache/" + (isFile ? path : "\(path)/in/file"), under: folder)
        let used = Date.now - TimeInterval(days) * 86_400
        try FileManager.default.setAttributes([.modificationDate: used], ofItemAtPath: "\(root)/\(path)")
      }
      try FileTree.write(bytes("log"), to: "environments/o__n-1.0-abc.log", under: root)
      // Without a path no engine of containers is found.
      try await body(CacheShelf(root: root, pythons: Pythons(environment: [:]), path: "/nonexistent"), root)
    }
  }

  /// What trimming removes in the end: a program that is being started elsewhere may hold it for a moment.
  private func trimmed(_ shelf: CacheShelf) async throws -> [String] {
    for _ in 0..<100 {
      let gone = try await shelf.trim(to: 0).removed.map(\.name)
      if !gone.isEmpty { return gone }
      try await Task.sleep(for: .milliseconds(100))
    }
    return []
  }

  @Test func `tells what it holds, the longest unused first`() async throws {
    try await withCache { shelf, _ in
      let entries = try await shelf.entries()
      #expect(
        entries.map { "\($0.kind.rawValue) \($0.name)" } == [
          "mirror o/n.git", "dataset o__d.jsonl", "checkout o/n/c1", "tree o/n/c1/1-a", "tree o/n/c1/1-b",
          "environment o__n-1.0-abc", "checkout o/n/c2",
        ])
      #expect(entries.allSatisfy { (100_000..<200_000).contains($0.bytes) })
    }
  }

  @Test func `is trimmed of what was used longest ago, as far as is asked for`() async throws {
    try await withCache { shelf, root in
      let all = try await shelf.entries().reduce(0) { $0 + $1.bytes }
      #expect(try await shelf.trim(to: all).removed.isEmpty)
      // Another ramp uses the first tree.
      let lock = try #require(TreePool.lock("\(root)/trees/o/n/c1/1-a"))
      let old = Date.now - 40 * 86_400
      try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: "\(root)/trees/o/n/c1/1-a")
      let few = try await shelf.trim(to: all - 150_000)
      #expect(few.removed.map(\.name) == ["o/n/c1", "o/n/c1/1-b"])
      #expect(try await shelf.trim(to: 0).removed.map(\.kind) == [.environment])
      close(lock)
      #expect(try await trimmed(shelf) == ["o/n/c1/1-a"])
      // What comes from elsewhere stays, and what was used just now.
      let kept = try await shelf.entries()
      #expect(kept.map(\.kind) == [.mirror, .dataset, .checkout])
      #expect(!FileManager.default.fileExists(atPath: "\(root)/environments/o__n-1.0-abc.log"))
      let aside = try FileManager.default.contentsOfDirectory(atPath: root).filter { $0.hasPrefix(".") }
      #expect(aside.isEmpty)
    }
  }

  @Test func `keeps what another ramp uses, and says so`() async throws {
    try await withCache { shelf, root in
      let held = ["checkouts/o/n/c1", "environments/o__n-1.0-abc"]
      // Another process, which locks as ramp does.
      let others = try held.map { try Child("flock", ["--shared", "\(root)/\($0)", "sh", "-c", "echo held; read _"]) }
      for other in others { #expect(await other.line() == "held") }
      let first = try await shelf.trim(to: 0)
      #expect(first.removed.map(\.name) == ["o/n/c1/1-a", "o/n/c1/1-b"])
      #expect(first.inUse.map(\.name) == ["o/n/c1", "o__n-1.0-abc"])
      #expect(held.allSatisfy { FileManager.default.fileExists(atPath: "\(root)/\($0)/in/file") })
      // Several use one entry at once; the last one decides.
      let own = try #require(CacheHold("\(root)/\(held[0])"))
      for other in others {
        other.closeInput()
        _ = await other.ended()
      }
      let second = try await shelf.trim(to: 0)
      #expect(second.removed.map(\.kind) == [.environment] && second.inUse.map(\.kind) == [.checkout])
      own.release()
      #expect(try await trimmed(shelf) == ["o/n/c1"])
      #expect(CacheHold("\(root)/\(held[0])") == nil)
    }
  }

  @Test func `holds nothing that another ramp is removing`() async throws {
    try await withCache { _, root in
      let path = "\(root)/checkouts/o/n/c1"
      let other = try Child("flock", ["--exclusive", path, "sh", "-c", "echo held; read _"])
      #expect(await other.line() == "held")
      #expect(CacheHold(path) == nil)
      other.closeInput()
      _ = await other.ended()
      let hold = try #require(CacheHold(path))
      hold.release()
    }
  }

  @Test(arguments: [("3.2GB", 3_200_000_000), ("512 MB", 512_000_000), ("1.5kB", 1500), ("12B", 12), ("x", 0)])
  func `reads the sizes that engines tell`(text: String, bytes: Int) {
    #expect(CacheShelf.bytes(text) == bytes)
  }
}
