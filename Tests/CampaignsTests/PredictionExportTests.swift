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

  @Test func `has of each instance the attempt that resolved it or the last, and nothing that a person steered`() throws
  {
    let export = try PredictionExport(takes: [
      take("b", .unresolved, number: "1.1", patch: "first\n"), take("b", .resolved, number: "1.2", patch: "second\n"),
      take("b", .resolved, number: "1.3", tweaked: true, patch: "third\n"),
      take("a", .unresolved, patch: "only\n"), take("c", .environmentError, model: nil),
      take("d", .resolved, number: "1.1", patch: "good\n"), take("d", .unresolved, number: "2.1", patch: ""),
      take("e", .unresolved, number: "1.1", patch: "one\n"), take("e", .unresolved, number: "2.1", patch: "two\n"),
      take("f", .resolved, tweaked: true, patch: "mine\n"),
    ])
    #expect(export.predictions.map(\.patch) == ["first\n", "only\n", "good\n", "two\n"])
    #expect(export.predictions.map(\.instanceID) == ["b", "a", "d", "e"])
    #expect(export.steered == 1)
    // The rerun counts in no rate, the instance whose environment broke in the first.
    #expect(export.rates.map(\.resolved) == [1, 1])
    #expect(export.rates.map(\.total) == [5, 4])
  }

  @Test func `of nothing is empty`() throws {
    let export = try PredictionExport(takes: [take("a", .environmentError, model: nil, asked: nil)])
    #expect(export.predictions.isEmpty)
    #expect(export.rates.isEmpty)
  }
}
