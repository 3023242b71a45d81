import Testing

@testable import Instances

@Suite struct `predictions` {
  private let two = [
    Prediction(instanceID: "a-1", model: "m", patch: "diff --git a/x b/x\n+\u{1F600}\\"),
    Prediction(instanceID: "b-2", model: "m", patch: ""),
  ]

  @Test func `are written one a line, each patch ended`() throws {
    #expect(
      String(decoding: try Prediction.jsonl(two), as: UTF8.self) == #"""
        {"instance_id":"a-1","model_name_or_path":"m","model_patch":"diff --git a/x b/x\n+😀\\\n"}
        {"instance_id":"b-2","model_name_or_path":"m","model_patch":""}

        """#)
    #expect(try PredictionReader.read(bytes: Prediction.jsonl(two), source: "p") == two)
  }

  @Test(arguments: [
    #"[{"instance_id": "a", "model_name_or_path": "m", "model_patch": null}]"#,
    #"{"a": {"model_name_or_path": "m", "model_patch": ""}}"#,
  ])
  func `are read as a list, by id, or one alone, with null as no patch`(text: String) throws {
    let read = try PredictionReader.read(bytes: Array(text.utf8), source: "p")
    #expect(read == [Prediction(instanceID: "a", model: "m", patch: "")])
  }

  @Test(arguments: [#"{"model_patch": "x"}"#, #"{"model_name_or_path": "m", "model_patch": null}"#])
  func `without an id are never read as by id`(text: String) {
    let error = #expect(throws: DatasetError.self) { try PredictionReader.read(bytes: Array(text.utf8), source: "p") }
    #expect(error?.errorDescription?.contains("the field instance_id is missing") == true)
  }

  @Test func `that are wrong say where`() {
    #expect(throws: DatasetError.missingField(source: "p", place: .line(1), field: "instance_id")) {
      try PredictionReader.read(bytes: Array("{\"model_patch\": \"\"}\n{\"model_patch\": \"\"}".utf8), source: "p")
    }
    #expect(throws: DatasetError.cut(source: "p", place: .line(2))) {
      try PredictionReader.read(bytes: Array("{\"instance_id\": \"a\"}\n{\"inst".utf8), source: "p")
    }
  }

  @Test(arguments: [
    (#"{"instance_id": "a", "model_patch": 5}"#, "model_patch", "a number"),
    (#"{"instance_id": ["a"]}"#, "instance_id", "a list"), ("5", "row", "something else"),
  ])
  func `of another kind name the column`(text: String, field: String, found: String) {
    let expected = field == "row" ? "an object" : "a string"
    #expect(
      throws: DatasetError.wrongType(source: "p", place: .line(1), field: field, expected: expected, found: found)
    ) {
      try PredictionReader.read(bytes: Array("\(text)\n\(text)".utf8), source: "p")
    }
  }

  @Test func `that are no text are refused`() {
    let bytes = Array(#"{"instance_id": "a", "model_patch": ""#.utf8) + [0xFF] + Array("\"}".utf8)
    #expect(throws: DatasetError.self) { try PredictionReader.read(bytes: bytes, source: "p") }
  }
}
