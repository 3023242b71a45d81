import Foundation
import Testing

@testable import Terminal

@Suite struct `plain reading` {
  /// The events that come from a pipe with these bytes in it, up to the end.
  private func events(_ bytes: [UInt8], longestLine: Int = PlainReader.longestLine) async throws -> [LineEvent] {
    let pipe = Pipe()
    let writer = Thread {
      try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    let reader = PlainReader(input: pipe.fileHandleForReading.fileDescriptor, longestLine: longestLine)
    var events: [LineEvent] = []
    repeat { events.append(try await reader.next(prompt: "> ", continuation: "> ")) } while events.last != .endOfInput
    // The descriptor belongs to the pipe, which must live as long as the reader reads.
    withExtendedLifetime(pipe) {}
    return events
  }

  @Test func `gives every line, the last without its newline too`() async throws {
    #expect(
      try await events(Array("load practice\n\nrun größe\r\nquit".utf8)) == [
        .line("load practice"), .line(""), .line("run größe"), .line("quit"), .endOfInput,
      ])
  }

  @Test func `ends at once where there is nothing`() async throws {
    #expect(try await events([]) == [.endOfInput])
  }

  @Test func `joins continued lines as they were typed`() async throws {
    #expect(
      try await events(Array("set a \\\n  b\nnote \\\\\nend \\".utf8)) == [
        .line("set a \\\n  b"), .line("note \\\\"), .line("end \\"), .endOfInput,
      ])
  }

  @Test func `repairs what is not UTF-8`() async throws {
    #expect(try await events([0x61, 0xFF, 0x0A]) == [.line("a\u{FFFD}"), .endOfInput])
  }

  @Test func `takes a line of 1 MB`() async throws {
    let line = String(repeating: "x", count: 1 << 20)
    #expect(try await events(Array((line + "\nquit\n").utf8)) == [.line(line), .line("quit"), .endOfInput])
  }

  @Test(arguments: ["12345678\n123456789\n", "12345678\n123456789"])
  func `refuses a line that is too long, after the ones before it`(_ text: String) async throws {
    await #expect(throws: LineReaderError.lineTooLong(limit: 8)) { try await events(Array(text.utf8), longestLine: 8) }
    #expect(try await events(Array("12345678\n".utf8), longestLine: 8).count == 2)
  }

  @Test func `refuses a descriptor that cannot be read`() async throws {
    let folder = open("/", O_RDONLY)
    defer { close(folder) }
    await #expect(throws: LineReaderError.cannotRead(code: EISDIR)) {
      try await PlainReader(input: folder).next(prompt: "", continuation: "")
    }
  }

  @Test func `is ended by cancellation and by an interrupt, and goes on afterwards`() async throws {
    let pipe = Pipe()
    let prompts = Pipe()
    let reader = PlainReader(
      input: pipe.fileHandleForReading.fileDescriptor, promptOutput: prompts.fileHandleForWriting.fileDescriptor)
    let waiting = Task { try await reader.next(prompt: "> ", continuation: "") }
    // The prompt says that the reader is about to wait.
    #expect(try prompts.fileHandleForReading.read(upToCount: 2) == Data("> ".utf8))
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }

    let interrupted = Task { try await reader.next(prompt: "> ", continuation: "") }
    #expect(try prompts.fileHandleForReading.read(upToCount: 2) == Data("> ".utf8))
    reader.interrupt()
    #expect(try await interrupted.value == .interrupted)

    try pipe.fileHandleForWriting.write(contentsOf: Data("run\n".utf8))
    #expect(try await reader.next(prompt: "> ", continuation: "") == .line("run"))
  }
}
