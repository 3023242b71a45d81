import Attempts
import Context
import Foundation
import Journal
import Sessions
import TestWorld
import Testing

/// A sitting at a prompt, with the journal at `path`.
private func prompt(_ path: String) throws -> Session {
  var host = try testHost()
  host.journal = try Journal(at: path, migrations: SessionTables.migrations)
  return Session(host: host, permissions: Permissions(isScript: false))
}

@Suite struct `a sitting that goes on` {
  @Test func `does not meet another that goes on with the same`() async throws {
    let path = try Scratch.newFolder() + "/journal.sqlite"
    let first = try prompt(path)
    _ = try await first.run(django, through: .patch)
    await first.remember(
      Entry(line: "run \(django) --through patch", kind: .takes(instanceID: django, ids: [TakeID("1.1")!])))
    let (one, other) = (try prompt(path), try prompt(path))
    #expect(try await one.resume() == [])
    #expect(try await other.resume() == [])
    // Both make the take 1.2, of different content.
    let made = try await one.rerun(from: nil, through: .prompt)
    await one.remember(Entry(line: "rerun --through prompt", kind: .takes(instanceID: django, ids: [made.id])))
    _ = try await other.addContext([try #require(Span(parsing: secondPlace))], of: nil)
    let otherMade = try await other.rerun(from: nil, through: .prompt)
    #expect(made.id == otherMade.id)
    #expect(made.chain.content(of: .prompt) != otherMade.chain.content(of: .prompt))
    // The one that changed last is gone on with, with its own takes and none of the other's.
    await one.remember(Entry(line: "set feedback none", kind: .changes(slot: "set feedback")))
    let again = try prompt(path)
    _ = try await again.resume()
    let takes = await again.takes[django] ?? []
    #expect(takes.map(\.id.description) == ["1.1", "1.2"])
    #expect(takes.last?.chain.content(of: .prompt) == made.chain.content(of: .prompt))
    #expect(await again.entries.map(\.line).suffix(2) == ["rerun --through prompt", "set feedback none"])
  }

  @Test func `costs no more for a line however many came before`() async throws {
    let path = try Scratch.newFolder() + "/journal.sqlite"
    let session = try prompt(path)
    func bytes() throws -> Int {
      try session.host.journal.rows("SELECT sum(length(state)) AS n FROM sitting").first?["n"]?.integer ?? 0
    }
    await session.remember(Entry(line: "note 0", kind: .remarks))
    let before = try bytes()
    for number in 1..<200 { await session.remember(Entry(line: "note \(number)", kind: .remarks)) }
    #expect(try bytes() == before)
    let kept = try session.host.journal.rows("SELECT count(*) AS n FROM sitting_item").first?["n"]?.integer
    #expect(kept == 200)
  }
}
