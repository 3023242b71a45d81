import Sessions
import Testing

@testable import Commands

@Suite struct `a sample` {
  @Test func `of the practice set hides none of its other rows`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("sample 1 --seed 2")
    for id in [django, flask] { try await sitting.type("run \(id) --through workspace") }
    #expect(try await sitting.type("instances --set sample").split(separator: "\n").count == 2)
    #expect(try await sitting.type("instances").split(separator: "\n").count == 6)
  }
}

@Suite struct `a line of which a program reads the result` {
  @Test func `may have --json among its options`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(flask) --through prompt")
    let last = try await sitting.type("show prompt --json")
    #expect(faults(ofJSON: last).isEmpty && !last.isEmpty)
    #expect(try await sitting.type("show --json prompt") == last)
    #expect(try await sitting.type("note --json x") == "")
  }

  @Test func `ends with an object that says what went wrong`() async throws {
    let sitting = try await Sitting()
    _ = await sitting.fault(of: "show prompt --json")
    let object =
      #"{"error":"no instance has been run yet","next":"`run ID` first; `instances` lists the ids","ok":false}"#
    #expect(sitting.out.take() == object + "\n")
    #expect(await sitting.fault(of: "show prompt").hasPrefix("no instance"))
    #expect(sitting.out.take().isEmpty)
  }
}
