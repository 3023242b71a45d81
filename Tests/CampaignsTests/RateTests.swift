import Attempts
import Campaigns
import Testing

private func texts(_ takes: [Take]) -> [String] { Rate.rates(of: takes).map(\.description) }

@Suite struct `a rate` {
  @Test func `counts the resolved, with its interval, its model and whether it is clean`() throws {
    let takes = try [
      take("a", .resolved), take("b", .unresolved), take("c", .unresolved), take("d", .suspect), take("e", .unresolved),
    ]
    #expect(
      texts(takes) == [
        "success_rate 1 of 5: 20.0 % [3.6, 62.4], llama3.1:8b, clean",
        "sound_rate 1 of 5: 20.0 % [3.6, 62.4], llama3.1:8b, clean",
      ])
  }

  @Test func `never mixes models, or assisted and clean`() throws {
    let takes = try [
      take("a", .resolved), take("b", .unresolved, feedback: .hidden), take("c", .resolved, feedback: .hidden),
      take("d", .unresolved, model: "other", asked: "ollama:other", feedback: .none),
    ]
    #expect(
      Rate.rates(of: takes).filter { $0.name == .success }.map {
        "\($0.model) \($0.assisted) \($0.resolved) \($0.total)"
      }
        == ["llama3.1:8b false 1 1", "llama3.1:8b true 1 2", "other false 0 1"])
  }

  @Test func `leaves out environment errors where it is sound, and there alone`() throws {
    // Where the baseline is not red no model is asked; the instance is its model's all the same.
    let takes = try [take("a", .resolved), take("b", .environmentError, model: nil), take("c", .environmentError)]
    #expect(
      texts(takes) == [
        "success_rate 1 of 3: 33.3 % [6.1, 79.2], llama3.1:8b, clean",
        "sound_rate 1 of 1: 100.0 % [20.7, 100.0], llama3.1:8b, clean",
      ])
    #expect(
      try texts([take("b", .environmentError, model: nil)]) == [
        "success_rate 0 of 1: 0.0 % [0.0, 79.3], ollama:llama3.1:8b, clean",
        "sound_rate 0 of 0: - [0.0, 100.0], ollama:llama3.1:8b, clean",
      ])
  }

  @Test func `has none of hand-written and gold replies, of tweaked takes, or of takes without a verdict`() throws {
    let takes = try [
      take("a", .resolved, model: "practice (hand-written)", asked: nil),
      take("b", .environmentError, model: nil, asked: nil), take("c", .environmentError, model: nil, asked: "practice"),
      take("d", .resolved, model: "gold", asked: "gold"), take("e", .environmentError, model: nil, asked: "gold"),
      take("f", .resolved, tweaked: true), take("g", nil),
    ]
    #expect(texts(takes) == [])
  }

  @Test func `counts the last attempt of an instance, and no rerun`() throws {
    let takes = try [
      take("a", .unresolved, number: "1.1"), take("a", .resolved, number: "1.2"),
      take("b", .unresolved, number: "1.1"), take("b", .resolved, number: "2.1"),
      take("c", .resolved, number: "1.1"), take("c", nil, number: "2.1"),
    ]
    let rates = Rate.rates(of: takes)
    #expect(rates.map(\.resolved) == [2, 2])
    #expect(rates.map(\.total) == [3, 3])
  }
}
