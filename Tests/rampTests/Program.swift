import Foundation
import Processes
import TestWorld

/// The program as it was built beside these tests, in a home of its own.
struct Program: Sendable {
  /// What one run of it came to.
  struct Ended: Sendable {
    let status: Int32?
    let out: String
    let err: String

    /// The JSON objects on standard output, one for each line.
    var objects: [NSDictionary] {
      out.split(separator: "\n").compactMap { line in
        (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? NSDictionary
      }
    }
  }

  static let path: String = {
    let beside = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("ramp").path ?? ""
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appendingPathComponent(".build/debug/ramp").path
  }()

  /// The practice repositories, made once for all tests that do not ask for a home without them.
  static let cache = Scratch.folder + "/cache"

  /// Where it runs.
  var folder: String
  var environment: [String: String]

  /// A program in a new home and a new folder.
  init() throws {
    folder = try Scratch.newFolder()
    environment = [
      "HOME": try Scratch.newFolder(), "XDG_CACHE_HOME": Program.cache,
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? Launcher.defaultPath,
    ]
    // Where Python is a shim, it may want to know where its versions are.
    for (name, value) in ProcessInfo.processInfo.environment where name.hasPrefix("PYENV_") {
      environment[name] = value
    }
  }

  @discardableResult
  func callAsFunction(_ arguments: String..., input: String = "") async throws -> Ended {
    try await run(arguments, input: input)
  }

  func run(_ arguments: [String], input: String = "") async throws -> Ended {
    let done = try await Launcher.run(
      Command(
        Program.path, arguments, environment: environment, directory: folder, input: Array(input.utf8),
        timeout: .seconds(300)))
    var status: Int32?
    if case .exited(let code) = done.ending { status = code }
    return Ended(
      status: status, out: String(decoding: done.output, as: UTF8.self),
      err: String(decoding: done.errorOutput, as: UTF8.self))
  }

  /// What a shell script says, with the program as `$RAMP`.
  func shell(_ script: String) async throws -> Ended {
    let world = environment.merging(["RAMP": Program.path]) { $1 }
    let done = try await Launcher.run(
      Command("/bin/sh", ["-c", script], environment: world, directory: folder, timeout: .seconds(300)))
    var status: Int32?
    if case .exited(let code) = done.ending { status = code }
    return Ended(
      status: status, out: String(decoding: done.output, as: UTF8.self),
      err: String(decoding: done.errorOutput, as: UTF8.self))
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")), as: UTF8.self)
  }

  /// The same program with a `PATH` that holds these programs and no others.
  func with(only programs: [String]) async throws -> Program {
    let bin = try Scratch.newFolder()
    for name in programs {
      guard var found = Launcher.find(name, path: environment["PATH"]) else { continue }
      // A shim would look for more than is there.
      if name == "python3" {
        found = try await shell("python3 -c 'import sys; print(sys.executable, end=\"\")'").out
      }
      try FileManager.default.createSymbolicLink(atPath: "\(bin)/\(name)", withDestinationPath: found)
    }
    var program = self
    program.environment["PATH"] = bin
    return program
  }
}

let django = "django__django-11000"
let flask = "flask__flask-5063"
let secondPlace = "django/forms/formsets.py:258-288"

/// The folder of the whole project.
let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
