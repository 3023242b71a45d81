import Foundation
import Testing

@testable import Models
@testable import Transfer

extension Seeded {
  /// Text as prompts have it: prose, code, tables, rules, numbers, base64.
  mutating func text(bytes: Int) -> String {
    let words = [
      "the", "queryset", "raises", "in", "self", "formset", "management", "a", "ValueError", "return", "def",
    ]
    var text = ""
    while text.utf8.count < bytes {
      switch Int.random(in: 0..<9, using: &self) {
      case 0: text += "\n\n"
      case 1: text += "\n" + String(repeating: " ", count: Int.random(in: 0...24, using: &self))
      case 2: text += "self.\(words.randomElement(using: &self) ?? "x")(\(Int.random(in: 0...9999, using: &self)))"
      case 3: text += String(repeating: ["-", "=", " ", "#"].randomElement(using: &self) ?? "-", count: 20)
      case 4: text += (0..<20).map { _ in "abcXYZ019+/".randomElement(using: &self).map(String.init) ?? "" }.joined()
      default: text += " " + (words.randomElement(using: &self) ?? "x")
      }
    }
    return text
  }

  /// A prompt of one to five turns, with instructions or without.
  mutating func prompt(bytes: Int) -> [ModelMessage] {
    let turns = Int.random(in: 1...5, using: &self)
    var messages = (0..<turns).map { turn in
      ModelMessage(role: turn % 2 == 0 ? "user" : "assistant", text: text(bytes: max(2, bytes / turns)))
    }
    if Bool.random(using: &self) { messages.insert(ModelMessage(role: "system", text: text(bytes: 60)), at: 0) }
    return messages
  }
}

/// What is said of a prompt by a server's way with windows.
private func proof(
  _ messages: [ModelMessage], _ server: WindowStandIn, loaded: Int?, refuses: Bool?
) async -> WindowProof? {
  var sampling = Sampling()
  sampling.numCtx = server.window
  let request = ModelRequest(messages: messages, sampling: sampling, instanceID: "i")
  guard let read = server.read(messages) else { return nil }
  return await SentPrompt(request).proof(of: messages, read: read, loaded: loaded, refuses: refuses) { server.read($0) }
}

@Suite struct `the proof of a window` {
  @Test func `raises no false alarm over 10,000 prompts that were read whole`() async {
    var random = Seeded(7)
    var counts: [WindowProof.State: Int] = [:]
    for number in 0..<10_000 {
      let messages = random.prompt(bytes: Int.random(in: 4...2000, using: &random))
      let tokens = WindowStandIn.tokens(messages)
      // Just as long as the window, a little less, and much less; and so that it looks as if half was left.
      let window = [tokens, tokens + 1, tokens + 2, tokens * 2 - 5, tokens * 3, tokens * 20][number % 6]
      let server = WindowStandIn(cutting: Cutting.allCases[number % 4], window: window)
      let found = await proof(
        messages, server, loaded: number % 3 == 0 ? nil : window, refuses: [true, false, nil][number % 7 % 3])
      counts[found?.state ?? .unknown, default: 0] += 1
      if found?.state != .intact {
        Issue.record("\(number): \(found?.description ?? "refused") of \(tokens) in \(window)")
      }
    }
    #expect(counts == [.intact: 10_000])
  }

  @Test(arguments: [Cutting.turns, .half, .exact])
  func `tells every prompt that was cut, by however little`(cutting: Cutting) async {
    var random = Seeded(11)
    for number in 0..<4000 {
      let messages = random.prompt(bytes: Int.random(in: 100...2000, using: &random))
      let tokens = WindowStandIn.tokens(messages)
      let window = tokens - [1, 2, 3, 10, tokens / 3, tokens / 2][number % 6]
      let server = WindowStandIn(cutting: cutting, window: window)
      // A version that refuses such prompts is not among those that cut them.
      let found = await proof(
        messages, server, loaded: number % 2 == 0 ? window : nil, refuses: number % 4 < 2 ? false : nil)
      if found?.state != .truncated { Issue.record("\(number): \(found?.description ?? "") of \(tokens) in \(window)") }
    }
  }

