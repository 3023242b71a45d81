import Foundation
import Testing

@testable import Models

/// A server that gives the same bytes to whatever it is asked, and keeps the heads of what it was asked.
struct RawServer: Sendable {
  let url: String
  fileprivate let log: String

  /// The heads so far, header names in lower case.
  func heads() throws -> String { try String(contentsOfFile: log, encoding: .utf8) }
}

/// Serves `answer` to every POST, in pieces cut after these bytes, and 404 to everything else.
func withAnswer<Value>(_ answer: [UInt8], pieces: Int = 1 << 20, _ body: (RawServer) async throws -> Value) async throws
  -> Value
{
  let script = """
    import socket, sys, threading, time
    answer = open(sys.argv[1], "rb").read()
    size = int(sys.argv[3])
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    def serve(connection):
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            data = b""
            while b"\\r\\n\\r\\n" not in data:
                more = connection.recv(65536)
                if not more: return
                data += more
            head, rest = data.split(b"\\r\\n\\r\\n", 1)
            names = [l.split(b":", 1)[0].lower() + b":" + l.split(b":", 1)[1] if b":" in l else l for l in head.split(b"\\r\\n")]
            open(sys.argv[2], "ab").write(b"\\n".join(names) + b"\\n\\n")
            length = [int(l.split(b":")[1]) for l in names if l.startswith(b"content-length:")]
            if any(l.startswith(b"expect:") for l in names):
                connection.sendall(b"HTTP/1.1 100 Continue\\r\\n\\r\\n")
            while length and len(rest) < length[0]:
                rest += connection.recv(65536)
            if not head.startswith(b"POST") or b"count" in head or b"input_tokens" in head.split(b"\\r\\n")[0]:
                return connection.sendall(b"HTTP/1.1 404 X\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
            for at in range(0, len(answer), size):
                connection.sendall(answer[at:at + size])
    def loop():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()
    print("http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    sys.stdin.read()
    """
  return try await withFolder { folder in
    let (file, log) = (folder + "/answer", folder + "/log")
    try Data(answer).write(to: URL(fileURLWithPath: file))
    try Data().write(to: URL(fileURLWithPath: log))
    let server = try await TestServer("python3", ["-c", script, file, log, "\(pieces)"])
    let result: Result<Value, any Error>
    do { result = .success(try await body(RawServer(url: server.url, log: log))) } catch { result = .failure(error) }
    await server.stop()
    return try result.get()
  }
}

/// The bytes of an answer with status 200 and this body, which ends with the connection.
func answer(_ body: String, type: String = "text/event-stream") -> [UInt8] {
  Array("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nConnection: close\r\n\r\n\(body)".utf8)
}
