import Foundation
import TestPrograms
import Testing

@testable import Transfer

/// A running server of ``serverScript``.
struct Server: Sendable {
  let ports: [String: Int]
  let folder: String

  func url(_ path: String, at listener: String = "http", host: String = "127.0.0.1") -> String {
    "http://\(host):\(ports[listener] ?? 0)\(path)"
  }

  /// Expects that `/log` holds `line`, now or within about a second.
  func expectLog(_ line: String, _ transfer: Transfer, at place: SourceLocation = #_sourceLocation) async throws {
    var text = ""
    for _ in 0..<100 {
      text = try await transfer.fetch(HTTPRequest(url: url("/log"))).text
      if text.contains(line) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("the server has not logged `\(line)` but: \(text)", sourceLocation: place)
  }
}

extension HTTPResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// Starts a server, gives it to `body`, and ends it.
func withServer(tls: Bool = false, _ body: (Server, Transfer) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("transfer-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }

  let child = try Child("python3", ["-c", serverScript, folder.path] + (tls ? ["tls"] : []))
  let result: Result<Void, any Error>
  do {
    let ports = try #require(try JSONSerialization.jsonObject(with: Data(await child.line().utf8)) as? [String: Int])
    try await body(Server(ports: ports, folder: folder.path), Transfer())
    result = .success(())
  } catch {
    result = .failure(error)
  }
  child.send(SIGKILL)
  _ = await child.ended()
  try result.get()
}

/// All that a stream gives: its status, its bytes, and the error that it ends with.
func drain(_ stream: AsyncThrowingStream<HTTPEvent, any Error>) async -> (
  status: Int?, text: String, error: (any Error)?
) {
  var status: Int?
  var body: [UInt8] = []
  do {
    for try await event in stream {
      switch event {
      case .head(let code, _): status = code
      case .data(let bytes): body += bytes
      }
    }
    return (status, String(decoding: body, as: UTF8.self), nil)
  } catch {
    return (status, String(decoding: body, as: UTF8.self), error)
  }
}

/// How many threads this process has, or those of that name.
func threadCount(named name: String? = nil) -> Int {
  let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
  guard let name else { return tasks.count }
  return tasks.count { task in
    let found = FileManager.default.contents(atPath: "/proc/self/task/\(task)/comm") ?? Data()
    return String(decoding: found, as: UTF8.self) == name + "\n"
  }
}
