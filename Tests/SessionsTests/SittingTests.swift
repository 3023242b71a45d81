import Attempts
import Content
import Context
import Foundation
import Instances
import Models
import Sessions
import TestWorld
import Testing

@Suite struct `a sitting` {
  @Test func `numbers attempts by run, and takes by rerun and tweak, for each instance alone`() async throws {
    let session = try await sitting()
    var ids: [String] = []
    ids.append(try await session.run(django, through: .edits).id.description)
    ids.append(try await session.rerun(from: .edits, through: .edits).id.description)
    ids.append(try await session.run(django, through: .edits).id.description)
    ids.append(try await session.rerun(from: nil, through: .edits).id.description)
    ids.append(
      try await session.rerun(from: nil, through: .edits, tweak: Tweak(stage: .reply, text: "no edit")).id.description)
    ids.append(try await session.run(flask, through: .edits).id.description)
    ids.append(try await session.rerun(from: nil, through: .edits).id.description)
    #expect(ids == ["1.1", "1.2", "2.1", "2.2", "2.3", "1.1", "1.2"])
    #expect(await session.current == flask)
    #expect(try await session.take("2.3", of: django).isTweaked)
    #expect(try await session.take("2", of: django).id == TakeID(attempt: 2, take: 1))
    #expect(try await session.take(nil, of: django).id == TakeID(attempt: 2, take: 3))
    #expect(try await session.take(nil).instanceID == flask)
  }

  @Test func `asks the model anew for every attempt, and keeps what has not changed for a rerun`() async throws {
    let session = try await sitting()
    let first = try await session.run(django, through: .patch)
    #expect(session.host.effects.counts.model == 1)
    let again = try await session.rerun(from: nil, through: .patch)
    #expect(session.host.effects.counts.model == 1)
    #expect(again.records.allSatisfy { $0.how == .kept })
    #expect(again.records.map(\.content) == first.records.map(\.content))
    #expect(try await session.run(django, through: .patch).chain[.reply]?.how == .made)
    #expect(session.host.effects.counts.model == 2)
  }

