import Foundation
import Testing

@testable import Transfer

extension `a transfer` {
  @Suite struct `that goes wrong` {
    @Test func `delivers what came before the answer was cut off`() async throws {
      try await withServer { server, transfer in
        let cut = await drain(transfer.stream(HTTPRequest(url: server.url("/cut"))))
        #expect(cut.text == String(repeating: "x", count: 40))
        #expect(cut.error as? TransferError == .cutOff(received: 40))

        let chunk = await drain(transfer.stream(HTTPRequest(url: server.url("/cutchunk"))))
        #expect(chunk.text == "xxxxxxx")
        #expect(chunk.error as? TransferError == .cutOff(received: 7))

        let none = await drain(transfer.stream(HTTPRequest(url: server.url("/shut"))))
        #expect(none.status == nil)
        #expect(none.error as? TransferError == .cutOff(received: 0))
      }
    }

    @Test func `names the host and port where nothing listens`() async throws {
      try await withServer { server, transfer in
        let port = server.ports["closed"] ?? 0
        await #expect(throws: TransferError.connectionRefused(host: "127.0.0.1", port: port)) {
          try await transfer.fetch(HTTPRequest(url: server.url("/", at: "closed")))
        }
      }
    }

    @Test func `names the host that cannot be found`() async throws {
      await #expect(throws: TransferError.couldNotResolve(host: "no-such-host.invalid")) {
        try await Transfer().fetch(HTTPRequest(url: "http://no-such-host.invalid/", proxy: .none))
      }
    }

    @Test func `says that no HTTP server is there`() async throws {
      try await withServer { server, transfer in
        let port = server.ports["ssh"] ?? 0
        await #expect(throws: TransferError.notHTTP(host: "127.0.0.1", port: port)) {
          try await transfer.fetch(HTTPRequest(url: server.url("/", at: "ssh")))
        }
      }
    }

    @Test func `says that the port speaks no TLS`() async throws {
      try await withServer { server, transfer in
        let url = server.url("/", at: "ssh").replacing("http:", with: "https:")
        await #expect {
          try await transfer.fetch(HTTPRequest(url: url))
        } throws: { error in
          guard case TransferError.tls = error else { return false }
          return true
        }
      }
    }

    @Test func `names the limit that was reached, and closes the connection`() async throws {
      try await withServer { server, transfer in
        func ending(_ path: String, _ limits: HTTPRequest.Limits, at listener: String = "http") async -> TransferError?
        {
          let url = server.url(path, at: listener)
          let request = HTTPRequest(
            url: listener == "mute" ? url.replacing("http:", with: "https:") : url, limits: limits)
          return await drain(transfer.stream(request)).error as? TransferError
        }
        let short = Duration.milliseconds(150)
        #expect(await ending("/", .init(connect: short), at: "mute") == .timedOut(.connect, after: short))
        #expect(await ending("/silent", .init(firstByte: short)) == .timedOut(.firstByte, after: short))
        // A server that sends its head before it has begun to think is given the same time.
        #expect(await ending("/headonly", .init(firstByte: short, idle: nil)) == .timedOut(.firstByte, after: short))
        #expect(await ending("/stall", .init(firstByte: nil, idle: short)) == .timedOut(.idle, after: short))
        #expect(await ending("/drip", .init(idle: .seconds(5), total: short)) == .timedOut(.total, after: short))
        for line in ["left mute", "left /silent", "left /headonly", "left /stall", "left /drip"] {
          try await server.expectLog(line, transfer)
        }
      }
    }

    @Test func `does not count the time in which the reader rests as idle`() async throws {
      try await withServer { server, transfer in
        let request = HTTPRequest(url: server.url("/big/\(8 << 20)"), limits: .init(idle: .milliseconds(200)))
        var received = 0
        for try await case .data(let bytes) in transfer.stream(request) {
          if received == 0 { try await Task.sleep(for: .milliseconds(500)) }
          received += bytes.count
        }
        #expect(received == 8 << 20)
      }
    }

    @Test func `stops at the limit of bytes, after as many`() async throws {
      try await withServer { server, transfer in
        let long = await drain(transfer.stream(HTTPRequest(url: server.url("/big/100000"), maxBodyBytes: 99_999)))
        #expect(long.text.utf8.count == 99_999)
        #expect(long.error as? TransferError == .bodyTooLarge(limit: 99_999))
        let exact = await drain(transfer.stream(HTTPRequest(url: server.url("/big/100000"), maxBodyBytes: 100_000)))
        #expect(exact.text.utf8.count == 100_000 && exact.error == nil)
        await #expect(throws: TransferError.headTooLarge(limit: Head.limit)) {
          try await transfer.fetch(HTTPRequest(url: server.url("/bighead")))
        }
      }
    }

    @Test func `closes the connection when the reading task is cancelled, and goes on with others`() async throws {
      try await withServer { server, transfer in
        let (begun, tell) = AsyncStream<Void>.makeStream()
        let streaming = Task {
          for try await case .data in transfer.stream(HTTPRequest(url: server.url("/drip"))) { tell.yield() }
          try Task.checkCancellation()
        }
        let waiting = Task { try await transfer.fetch(HTTPRequest(url: server.url("/silent"))).status }
        for await _ in begun { break }
        streaming.cancel()
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await streaming.value }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await server.expectLog("left /drip", transfer)
        try await server.expectLog("left /silent", transfer)
      }
    }

    @Test func `closes the connection when the stream is let go`() async throws {
      try await withServer { server, transfer in
        for try await case .data in transfer.stream(HTTPRequest(url: server.url("/drip"))) { break }
        try await server.expectLog("left /drip", transfer)
      }
    }
  }
}
