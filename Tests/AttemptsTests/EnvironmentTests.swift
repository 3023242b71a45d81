import Foundation
import Grading
import Instances
import Models
import Repositories
import Testing
import Workspaces

@testable import Attempts

@Suite struct `an environment that cannot judge` {
  @Test func `is an error where the target test passes before any repair`() async throws {
    try await withBench(saying(Shop.mend)) { bench in
      let row = try await Shop.row(in: bench.folder, files: ["shop/cart.py": Shop.cart.replacing("[1:]", with: "")])
      let take = try await bench.make(plan(row))
      #expect(take.verdict?.word == .environmentError)
      #expect(take.verdict?.failure == .environmentError)
      #expect(take.verdict?.sentence == "not red: test_total (tests.test_cart.Cart) already passes")
      #expect(take.records.map(\.stage) == [.workspace, .baseline, .verdict, .feedback])
      #expect(take.chain.feedback?.isEmpty == true)
      #expect(bench.world.effects.counts.model == 0)
    }
  }

  /// Commands in the place of pytest, whose log is read: FAIL_TO_PASS is `t::a`, PASS_TO_PASS `t::b`.
  @Test(arguments: [
    ("echo", "no test was collected"),
    (
      "echo 'ModuleNotFoundError: No module named x'",
      "no test was collected: ModuleNotFoundError: No module named x"
    ),
    ("echo PASSED t::other", "broken: the log tells of none of the row's tests"),
    ("echo FAILED t::a; echo ERROR t::b", "broken: none of the PASS_TO_PASS tests passes before any repair"),
    ("echo PASSED t::a; echo PASSED t::b", "not red: t::a already passes"),
    ("echo FAILED t::a; echo PASSED t::b; kill -9 $PPID", "broken: the tests did not run to their end"),
    (
      "echo FAILED t::a; echo PASSED t::b; sleep 60",
      "broken: the tests came to their limit of time (`set tests.timeout`)"
    ),
    ("echo FAILED t::a; yes", "broken: the tests came to their limit of output (`set tests.output`)"),
  ]) func `is an error where the tests say nothing`(command: String, sentence: String) async throws {
    var settings = defaults
    if command.contains("sleep") { settings.workspace.timeoutSeconds = 1 }
    try await withBench(saying(Shop.mend)) { bench in
      let row = try await Shop.row(in: bench.folder, failToPass: ["t::a"], passToPass: ["t::b"], testCommand: command)
      let take = try await bench.make(plan(row, settings: settings))
      #expect(take.verdict?.word == .environmentError)
      #expect(take.verdict?.sentence == sentence)
      #expect(bench.world.effects.counts.model == 0)
    }
  }

  @Test func `is an error where only tests fail that failed before any repair`() async throws {
    // The test of the door fails with and without the repair.
    var tests = Shop.tests
    tests["tests/test_door.py"] = Shop.tests["tests/test_door.py"]?.replacing(
      "assertFalse(False)", with: "fail('no door here')")
    try await withBench(saying(Shop.mend)) { [tests] bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder, tests: tests)))
      #expect(take.chain.baseline?.sentence == "red: 1 FAIL_TO_PASS fails, 2 of 3 PASS_TO_PASS pass")
      #expect(take.verdict?.word == .environmentError)
      #expect(take.verdict?.sentence == "tests fail that failed before")
    }
  }

  @Test func `throws where there is no such Python, and keeps what was made`() async throws {
    var settings = defaults
    settings.workspace.python = "no-such-python"
    try await withBench(saying(Shop.mend)) { [settings] bench in
      let row = try await Shop.row(in: bench.folder)
      await #expect(throws: WorkspaceError.noPython(name: "no-such-python")) {
        try await bench.make(plan(row, settings: settings))
      }
      #expect(try bench.journaled() == [.workspace])
      // What needs no tests needs no Python.
      let take = try await bench.make(plan(row, settings: settings, through: .patch))
      #expect(take.chain.patch?.diff.isEmpty == false)
      #expect(take.chain[.baseline] == nil)
    }
  }

  @Test(arguments: [
    ("#!/bin/sh\necho 'bwrap: Creating new namespace failed: Operation not permitted'\nexit 1\n", true),
    ("#!/bin/sh\necho no\nexit 1\n", true), ("", false),
  ]) func `throws where the sandbox is broken or missing`(program: String, isThere: Bool) async throws {
    try await TemporaryFolder.use { folder async throws in
      if isThere { try FileTree.write(bytes(program), to: "bin/bwrap", under: folder, isExecutable: true) }
      let bench = try Bench(saying(Shop.mend), in: folder, path: "\(folder)/bin")
      let row = try await Shop.row(in: folder)
      let error = await #expect(throws: WorkspaceError.self) { try await bench.make(plan(row, settings: Settings())) }
      switch error {
      case .sandboxForbidden, .sandboxFailed: #expect(isThere)
      case .noSandbox: #expect(!isThere)
      default: Issue.record("\(String(describing: error))")
      }
      #expect(try bench.journaled() == [.workspace])
    }
  }

  @Test func `throws where the test patch does not fit the commit`() async throws {
    try await withBench(saying(Shop.mend)) { bench in
      var row = try await Shop.row(in: bench.folder)
      row.testPatch = row.testPatch.replacing("total([]), 0", with: "total([]), 1")
      let refused = plan(row)
      let error = await #expect(throws: WorkspaceError.self) { try await bench.make(refused) }
      guard case .testPatchRefused = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}

@Suite struct `an incomplete reply` {
  @Test(arguments: [
    ([ReplyEvent.text(Shop.mend), .end(ReplyEnd(reason: .length, model: "told"))], ReplyEnd.Reason.length),
    ([.text(Shop.mend), .end(ReplyEnd(reason: .broken, model: "told"))], .broken), ([.text(Shop.mend)], .broken),
    ([], .broken),
  ]) func `is never applied`(events: [ReplyEvent], end: ReplyEnd.Reason) async throws {
    try await withBench(ToldModel(events: events)) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder)))
      #expect(take.chain.reply?.end == end)
      #expect(take.records.map(\.stage) == [.workspace, .baseline, .context, .prompt, .reply, .verdict, .feedback])
      #expect(take.verdict?.word == .unresolved)
      #expect(take.verdict?.failure == (end == .length ? .contextTruncated : .modelError))
      #expect(take.verdict?.evidence.isEmpty == false)
      #expect(take.verdict?.sentence.contains(end == .length ? "model.num_predict" : "broke off") == true)
      #expect(bench.world.effects.counts.tests == 1)
    }
  }
}