  @Test func `names in a take what was changed since the one before, and only there`() async throws {
    let session = try await sitting()
    #expect(try await session.run(django, through: .prompt).changes.isEmpty)
    _ = try await session.addContext([Span(parsing: secondPlace)], of: nil)
    _ = try await session.set("format", to: "whole")
    _ = try await session.set("format", to: "lines")
    _ = try await session.set("seed", to: "1")
    #expect(
      try await session.rerun(from: nil, through: .prompt).changes == ["context + \(secondPlace)", "format lines"])
    #expect(try await session.rerun(from: nil, through: .prompt).changes.isEmpty)
    #expect(try await session.rerun(from: .prompt, through: .prompt).changes == ["prompt again"])
    try await session.useModel(ModelName(.gold))
    #expect(try await session.rerun(from: nil, through: .prompt).changes == ["model gold"])
  }

  @Test func `takes back what was added, and then nothing has changed`() async throws {
    let session = try await sitting()
    let first = try await session.run(django, through: .context)
    let span = try Span(parsing: secondPlace)
    #expect(try await session.addContext([span], of: nil) == (django, true))
    #expect(try await session.addContext([span], of: nil) == (django, false))
    #expect(try await session.dropContext([span], of: nil) == (django, true))
    let again = try await session.rerun(from: nil, through: .context)
    #expect(again.changes.isEmpty)
    #expect(again.chain[.context]?.how == .kept)
    #expect(again.chain.content(of: .context) == first.chain.content(of: .context))
  }

  @Test func `keeps out lines that the strategy chose, and brings them back`() async throws {
    let session = try await sitting()
    _ = try await session.run(django, through: .context)
    let span = Span(path: "django/forms/utils.py")
    #expect(try await session.dropContext([span], of: nil) == (django, true))
    #expect(try await session.dropContext([span], of: nil) == (django, false))
    let without = try await session.rerun(from: nil, through: .context)
    #expect(without.changes == ["context - django/forms/utils.py"])
    #expect(without.chain.context?.parts.contains { $0.span.path == span.path } == false)
    _ = try await session.addContext([span], of: nil)
    _ = try await session.dropContext([span], of: nil)
    #expect(await session.dropped[django] == [span])
    _ = try await session.addContext([span], of: nil)
    let with = try await session.rerun(from: nil, through: .context)
    #expect(with.chain.context?.parts.first?.span.path == span.path)
  }

  @Test func `shows a change of one instance's context in its own takes alone`() async throws {
    let session = try await sitting()
    _ = try await session.run(django, through: .context)
    _ = try await session.addContext([Span(path: "src/flask/cli.py", first: 1, last: 9)], of: flask)
    #expect(try await session.rerun(from: nil, through: .context).changes.isEmpty)
    #expect(try await session.run(flask, through: .context).changes == ["context + src/flask/cli.py:1-9"])
  }

  @Test func `looks ahead without making a take`() async throws {
    let session = try await sitting()
    let first = try await session.run(django, through: .context)
    _ = try await session.set("context.files", to: "1")
    let preview = try await session.previewContext(of: nil)
    #expect(preview.id == django)
    #expect(preview.selection.fileCount == 1)
    #expect(preview.selection != first.chain.context)
    #expect(await session.takes[django]?.count == 1)
    #expect(try await session.rerun(from: nil, through: .context).chain.context == preview.selection)
  }

  @Test func `refuses lines that are not there, and changes nothing`() async throws {
    let session = try await sitting()
    _ = try await session.run(django, through: .workspace)
    await #expect(throws: ContextError.self) {
      try await session.addContext([Span(path: "django/forms/utils.py"), Span(path: "django/forms/util.py")], of: nil)
    }
    await #expect(throws: ContextError.self) {
      try await session.dropContext([Span(path: "django/forms/utils.py", first: 1, last: 9999)], of: nil)
    }
    #expect(await session.added.isEmpty)
    #expect(await session.dropped.isEmpty)
  }

  @Test func `says that nothing was run yet`() async throws {
    let session = try await sitting()
    let text = "no instance has been run yet\n`run ID` first; `instances` lists the ids"
    #expect(await said { try await session.rerun(from: nil, through: .feedback) } == text)
    #expect(await said { try await session.take(nil) } == text)
    #expect(await said { try await session.previewContext(of: nil) } == text)
    #expect(
      await said { try await session.take(nil, of: django) }
        == "\(django) has not been run yet\n`run \(django)` first")
    #expect(
      await said { try await session.save(to: "x.ramp", force: false) }
        == "nothing has been run in this sitting, so there is nothing to save\n`run ID` first")
    _ = try await session.run(django, through: .workspace)
    #expect(
      await said { try await session.take("1.2") } == "\(django) has no take 1.2; there are 1.1\n`attempts` lists them")
  }

  @Test func `names the nearest ids, another owner's too`() async throws {
    let session = try await sitting()
    #expect(
      await said { try await session.instance("django__django-11001") } == """
        no instance django__django-11001 in practice; nearest: django__django-11000
        `instances` lists them; to load SWE-bench rows: `load FILE.jsonl`
        """)
    #expect(
      await said { try await session.take(nil, of: "pallets__flask-5063") }.hasPrefix(
        "no instance pallets__flask-5063 in practice; nearest: flask__flask-5063"))
    #expect(await said { try await session.instance("x") }.hasPrefix("no instance x in practice\n"))
    #expect(try await session.load(rows([("scikit-learn__scikit-learn-5063", nil)])).rows == 1)
    #expect(
      await said { try await session.instance("sklearn-5063") }.hasPrefix(
        "no instance sklearn-5063 in rows; nearest: scikit-learn__scikit-learn-5063"))
  }

  /// A file of rows with these ids, and these issue texts in place of the practice row's.
  private func rows(_ rows: [(id: String, issue: String?)]) throws -> String {
    let practice = try #require(try PracticeSet.dataset().row(django)).instance()
    let lines = try rows.map { row in
      var instance = practice
      instance.id = row.id
      instance.problemStatement = row.issue ?? practice.problemStatement
      return String(decoding: try Canonical.bytes(instance), as: UTF8.self)
    }
    let path = try Scratch.newFolder() + "/rows.jsonl"
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func `lets a practice row yield to a real one of its id, whichever was loaded last`() async throws {
    let session = try await sitting()
    let path = try rows([(django, "the real issue"), ("o__n-1", nil)])
    #expect(try await session.load(path).replaced == 0)
    #expect(try await session.load("practice").replaced == 1)
    #expect(try await session.instance(django).instance.problemStatement == "the real issue")
    #expect(try await session.instance(django).set == "rows")
    #expect(try await session.instance(flask).set == "practice")
    #expect(try await session.unload("rows").rows.count == 2)
    #expect(try await session.instance(django).set == "practice")
    #expect(
      await said { try await session.unload("rows") }
        == "no set `rows` is loaded; loaded: practice\n`load FILE` or `load practice`")
  }

  @Test func `takes a row from the set that was loaded last, and takes a set anew that is loaded again`() async throws {
    let session = try await sitting()
    let (first, second) = (try rows([("o__n-1", "first")]), try rows([("o__n-1", "second")]))
    #expect(try await session.load(first).replaced == 0)
    #expect(try await session.load(second).replaced == 1)
    #expect(try await session.instance("o__n-1").instance.problemStatement == "second")
    _ = try await session.load(first)
    #expect(try await session.instance("o__n-1").instance.problemStatement == "first")
    #expect(await session.datasets.count == 2)
  }

  @Test func `refuses a file that is not there, unless a script has pinned the rows that it uses`() async throws {
    #expect(await said { try await sitting().load("rows.jsonl") }.contains("rows.jsonl"))
    let row = try #require(try PracticeSet.dataset().row(django)).instance()
    let text = "load rows.jsonl\n-- row/o__n-1 --\n\(String(decoding: try Canonical.bytes(row), as: UTF8.self))\n"
    let session = try await sitting(script: text)
    let loaded = try await session.load("rows.jsonl")
    #expect(loaded.isPinnedOnly)
    #expect(loaded.name == "rows")
    #expect(try await session.unload("rows").rows.isEmpty)
  }
}
