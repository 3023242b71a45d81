import Foundation
import Processes
import Testing

@Suite struct `a program in the foreground` {
  @Test func `gives its status, or its signal`() async throws {
    #expect(try await Foreground.shell("exit 3") == 3)
    #expect(try await Foreground.shell("kill -TERM $$") == 128 + 15)
    #expect(try await Foreground.shell("no-such-program-here 2>/dev/null") == 127)
  }

  @Test func `reads what it is given, however much`() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("foreground-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let input = [UInt8](repeating: 65, count: 3 << 20)
    #expect(try await Foreground.shell("cat >\"$1\"", arguments: [file.path], input: input) == 0)
    #expect(try Data(contentsOf: file) == Data(input))
  }

  @Test func `may stop reading before the end`() async throws {
    #expect(try await Foreground.shell("head -c 1 >/dev/null", input: [UInt8](repeating: 65, count: 3 << 20)) == 0)
  }

  @Test func `gets an end of input where nothing is left`() async throws {
    #expect(try await Foreground.shell("test -z \"$(cat)\"", input: []) == 0)
  }

  @Test func `can be interrupted, whatever ramp ignores`() async throws {
    let before = signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, before) }
    #expect(try await Foreground.shell("kill -INT $$; exit 4") == 128 + 2)
  }

  @Test func `is not started with a NUL in its words`() async {
    await #expect(throws: ProcessError.nulByte(name: "/bin/sh")) { try await Foreground.shell("echo \0") }
  }
}
