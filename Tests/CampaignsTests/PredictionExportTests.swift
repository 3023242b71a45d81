import Attempts
import Campaigns
import Instances
import Testing

@Suite struct `an export of predictions` {
  @Test func `labels those that were written with the hidden tests in view`() throws {
    let export = try PredictionExport(takes: [
      take("a", .resolved, patch: "diff a\n"), take("b", .unresolved, feedback: .hidden, patch: "diff b\n"),
      take("c", .unresolved, feedback: .hidden),
    ])
    #expect(export.assisted == 2)
    #expect(
      String(decoding: try Prediction.jsonl(export.predictions), as: UTF8.self) == #"""
        {"instance_id":"a","model_name_or_path":"llama3.1:8b","model_patch":"diff a\n"}
        {"instance_id":"b","model_name_or_path":"llama3.1:8b (assisted)","model_patch":"diff b\n"}
        {"instance_id":"c","model_name_or_path":"llama3.1:8b (assisted)","model_patch":""}

        """#)
    #expect(export.rates.map(\.total) == [1, 1, 2, 2])
  }

  @Test func `has the last take of each instance that was not tweaked, and the rates of all`() throws {
    let export = try PredictionExport(takes: [
      take("b", .unresolved, number: "1.1", patch: "first\n"), take("b", .resolved, number: "1.2", patch: "second\n"),
      take("b", .resolved, number: "1.3", tweaked: true, patch: "third\n"),
      take("a", .unresolved, patch: "only\n"), take("c", .environmentError, model: nil),
    ])
    #expect(export.predictions.map(\.patch) == ["second\n", "only\n"])
    #expect(export.predictions.map(\.instanceID) == ["b", "a"])
    // The rerun counts in no rate, the instance whose environment broke in the first.
    #expect(export.rates.map(\.resolved) == [0, 0])
    #expect(export.rates.map(\.total) == [3, 2])
  }

  @Test func `of nothing is empty`() throws {
    let export = try PredictionExport(takes: [take("a", .environmentError, model: nil, asked: nil)])
    #expect(export.predictions.isEmpty)
    #expect(export.rates.isEmpty)
  }
}
