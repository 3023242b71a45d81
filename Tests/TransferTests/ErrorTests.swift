import Foundation
import Testing

@testable import Transfer

@Suite struct `a request that cannot be asked` {
  @Test(arguments: [
    ("localhost", "localhost: not a URL to ask: it has no scheme"),
    ("ftp://host/x", "ftp://host/x: not a URL to ask: its scheme is not http or https"),
    (
      "http://host:99999/",
      "http://host:99999/: not a URL to ask: port number was not a decimal number between 0 and 65535"
    ),
    ("http://ho st/", "http://ho st/: not a URL to ask: it has a space or a control character"),
    ("http://user:secret@ho st/?key=secret", "http://ho st/: not a URL to ask: it has a space or a control character"),
    ("gopher://host/", "gopher://host/: not a URL to ask: its scheme is not http or https"),
    (
      "http://user:sec/ret@host/",
      "http://host/: not a URL to ask: port number was not a decimal number between 0 and 65535"
    ),
  ])
  func `says why, without user, password and query`(url: String, message: String) async throws {
    let error = await drain(Transfer().stream(HTTPRequest(url: url))).error
    let text = error?.localizedDescription ?? ""
    #expect(text == message)
    #expect(!text.contains("sec"))
  }

  @Test func `never writes lines of its own into the request`() async throws {
    for header in [("X", "a\r\nHost: evil"), ("X\n", "a"), ("", "a"), ("X: y", "a"), ("X", "a\0b")] {
      await #expect(throws: TransferError.badHeader(name: header.0)) {
        try await Transfer().fetch(HTTPRequest(url: "http://127.0.0.1:1/", headers: [header]))
      }
    }
    await #expect(throws: TransferError.badMethod("GET /x HTTP/1.1\r\n")) {
      try await Transfer().fetch(HTTPRequest(method: "GET /x HTTP/1.1\r\n", url: "http://127.0.0.1:1/"))
    }
  }

  @Test(arguments: [
    ("http://localhost/", true), ("http://LOCALHOST:1/", true), ("http://a.localhost/", true), ("http://127.1/", true),
    ("http://127.200.3.4/", true), ("http://[::1]:80/", true), ("http://127.example/", false),
    ("http://128.0.0.1/", false), ("http://localhost.example/", false),
  ])
  func `knows this machine by its names`(url: String, isLoopback: Bool) throws {
    #expect(try Address(url: url).isLoopback == isLoopback)
  }

  @Test func `has a port, written or not`() throws {
    #expect(try Address(url: "http://h/").port == 80)
    #expect(try Address(url: "https://h/").port == 443)
    #expect(try Address(url: "http://[::1]:8080/v1").host == "::1")
  }
}

@Suite struct `a transfer error` {
  static let all: [TransferError] = [
    .badURL(url: "x", reason: "it has no scheme"), .badMethod("A B"), .badHeader(name: "X"),
    .couldNotResolve(host: "h"), .connectionRefused(host: "127.0.0.1", port: 11434),
    .unreachable(host: "h", port: 1, reason: "no route to host"),
    .socketUnreachable(path: "/s", reason: "permission denied"), .proxy(reason: "it refused"), .cutOff(received: 0),
    .cutOff(received: 9), .certificate(host: "h", reason: "expired"), .tls(host: "h", port: 1, reason: "wrong version"),
    .badCAFile(path: "/x.pem"), .notHTTP(host: "h", port: 22), .bodyTooLarge(limit: 1), .headTooLarge(limit: 1),
    .noCurl("libcurl.so.4"), .timedOut(.total, after: .milliseconds(1050)),
  ]

  @Test(arguments: all) func `says what is wrong and what to try, on one line each`(error: TransferError) throws {
    let what = try #require(error.errorDescription)
    let next = try #require(error.recoverySuggestion)
    for text in [what, next] {
      #expect(!text.isEmpty && !text.contains("\n") && !text.hasSuffix("."))
    }
  }

  @Test func `gives a time in seconds`() {
    let text = { TransferError.timedOut(.idle, after: $0).errorDescription }
    #expect(text(.seconds(120)) == "the answer stopped: nothing came for 120 s")
    #expect(text(.milliseconds(400)) == "the answer stopped: nothing came for 0.4 s")
    #expect(text(.milliseconds(1050)) == "the answer stopped: nothing came for 1.05 s")
  }
}
