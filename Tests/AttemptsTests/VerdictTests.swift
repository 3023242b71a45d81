import Foundation
import Grading
import Instances
import Models
import Testing

@testable import Attempts

@Suite struct `a verdict` {
  @Test(arguments: ["django__django-11000", "flask__flask-5063"])
  func `is resolved for the gold patch`(id: String) async throws {
    let instance = try practice(id)
    try await withBench(goldModel) { bench in
      let verdict = try await bench.make(plan(instance)).verdict
      #expect(verdict?.word == .resolved)
      #expect(verdict?.failure == nil)
      #expect(verdict?.resolution == .full)
      #expect(verdict?.suspicions == [])
      #expect(verdict?.sentence == "")
    }
  }
}
