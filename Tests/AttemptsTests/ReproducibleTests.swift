import Content
import Instances
import Journal
import Prompts
import Repositories
import Testing
import Workspaces

@testable import Attempts

/// Two attempts of a row in a folder of their own, nothing kept from the one for the other.
private func attempts(_ instance: Instance, sandbox: Bool) async throws -> [Take] {
  var settings = defaults
  settings.workspace.sandbox = sandbox ? .on : .off
  return try await withBench(practiceModel) { [settings] bench in
    let first = try await bench.make(plan(instance, settings: settings))
    let second = try await bench.make(
      plan(instance, TakeID(attempt: 2, take: 1), settings: settings, earlier: first.chain.feedback))
    return [first, second]
  }
}

@Suite struct `equal inputs` {
  @Test(arguments: ["django__django-11000", "flask__flask-5063"], [true, false])
  func `give equal artifacts in another folder, the outcomes too`(id: String, sandbox: Bool) async throws {
    let instance = try practice(id)
    let here = try await attempts(instance, sandbox: sandbox && hasSandbox)
    let there = try await attempts(instance, sandbox: sandbox && hasSandbox)
    for (one, other) in zip(here, there) {
      #expect(one.records.map(\.stage) == other.records.map(\.stage))
      for (record, twin) in zip(one.records, other.records) {
        #expect(record.key == twin.key, "\(record.stage) of \(one.id)")
        #expect(record.content == twin.content, "\(record.stage) of \(one.id)")
      }
      let messages = try #require(one.chain.prompt?.prompt.messages)
      #expect(messages.map(\.text) == other.chain.prompt?.prompt.messages.map(\.text))
      #expect(one.chain.baseline?.report.log.contains("/tmp/ramp") == false)
    }
    // Nothing of the first run is left to change the second.
    #expect(here[1].chain.baseline == here[0].chain.baseline)
  }

  @Test func `give equal outcomes where the tests print times, addresses and places`() async throws {
    let tests = [
      "tests/test_cart.py": """
      import os
      import tempfile
      import time
      import unittest

      from shop.cart import total


      class Cart(unittest.TestCase):
          def test_total(self):
              print(self.id, object(), "in %.3fs" % (time.time() % 7), os.getcwd())
              with tempfile.TemporaryDirectory() as folder:
                  print(folder, sorted({"b", "a", "c"}), {"x", "y", "z"}, hash("x"), time.tzname, os.environ.get("LANG"))
              self.assertEqual(total([5, 7]), 12, object())

      """
    ]
    var contents: Set<[Hash]> = []
    for _ in 1...3 {
      try await withBench(saying("")) { bench in
        let row = try await Shop.row(in: bench.folder, tests: tests, passToPass: [])
        let baseline = try await bench.make(plan(row, through: .baseline)).chain
        #expect(baseline.baseline?.report.log.contains("'UTC'") == true)
        #expect(baseline.baseline?.report.log.contains("/testbed") == true)
        contents.insert(baseline.records.map(\.content))
      }
    }
    #expect(contents.count == 1)
  }

  @Test func `keep the raw log beside the outcomes`() async throws {
    try await withBench(saying(Shop.mend)) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder)))
      for stage in [Stage.baseline, .outcomes] {
        let hash = try #require(take.chain[stage]?.attachments["log"])
        let raw = try #require(try bench.world.journal.bytes(of: hash))
        #expect(String(decoding: raw, as: UTF8.self).contains("Ran 4 tests in 0."))
      }
    }
  }
}
