import Foundation

@testable import Processes

/// The environment that the tests' children get: only where programs are.
let plain = ["PATH": "/usr/local/bin:/usr/bin:/bin"]

/// A shell command.
func shell(
  _ script: String, input: [UInt8] = [], timeout: Duration? = .seconds(60), outputLimit: Int = 1 << 20,
  merged: Bool = false
) -> Command {
  Command(
    "sh", ["-c", script], environment: plain, input: input, timeout: timeout, outputLimit: outputLimit,
    mergesErrorIntoOutput: merged)
}

/// A Python program.
func python(_ program: String, timeout: Duration? = .seconds(60), outputLimit: Int = 1 << 20) -> Command {
  Command("/usr/bin/env", ["python3", "-c", program], environment: paths, timeout: timeout, outputLimit: outputLimit)
}

/// The caller's PATH, for tests that need a Python wherever it is.
let paths = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? Launcher.defaultPath]

/// The text of some bytes.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// How many processes carry `word` in their command line and live.
func living(_ word: String) throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
    guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
      return false
    }
    return line.range(of: Data(word.utf8)) != nil
  }.count
}

/// How many descriptors this process has open.
func openDescriptors() throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}
