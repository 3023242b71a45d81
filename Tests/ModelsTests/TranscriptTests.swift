import Foundation
import Testing

@testable import Models
@testable import Transfer

/// The recorded exchanges with real servers that lie beside the project, where they do.
private let transcripts: String? = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let folder = root.deletingLastPathComponent().appendingPathComponent("shared/model-transcripts").path
  return FileManager.default.fileExists(atPath: folder) ? folder : nil
}()

/// What an exchange should come to.
private struct Case: Decodable, Sendable {
  let name: String
  let kind: String
  let status: Int
  let text: String
  /// `stop`, `length` or `broken`.
  let end: String
  /// What the server said of an error; empty where it said nothing.
  let message: String
  let prompt: Int?
  let reply: Int?
  let window: Int?
}

private func withTranscripts(_ body: (String, [Case]) async throws -> Void) async throws {
  let server = try await TestServer("python3", ["-c", transcriptScript, try #require(transcripts)])
  let result: Result<Void, any Error>
  do {
    let cases = try await Transfer().fetch(HTTPRequest(url: server.url + "/cases")).body
    result = .success(try await body(server.url, try JSONDecoder().decode([Case].self, from: Data(cases))))
  } catch {
    result = .failure(error)
  }
  await server.stop()
  try result.get()
}

/// One of all exchanges, and the protocol that it is nearest to.
private struct Exchange: Decodable, Sendable {
  let name: String
  let kind: String
}

/// The reader of a case's body.
private func reader(_ kind: String, _ body: [UInt8]) -> any AnswerReader {
  let isStream = ["data:", ":", "event:"].contains { body.starts(with: $0.utf8) }
  return switch kind {
  case "ollama": OllamaAnswer()
  case "anthropic": AnthropicAnswer(isStream: isStream)
  default: OpenAIAnswer(isStream: isStream)
  }
}

/// The pieces of an answer whose reader was fed one byte at a time, and after each byte those of an answer cut off there.
private func cuts(
  _ reader: some AnswerReader, _ body: [UInt8], _ look: (_ soFar: [AnswerPiece], _ ending: [AnswerPiece]) -> Void
) -> [AnswerPiece] {
  var reader = reader
  var all: [AnswerPiece] = []
  for byte in body {
    all += reader.take([byte])
    var cut = reader
    look(all, cut.end())
  }
  return all + reader.end()
}

extension [AnswerPiece] {
  fileprivate var text: String {
    reduce(into: "") { text, piece in if case .text(let more) = piece { text += more } }
  }

  fileprivate var ends: [AnswerEnd] {
    compactMap { piece in if case .end(let end) = piece { end } else { nil } }
  }
}

@Suite(.enabled(if: transcripts != nil, "no ../shared/model-transcripts beside the project"))
struct `a recorded exchange with a real server` {
  @Test func `comes to what was recorded, wherever its bytes are cut`() async throws {
    try await withTranscripts { url, cases in
      let servers = ModelServers()
      var ends: [String: Int] = [:]
      for (number, expected) in cases.enumerated() {
        let kind = try #require(ModelName.Kind(rawValue: expected.kind))
        for seed in 1...3 {
          let model = try servers.model(ModelName(kind, "llama3.1:8b"), url: "\(url)/\(number)/\(seed)")
          let found = await outcome(of: model)
          let at = Comment("\(expected.name), seed \(seed)")
          if expected.status == 200, !expected.text.isEmpty || expected.end != "broken" {
            #expect(found.error == nil, at)
            #expect(Array(found.text.utf8) == Array(expected.text.utf8), at)
            #expect(found.end?.reason.rawValue == expected.end, at)
            if expected.end != "broken" {
              #expect(found.end?.promptTokens == expected.prompt && found.end?.replyTokens == expected.reply, at)
            } else {
              let why = try #require(found.end?.why, at)
              #expect(expected.message.isEmpty || why.contains(expected.message), at)
            }
          } else if expected.window != nil {
            // It was refused, which is a reply without a word.
            #expect(found.error == nil && found.text.isEmpty && found.end?.reason == .broken, at)
            #expect(found.end?.window == .refused(prompt: expected.prompt, window: expected.window), at)
            #expect(found.end?.why?.hasPrefix("the server refused the prompt: ") == true, at)
          } else if expected.status == 200 {
            // Nothing was said: loading a model, showing a prompt.
            #expect(found.text.isEmpty && found.end?.reason != .stop, at)
          } else {
            let error = try #require(found.error as? ServerError, at)
            #expect(Self.fits(error.fault, expected), "\(at): \(error)")
          }
        }
        ends["\(expected.status) \(expected.status == 200 ? expected.end : "")", default: 0] += 1
      }
      // All kinds of ends were among them.
      for kind in ["200 stop", "200 length", "200 broken", "400 ", "401 ", "404 ", "500 ", "503 "] {
        #expect(ends[kind] ?? 0 > 0, "no exchange that ended with \(kind)")
      }
    }
  }

  @Test func `says the same however its body is cut`() async throws {
    try await withTranscripts { url, cases in
      for (number, expected) in cases.enumerated() where expected.status == 200 {
        let body = try await Transfer().fetch(HTTPRequest(url: "\(url)/\(number)/body")).body
        let reader = reader(expected.kind, body)
        let whole = pieces(reader, [body])
        for seed in 0..<4 as Range<UInt64> {
          var random = Seeded(seed)
          #expect(pieces(reader, random.pieces(of: body)) == whole, "\(expected.name), seed \(seed)")
        }
      }
    }
  }

  @Test func `says the same one byte at a time, and is never complete before its terminal event`() async throws {
    try await withTranscripts { url, cases in
      for (number, expected) in cases.enumerated() where expected.status == 200 {
        let body = try await Transfer().fetch(HTTPRequest(url: "\(url)/\(number)/body")).body
        let reader = reader(expected.kind, body)
        let whole = pieces(reader, [body])
        var wrong: [String] = []
        var place = 0
        let all = cuts(reader, body) { soFar, ending in
          place += 1
          // What has come is a beginning of the whole, and an end is the whole's own, with all of its text.
          if !whole.text.hasPrefix((soFar + ending).text) { wrong.append("text at \(place)") }
          for end in (soFar + ending).ends where end.reason != .broken {
            let isWhole = (soFar + ending).text == whole.text && end.reason == whole.ends.first?.reason
            if !isWhole { wrong.append("an end at \(place)") }
          }
        }
        #expect(all.text == whole.text && all.ends == whole.ends, "\(expected.name)")
        #expect(wrong.isEmpty, "\(expected.name): \(wrong.prefix(3))")
      }
    }
  }

  @Test func `is named right wherever it stalls, be it whole, incomplete or an error`() async throws {
    try await withTranscripts { url, cases in
      var route = ServerRoute.once
      (route.firstByte, route.idle) = (0.3, 0.3)
      let servers = ModelServers()
      var random = Seeded(41)
      let names = try await withThrowingTaskGroup(of: [String].self) { group in
        var names: [String] = []
        for (number, expected) in cases.enumerated() {
          let kind = try #require(ModelName.Kind(rawValue: expected.kind))
          func model(_ way: String, _ route: ServerRoute) throws -> any ServerModel {
            try servers.model(ModelName(kind, "llama3.1:8b"), url: "\(url)/\(number)/\(way)", route: route)
          }
          let whole = try model("1", .once)
          // Before the first byte, anywhere, and with all there but the end of a body in chunks.
          let places = [0, -5] + (0..<4).map { _ in Int.random(in: 1...999, using: &random) }
          let stalling = try places.map { try model("stall-\($0)", route) }
          // Few at a time, so that none seems to stall that does not.
          if number >= 12 { names += try await group.next() ?? [] }
          let of = expected.status != 200 ? "error" : expected.end == "broken" ? "incomplete" : "complete"
          group.addTask {
            let all = await outcome(of: whole)
            var names: [String] = []
            for (place, model) in zip(places, stalling) {
              let name = Self.stall(await outcome(of: model), of: all, status: expected.status)
              names.append("\(of): " + (name ?? "wrong: \(expected.name) at \(place)"))
            }
            return names
          }
        }
        return try await group.reduce(into: names) { $0 += $1 }
      }
      let counts = Dictionary(grouping: names, by: \.self).mapValues(\.count)
      let wrong = names.filter { $0.contains("wrong") }
      #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))")
      for name in [
        "complete: stalled", "complete: ended", "incomplete: stalled", "incomplete: ended", "error: stalled",
        "error: status",
      ] { #expect(counts[name] ?? 0 > 0, "\(name) in \(counts)") }
    }
  }

  /// What an exchange that stalled came to, next to what it comes to as a `whole`: `stalled`; `ended` where all that counts
  /// had come already; `status` where only the status of an error had. Nil where it is taken for something else.
  private static func stall(
    _ cut: (text: String, end: ReplyEnd?, error: (any Error)?),
    of whole: (text: String, end: ReplyEnd?, error: (any Error)?), status: Int
  ) -> String? {
    if let end = cut.end {
      if end.reason == whole.end?.reason, end.why == whole.end?.why, cut.text == whole.text { return "ended" }
      let isBeginning = !cut.text.isEmpty && whole.text.utf8.starts(with: cut.text.utf8)
      return end.reason == .broken && end.why?.hasPrefix("the answer stopped") == true && isBeginning ? "stalled" : nil
    }
    let (fault, other) = ((cut.error as? ServerError)?.fault, (whole.error as? ServerError)?.fault)
    switch fault {
    case .transfer(.timedOut): return "stalled"
    case .refused(status, ""), .busy(status, ""), .unauthorized(_, _, ""), .notModelServer, .noModel:
      return status == 200 ? nil : "status"
    default: return fault != nil && fault == other ? "ended" : nil
    }
  }

  @Test func `has a name for its outcome, whatever was asked`() async throws {
    let server = try await TestServer("python3", ["-c", transcriptScript, try #require(transcripts)])
    let list = try await Transfer().fetch(HTTPRequest(url: server.url + "/all")).body
    let all = try JSONDecoder().decode([Exchange].self, from: Data(list))
    #expect(all.count == 188)
    var outcomes: [String: Int] = [:]
    for (number, exchange) in all.enumerated() {
      let kind = try #require(ModelName.Kind(rawValue: exchange.kind))
      let model = try ModelServers().model(ModelName(kind, "m"), url: "\(server.url)/any/\(number)", route: .once)
      let found = await outcome(of: model)
      let name =
        found.end.map {
          $0.window?.evidence.hasPrefix("refused: ") == true ? "reply, refused" : "reply, \($0.reason.rawValue)"
        }
        ?? (found.error as? ServerError).map { String(String(describing: $0.fault).prefix { $0 != "(" }) }
      #expect(name != nil, "\(exchange.name): \(String(describing: found.error))")
      // Nothing that was no chat is taken for a whole answer with text.
      outcomes[name ?? "none", default: 0] += 1
    }
    #expect(outcomes.values.reduce(0, +) == 188)
    for name in ["reply, stop", "reply, length", "reply, broken", "reply, refused", "busy", "unauthorized"] {
      #expect(outcomes[name] ?? 0 > 0, "\(name) in \(outcomes)")
    }
    await server.stop()
  }

  @Test func `of a server's own routes is read into the passport`() async throws {
    let folder = try #require(transcripts)
    func body(_ name: String) throws -> String {
      let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).http")), as: UTF8.self)
      let response = try #require(text.range(of: "<<< response (raw bytes)\n")).upperBound
      let start = try #require(text.range(of: "\r\n\r\n", range: response..<text.endIndex)).upperBound
      let end = try #require(text.range(of: "\n=== recv", options: .backwards)).lowerBound
      let body = String(text[start..<end])
      // A chunked body is one chunk here.
      return body.hasPrefix("{") ? body : body.split(separator: "\r\n").filter { $0.hasPrefix("{") }.joined()
    }
    let routes = [
      "/api/version": try body("ollama/version"), "/api/ps": try body("ollama/ps"),
      "/api/show": try body("ollama/show"),
      "/props": try body("llamacpp/props"), "/v1/models": try body("llamacpp/v1-models"),
    ]
    try await withRoutes(routes) { url in
      let ollama = try ModelServers().model(ModelName(.ollama, "llama3.1:8b"), url: url, route: .once)
      let first = await ollama.passport(Sampling())
      #expect(first[.server] == "Ollama 0.33.0" && first[.digest] == "2618c8ed0eaf" && first[.window] == "2048")
      #expect(first[.parameters] != nil && first[.template]?.count == 12 && first[.trainedWindow] == "131072")
      #expect(await ollama.refusesWhatDoesNotFit() == true)
      let openai = try ModelServers().model(ModelName(.openai, "llama3.1:8b"), url: url, route: .once)
      let second = await openai.passport(Sampling())
      #expect(second[.server]?.hasPrefix("llama.cpp") == true && second[.window] == "1024" && second[.slots] == "2")
      #expect(second[.quantization] == "all F32" && second[.template]?.count == 12)
      #expect(second.differences(to: first).map(\.field).contains(.server))
      #expect(first.differences(to: first).isEmpty)
    }
  }

  /// Whether a fault is the one that the server's words and status mean.
  private static func fits(_ fault: ServerError.Fault, _ expected: Case) -> Bool {
    func says(_ said: String) -> Bool { said.hasPrefix(ServerText.line(expected.message, limit: 40).prefix(40)) }
    return switch fault {
    case .noModel(let served): expected.status == 404 && !served.isEmpty
    case .notModelServer: expected.status == 404 && expected.message != "model 'llama3.1:8b' not found"
    case .unauthorized(_, _, let said): expected.status == 401 && says(said)
    case .busy(let status, let said): status == 503 && expected.status == 503 && says(said)
    case .refused(let status, let said):
      status == expected.status && expected.window == nil && ![401, 403, 404, 429, 503].contains(status) && says(said)
    default: false
    }
  }
}
