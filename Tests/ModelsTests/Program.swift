import Foundation
import TestPrograms
import Testing

/// The built `ramp`, run in a home of its own.
struct Program {
  /// Where its home, caches and journal lie.
  let folder: String
  var environment: [String: String] = [:]

  /// What one run came to.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The program beside the tests' own.
  private static let url: URL? = {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let folders = [tests.deletingLastPathComponent(), URL(fileURLWithPath: ".build/debug", isDirectory: true)]
    return folders.map { $0.appendingPathComponent("ramp") }.first {
      FileManager.default.isExecutableFile(atPath: $0.path)
    }
  }()

  /// Runs it to its end. `running` is given the process while it runs.
  func run(_ arguments: [String], running: (Child) async throws -> Void = { _ in }) async throws -> Result {
    let url: URL = try #require(Program.url, "ramp is not built")
    let own = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8"]
    let child = try Child(
      url.path, arguments, environment: own.merging(environment) { $1 }, folder: folder, readsErrors: true)
    child.closeInput()
    async let output = child.output()
    async let errors = child.errors()
    do { try await running(child) } catch {
      child.send(SIGKILL)
      _ = await child.ended()
      throw error
    }
    return Result(
      status: await child.ended(), output: String(decoding: await output, as: UTF8.self),
      errors: String(decoding: await errors, as: UTF8.self))
  }

  /// Carries out lines of the language, and expects that they succeed.
  @discardableResult
  func lines(_ lines: String..., at place: SourceLocation = #_sourceLocation) async throws -> String {
    let result = try await run(["-c", lines.joined(separator: "; ")])
    #expect(result.status == 0, "\(result.errors)", sourceLocation: place)
    return result.output
  }

  /// All bytes of all files that it has left behind, but for what the server and the tests wrote.
  func remains() throws -> [(path: String, bytes: Data)] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.compactMap { path in
      FileManager.default.contents(atPath: folder + "/" + path).map { (path, $0) }
    }
  }

  /// A reply that resolves the practice instance django__django-11000.
  func resolvingReply() async throws -> String {
    let text = try await lines(
      "run django__django-11000 --through reply", "context add django/forms/formsets.py:258-288",
      "rerun --through reply", "show reply --raw")
    let start = try #require(text.range(of: "The error list of the formset"))
    return String(text[start.lowerBound...])
  }
}
