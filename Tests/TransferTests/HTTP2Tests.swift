import Foundation
import TestPrograms
import Testing

@testable import Transfer

/// An HTTP/2 server of the PyPI package h2, from `scripts/http2-server`.
private enum HTTP2Server {
  static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("scripts/http2-server").path

  /// The Python that can run it; nil where it cannot be had.
  static let python: Task<String?, Never> = Task {
    guard let child = try? Child("\(scripts)/setup") else { return nil }
    child.closeInput()
    let output = String(decoding: await child.output(), as: UTF8.self)
    return await child.ended() == 0 ? output.trimmingCharacters(in: .whitespacesAndNewlines) : nil
  }
}

@Suite(.enabled("h2 cannot be had from PyPI, or RAMP_OFFLINE is set") { await HTTP2Server.python.value != nil })
struct `a transfer over HTTP/2` {
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "openssl makes the certificate"))
  func `is the same as any other, and says where a stream was reset`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("http2-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let python = try #require(await HTTP2Server.python.value)
    let child = try Child(python, ["\(HTTP2Server.scripts)/serve.py", folder.path])
    let url = "https://localhost:\(await child.line())"
    let file = folder.path + "/certificate.pem"
    let transfer = Transfer()
    let body = [UInt8](repeating: 65, count: 50_000)
    for _ in 1...2 {
      let answer = try await transfer.fetch(HTTPRequest(method: "POST", url: url + "/a", body: body, caFile: file))
      #expect(answer.status == 200 && answer.text == "HTTP/2, 50000 bytes")
      #expect(answer.header("content-type") == "text/plain")
    }
    let reset = await drain(transfer.stream(HTTPRequest(url: url + "/reset", caFile: file)))
    guard case .cutOff? = reset.error as? TransferError else {
      Issue.record("\(String(describing: reset.error))")
      return
    }
    child.send(SIGKILL)
    _ = await child.ended()
  }
}
