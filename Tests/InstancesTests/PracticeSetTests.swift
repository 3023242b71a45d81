import Content
import Repositories
import Testing

@testable import Instances

/// Sessions name these commits: an instance whose files change is another one.
private let commits = [
  "django__django-11000": "f96f645bc93b74c3fe4a3ae719c3558e90c047d0",
  "flask__flask-5063": "c001348721c522a74dfbcc82c85dc2b14b780d61",
  "matplotlib__matplotlib-24265": "1acc75d499d8725fdf8ad425367b3d74d3042099",
  "requests__requests-5600": "9673d3d0acab0ff2d4f9346218c98cf52468b3fc",
  "sympy__sympy-14308": "d60fe64cec3244dc993d34447651a96cdfbe4c88",
]

@Suite struct `the practice set` {
  @Test func `has five instances, each at a commit of its own`() throws {
    let rows = try PracticeSet.dataset().rows
    #expect(PracticeSet.ids == rows.map(\.id))
    #expect(rows.map(\.id) == commits.keys.sorted())
    #expect(rows.map(\.baseCommit) == rows.map { commits[$0.id] })
    #expect(Set(rows.map(\.id)).count == 5)
    #expect(Set(rows.map(\.baseCommit)).count == 5)
  }

  @Test func `passes the checks of any file of rows, with the same hashes each time`() throws {
    let rows = try PracticeSet.dataset().rows
    for row in rows {
      #expect(RowRule.isSafe(id: row.id) && RowRule.isCommit(row.baseCommit) && RowRule.isRepository(row.repo))
    }
    let text = try rows.reduce(into: [UInt8]()) { $0 += Array(try $1.bytes()) + [10] }
    let read = try DatasetReader.read(bytes: text, name: "t", source: "t.jsonl").rows
    let hashes = try rows.map { try $0.instance().hash }
    #expect(try read.map { try $0.instance().hash } == hashes)
    #expect(try PracticeSet.dataset().rows.map { try $0.instance().hash } == hashes)
    #expect(Set(hashes).count == 5)
  }

  @Test(arguments: commits.keys.sorted()) func `names only tests of the files that its test patch touches`(
    id: String
  ) throws {
    let instance = try #require(try PracticeSet.dataset().row(id)).instance()
    #expect(instance.runner == .unittest)
    #expect(!instance.failToPass.isEmpty && !instance.passToPass.isEmpty)
    #expect(Set(instance.failToPass).isDisjoint(with: instance.passToPass))
    #expect(Set(instance.testFiles).isDisjoint(with: PatchHeader.paths(in: instance.patch)))
    let modules = instance.testFiles.map { $0.dropLast(3).replacing("/", with: ".") }
    for name in instance.failToPass + instance.passToPass {
      #expect(modules.contains { name.contains("(\($0).") }, "\(name)")
    }
  }

  @Test(arguments: commits.keys.sorted()) func `makes the same repository everywhere, with the files of its patches`(
    id: String
  ) async throws {
    let commit = try #require(commits[id])
    let instance = try #require(try PracticeSet.dataset().row(id)).instance()
    try await TemporaryFolder.use { folder async throws in
      let made = try await PracticeSet.repository(of: id, commit: commit, in: folder, git: Git())
      let tree = try await #require(made).tree(at: commit)
      let paths = Set(tree.entries.map(\.path))
      #expect(paths.isSuperset(of: instance.testFiles + PatchHeader.paths(in: instance.patch)))
    }
  }

  @Test(arguments: commits.keys.sorted()) func `has a reply for a prompt with the cause in view, and one for any other`(
    id: String
  ) throws {
    let replies = PracticeSet.replies(of: id)
    #expect(replies.count >= 2)
    #expect(replies.dropLast().allSatisfy { $0.needs != nil })
    #expect(replies.last?.needs == nil)
    #expect(replies.allSatisfy { !$0.text.isEmpty })
  }

  @Test func `yields to another row of one of its ids`() async throws {
    let id = "sympy__sympy-14308"
    let other = String(repeating: "0", count: 40)
    #expect(PracticeSet.contains(id: id, commit: try #require(commits[id])))
    #expect(!PracticeSet.contains(id: id, commit: other))
    try await TemporaryFolder.use { folder async throws in
      let made = try await PracticeSet.repository(of: id, commit: other, in: folder, git: Git())
      #expect(made == nil)
    }
  }
}
