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
        let isStream = body.starts(with: "data:".utf8) || body.starts(with: ":".utf8)
        let reader: any AnswerReader = expected.kind == "ollama" ? OllamaAnswer() : OpenAIAnswer(isStream: isStream)
        let whole = pieces(reader, [body])
        for seed in 0..<4 as Range<UInt64> {
          var random = Seeded(seed)
          #expect(pieces(reader, random.pieces(of: body)) == whole, "\(expected.name), seed \(seed)")
        }
      }
    }
  }

  /// Whether a fault is the one that the server's words and status mean.
  private static func fits(_ fault: ServerError.Fault, _ expected: Case) -> Bool {
    func says(_ said: String) -> Bool { said.hasPrefix(ServerText.line(expected.message, limit: 40).prefix(40)) }
    return switch fault {
    case .contextExceeded(let prompt, let window, _): prompt == expected.prompt && window == expected.window
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
