import Grading
import Testing

@Suite(.enabled(if: Official.logs != nil, "../shared is absent"))
struct `the official logs` {
  @Test func `give the official statuses and verdicts`() throws {
    let entries = try Official.entries()
    #expect(entries.count == 74)
    for entry in entries {
      let grade = try Grade(entry.instance, log: entry.log)
      #expect(
        Dictionary(grouping: grade.outcomes.entries) { $0.word }.mapValues(\.count) == entry.parsed, "\(entry.dir)")
      #expect(grade.resolved == entry.resolved, "\(entry.dir)")
      let status = try #require(grade.testsStatus)
      #expect(status.failToPass.success == entry.report["FAIL_TO_PASS"]?.success, "\(entry.dir)")
      #expect(status.failToPass.failure == entry.report["FAIL_TO_PASS"]?.failure, "\(entry.dir)")
      #expect(status.passToPass.success == entry.report["PASS_TO_PASS"]?.success, "\(entry.dir)")
      #expect(status.passToPass.failure == entry.report["PASS_TO_PASS"]?.failure, "\(entry.dir)")
    }
  }
}
