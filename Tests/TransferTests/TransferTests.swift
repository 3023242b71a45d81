import Foundation
import Testing

@testable import Transfer

@Suite struct `a port` {
  @Test func `is known at once to have somebody behind it, or nobody`() async throws {
    var port = 0
    try await withServer { server, _ in
      port = try #require(server.url("").split(separator: ":").last.flatMap { Int($0.filter(\.isNumber)) })
      #expect(Transfer.listens(host: "127.0.0.1", port: port) == true)
      #expect(Transfer.listens(host: "localhost", port: port) == true)
    }
    #expect(Transfer.listens(host: "127.0.0.1", port: port) == false)
  }

  @Test func `is not looked for where the host is a name`() {
    #expect(Transfer.listens(host: "gpu.example", port: 80) == nil)
  }
}

/// One at a time, since some count threads.
@Suite(.serialized) struct `a transfer` {
  @Test func `delivers each piece as it comes, the first before the server makes the second`() async throws {
    try await withServer { server, transfer in
      var seen: [String] = []
      for try await event in transfer.stream(HTTPRequest(url: server.url("/gated"))) {
        switch event {
        case .head(let status, let headers):
          seen.append("\(status)")
          #expect(headers.map(\.0) == ["Transfer-Encoding"])
        case .data(let bytes):
          seen.append(String(decoding: bytes, as: UTF8.self))
          if seen.count == 2 { _ = try await transfer.fetch(HTTPRequest(url: server.url("/go"))) }
        }
      }
      #expect(seen == ["200", "first", "second"])
    }
  }

  @Test func `gives the status and the body of a 404, which is no error`() async throws {
    try await withServer { server, transfer in
      let response = try await transfer.fetch(HTTPRequest(url: server.url("/status/404")))
      #expect(response.status == 404)
      #expect(response.text == "no such model")
      #expect(response.header("content-length") == "13")
    }
  }

  @Test func `sends a body of 3 MB whole, and its own headers only`() async throws {
    try await withServer { server, transfer in
      let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let echo = try await transfer.fetch(HTTPRequest(method: "POST", url: server.url("/echo"), body: body))
      #expect(echo.text.hasPrefix("POST 3000000 "))

      let empty = try await transfer.fetch(HTTPRequest(method: "POST", url: server.url("/echo")))
      #expect(empty.text.hasPrefix("POST 0 "))

      let head = try await transfer.fetch(
        HTTPRequest(
          method: "POST", url: server.url("/headers"), headers: [("X-Key", "v"), ("X-Empty", "")], body: [65]))
      let lines = head.text.split(separator: "\r\n").map(String.init)
      #expect(
        lines.sorted() == [
          "Accept: */*", "Content-Length: 1", "Host: 127.0.0.1:\(server.ports["http"] ?? 0)",
          "POST /headers HTTP/1.1", "X-Empty:", "X-Key: v",
        ])
    }
  }

  @Test func `keeps headers as they were spelt, without control characters, folds or interim heads`() async throws {
    try await withServer { server, transfer in
      let response = try await transfer.fetch(HTTPRequest(url: server.url("/odd")))
      #expect(response.status == 200)
      #expect(
        response.headers.map { "\($0)=\($1)" } == ["X-Bell=ab", "X-Fold=a b", "x-Spelt=as it is", "Content-Length=0"])
    }
  }

  @Test func `follows no redirect`() async throws {
    try await withServer { server, transfer in
      let response = try await transfer.fetch(HTTPRequest(url: server.url("/redirect")))
      #expect(response.status == 302)
      #expect(response.header("Location") == "http://127.0.0.1:1/")
    }
  }

  @Test func `talks through a Unix socket`() async throws {
    try await withServer { server, transfer in
      let socket = server.folder + "/socket"
      let response = try await transfer.fetch(HTTPRequest(url: "http://model/status/200", unixSocket: socket))
      #expect(response.text == "no such model")
      await #expect(
        throws: TransferError.socketUnreachable(path: "/nowhere/s", reason: "no such file or directory")
      ) {
        try await transfer.fetch(HTTPRequest(url: "http://model/", unixSocket: "/nowhere/s"))
      }
    }
  }

  @Test func `goes through the proxy that it is given, and says when that one refuses`() async throws {
    try await withServer { server, transfer in
      let proxy = HTTPRequest.Proxy.url(server.url(""))
      let response = try await transfer.fetch(HTTPRequest(url: "http://model.example/a", proxy: proxy))
      #expect(response.text == "through the proxy: http://model.example/a")
      await #expect(throws: TransferError.proxy(reason: "it refused the connection with status 403")) {
        try await transfer.fetch(HTTPRequest(url: "https://model.example/a", proxy: proxy))
      }
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "openssl makes the certificate"))
  func `trusts only the certificates of the file that it is given`() async throws {
    try await withServer(tls: true) { server, transfer in
      let url = server.url("/status/200", at: "tls", host: "localhost").replacing("http:", with: "https:")
      let file = server.folder + "/certificate.pem"
      let response = try await transfer.fetch(HTTPRequest(url: url, caFile: file))
      #expect(response.status == 200)
      await #expect {
        try await transfer.fetch(HTTPRequest(url: url))
      } throws: { error in
        guard case TransferError.certificate(host: "localhost", _) = error else { return false }
        return true
      }
      await #expect(throws: TransferError.badCAFile(path: "/nowhere.pem")) {
        try await transfer.fetch(HTTPRequest(url: url, caFile: "/nowhere.pem"))
      }
    }
  }

  @Test func `runs 32 streams at once on one thread`() async throws {
    try await withServer { server, transfer in
      _ = try await transfer.fetch(HTTPRequest(url: server.url("/status/200")))
      let before = threadCount()
      let streams = (0..<32).map { _ in transfer.stream(HTTPRequest(url: server.url("/gated"))) }
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        let (begun, tell) = AsyncStream<Void>.makeStream()
        for stream in streams {
          group.addTask {
            var text = ""
            for try await case .data(let bytes) in stream {
              text += String(decoding: bytes, as: UTF8.self)
              if text == "first" { tell.yield() }
            }
            return text
          }
        }
        var count = 0
        for await _ in begun {
          count += 1
          if count == 32 { break }
        }
        #expect(threadCount() <= before + 4)
        _ = try await transfer.fetch(HTTPRequest(url: server.url("/go")))
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(texts == Array(repeating: "firstsecond", count: 32))
    }
  }

  @Test func `makes the server wait for a slow reader, and loses nothing`() async throws {
    try await withServer { server, transfer in
      let size = 64 << 20
      var received = 0
      for try await case .data(let bytes) in transfer.stream(HTTPRequest(url: server.url("/big/\(size)"))) {
        if received == 0 {
          try await Task.sleep(for: .milliseconds(400))
          let sent = try await transfer.fetch(HTTPRequest(url: server.url("/sent"))).text
          #expect((Int(sent) ?? .max) < size / 2)
        }
        #expect(bytes.count <= Inflow.room)
        received += bytes.count
      }
      #expect(received == size)
    }
  }

  @Test func `ends its thread when it is let go`() async throws {
    try await withServer { server, _ in
      // Other tests may have such threads for a while, so many are made, and most must go.
      let before = threadCount(named: Loop.name)
      for _ in 0..<20 {
        let other = Transfer()
        _ = try await other.fetch(HTTPRequest(url: server.url("/status/200")))
        #expect(threadCount(named: Loop.name) >= 1)
        withExtendedLifetime(other) {}
      }
      for _ in 0..<500 where threadCount(named: Loop.name) > before + 3 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(threadCount(named: Loop.name) <= before + 3)
    }
  }
}