  @Test func `is told over HTTP at every boundary, and 400 is a refusal with both counts`() async throws {
    let server = try await TestServer("python3", ["-c", windowScript])
    for cutting in Cutting.allCases {
      for version in ["0.5.7", "0.12.5", "none", "0.33.0"] where (cutting == .refuse) == (version == "0.33.0") {
        for system in [true, false] {
          let old = ModelMessage(role: "user", text: "first\nan old turn\n")
          let messages =
            (system ? [ModelMessage(role: "system", text: "You fix code.\n")] : []) + [
              old, ModelMessage(role: "assistant", text: "yes"),
              ModelMessage(role: "user", text: String(repeating: "word 12 ;\n", count: 120)),
            ]
          let tokens = WindowStandIn.tokens(messages)
          for window in [tokens - 1, tokens, tokens + 1, tokens * 2 - 5] {
            var sampling = Sampling()
            (sampling.numCtx, sampling.numPredict) = (window, 8)
            let model = try ModelServers().model(
              ModelName(.ollama, "m"), url: "\(server.url)/\(version)/\(cutting.rawValue)/0", route: .once)
            let found = await outcome(
              of: model, to: ModelRequest(messages: messages, sampling: sampling, instanceID: "i"))
            let at = Comment("\(cutting) \(version) \(system) \(tokens) in \(window)")
            guard window < tokens else {
              #expect(found.end?.window?.state == .intact, at)
              continue
            }
            if cutting == .refuse {
              #expect(found.end?.window == .refused(prompt: tokens, window: window), at)
              #expect(found.end?.reason == .broken && found.end?.why == "the server refused the prompt: too long", at)
            } else {
              #expect(found.end?.window?.state == .truncated, at)
            }
          }
        }
      }
    }
    await server.stop()
  }

  @Test func `holds for the window that is loaded, whatever was asked for`() async throws {
    let server = try await TestServer("python3", ["-c", windowScript])
    let text = String(repeating: "word 12 ;\n", count: 120)
    for (loaded, state) in [(300, WindowProof.State.truncated), (4096, .intact)] {
      let model = try ModelServers().model(
        ModelName(.ollama, "m"), url: "\(server.url)/0.5.7/half/\(loaded)", route: .once)
      let found = await outcome(of: model, to: request(text))
      #expect(found.end?.window?.state == state)
      #expect(found.end?.passport?[.window] == "\(loaded)")
      let check = try await ModelCheck.of(model, Sampling())
      #expect(check.remarks.contains { $0.hasPrefix("the window is smaller than asked: \(loaded) of 16384 tokens") })
      #expect(check.remarks.contains { $0.hasPrefix("Ollama 0.5.7 is too old for `truncate: false`") })
    }
    await server.stop()
  }

  @Test func `of an exact count is the count itself`() {
    let sent = SentPrompt(request("a few words"))
    #expect(sent.reading(exact: 36, read: 36).state == .intact)
    #expect(sent.reading(exact: 36, read: 35) == .truncated("36 tokens sent, 35 read"))
    #expect(sent.reading(exact: 36, read: 20, slack: 16).state == .intact)
    #expect(sent.reading(exact: 36, read: nil).state == .unknown)
  }

  @Test func `is written and read as one line`() {
    for proof in [
      WindowProof.intact("a (b)"), .truncated("x"), .unknown(""), WindowProof(.cut, "a.py:1-2: 3 tokens"),
      .refused(prompt: 9, window: 8), .refused(prompt: 7, window: 8), .refused(prompt: nil, window: 8),
      .refused(prompt: nil, window: nil),
    ] {
      #expect(WindowProof(proof.description) == proof)
    }
    #expect(WindowProof("nonsense") == nil && WindowProof("intact x") == nil)
  }

  @Test(
    arguments: [
      ("0.12.5", false), ("0.12.6", true), ("0.12.6-rc1", true), ("0.5", false), ("0.33.0", true), ("1.0.0", true),
      ("0.0.0", nil), ("dev", nil),
    ] as [(String, Bool?)])
  func `trusts the versions that refuse what does not fit`(version: String, refuses: Bool?) {
    #expect(OllamaModel.refuses(version) == refuses)
  }
}
