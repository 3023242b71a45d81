import ArgumentParser
import Attempts
import Content
import Foundation
import Glibc
import Instances
import Models
import Script
import Sessions
import Synchronization
import Terminal
import TestWorld
import Testing

@testable import Commands

/// The paths that were read.
private final class Reads: Sendable {
  private let paths = Mutex<[String]>([])
  func add(_ path: String) { paths.withLock { $0.append(path) } }
  var all: [String] { paths.withLock { $0 } }
}

/// A file outside of every script's folder, with a row, a log and a secret in it.
private struct Canary {
  static let mark = "CANARY-CONTENT-17"
  let folder: String
  var path: String { "\(folder)/canary.jsonl" }

  init() throws {
    folder = try Scratch.newFolder()
    var row = try #require(try PracticeSet.dataset().row(django)).instance()
    row.id = "canary__canary-1"
    let text = String(decoding: try Canonical.bytes(row), as: UTF8.self)
    try Data((text.replacing("\"repo\"", with: "\"canary\":\"\(Canary.mark)\",\"repo\"") + "\n").utf8)
      .write(to: URL(fileURLWithPath: path))
  }

  /// Sets the time of the last reading so that the next one shows, on file systems that keep it.
  func forget() {
    let times = [timespec(tv_sec: 1_000_000, tv_nsec: 0), timespec(tv_sec: 2_000_000, tv_nsec: 0)]
    _ = times.withUnsafeBufferPointer { utimensat(AT_FDCWD, path, $0.baseAddress, 0) }
  }

  var isRead: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_atim.tv_sec != 1_000_000
  }
}

@Suite struct `what a script reads` {
  /// Every line that names a file: the words' examples with each of their arguments, and each of their options, replaced.
  private static func lines(_ path: String) -> [String] {
    let quoted = LineParser.quoted([path])
    var lines: [String] = []
    for type in Example.types {
      guard let command = type as? any SessionCommand.Type, command.fullWord != "quit" else { continue }
      let help = type.helpMessage(includeHidden: true, columns: 200)
      let options = help.matches(of: /(--[a-z-]+) </).map { String($0.1) }
      for example in command.examples where !example.contains(";") {
        let words = example.split(separator: " ").map(String.init)
        for index in words.indices.dropFirst() where !words[index].hasPrefix("-") {
          var changed = words
          changed[index] = quoted
          lines.append(changed.joined(separator: " "))
        }
        lines += options.map { "\(example) \($0) \(quoted)" }
      }
    }
    for kind in ["scripted", "recorded"] { lines.append("model use \(kind):\(path)") }
    lines += SettingTable.all.filter { !["template", "campaign", "tests.python"].contains($0.name) }.map {
      "set \($0.name) \(quoted)"
    }
    lines += [
      "set escalate \(LineParser.quoted(["after 1: scripted:\(path)"]))",
      "set ladder \(LineParser.quoted(["model.ca=\(path)"]))",
      "set repositories \((path as NSString).deletingLastPathComponent)/{owner}/{name}",
      "set repositories file://\((path as NSString).deletingLastPathComponent)",
    ]
    return Set(lines).sorted()
  }

  @Test func `lies in its folder, whatever word or setting names it`() async throws {
    let canary = try Canary()
    let reads = Reads()
    var host = try testHost()
    let read = host.readFile
    host.readFile = { path in
      reads.add(path)
      return try read(path)
    }
    let sitting = try await Sitting(host: host)
    try await sitting.type("run \(django) --through prompt")
    // A link within the folder leads out of it.
    try FileManager.default.createSymbolicLink(
      atPath: "\(sitting.folder)/link.jsonl", withDestinationPath: canary.path)
    canary.forget()
    _ = FileManager.default.contents(atPath: canary.path)
    let keepsTimes = canary.isRead
    canary.forget()
    for path in [canary.path, "link.jsonl", "../\(URL(fileURLWithPath: canary.folder).lastPathComponent)/canary.jsonl"]
    {
      for line in Self.lines(path) where !line.hasPrefix("batch") && !line.hasPrefix("phase") {
        try sitting.write(line + "\n", to: "evil.ramp")
        let fault = await sitting.fault(of: "source evil.ramp")
        #expect(!(sitting.out.take() + sitting.err.take() + fault).contains(Canary.mark), "\(line)")
        #expect(!keepsTimes || !canary.isRead, "\(line) reads it: \(fault)")
        canary.forget()
      }
    }
    let real = URL(fileURLWithPath: canary.path).resolvingSymlinksInPath().path
    #expect(!reads.all.contains { URL(fileURLWithPath: $0).standardizedFileURL.resolvingSymlinksInPath().path == real })
    #expect(await sitting.session.datasets.allSatisfy { $0.row("canary__canary-1") == nil })
  }

  @Test func `outside of it is named with the flag, and a person may name it`() async throws {
    let canary = try Canary()
    for line in [
      "load \(canary.path)", "model use scripted:\(canary.path)", "template edit repair --file \(canary.path)",
      "source \(canary.path)", "replay \(canary.path)", "check \(canary.path)", "set tests.environments \(canary.path)",
      "set model.ca \(canary.path)", "set repositories \(canary.folder)",
    ] {
      let sitting = try await Sitting(isScript: true)
      let fault = await sitting.fault(of: line)
      #expect(fault.contains("lies outside the script's folder") && fault.contains("--allow-read"), "\(line): \(fault)")
    }
    for permissions in [
      Permissions(isScript: true, read: true), Permissions(isScript: true, typed: [canary.path]),
      Permissions(isScript: true, typed: [canary.folder]), Permissions(isScript: false),
    ] {
      let session = Session(host: try testHost(), permissions: permissions)
      #expect(try await session.load(canary.path).rows == 1)
    }
  }
}

@Suite struct `the server that a script names` {
  private func fault(_ line: String, _ permissions: Permissions) async throws -> String {
    let session = Session(host: try testHost(), permissions: permissions)
    do {
      for command in try LineParser.commands(line) {
        let printer = Printer(
          look: Look(style: Style(color: false), width: nil), json: false, out: { _ in }, err: { _ in })
        try await Interpreter(session: session, printer: printer).run(try command.line(), showing: .nothing)
      }
      return ""
    } catch {
      return Explained.text(error) + (Explained.suggestion(error) ?? "")
    }
  }

  @Test(arguments: [
    "model use openai:x --url http://127.0.0.1:9999", "set model.url https://evil.example",
    "set model.url evil.example:80",
    "set model.proxy http://127.0.0.1:9999", "set escalate 'after 1: openai:x at http://127.0.0.1:9999'",
    "set ladder 'model.url=http://evil.example'", "model use anthropic:x --url https://api.anthropic.com.evil.example",
  ]) func `is one that a person named, or the usual one of its kind`(line: String) async throws {
    let refused = try await fault(line, Permissions(isScript: true))
    #expect(refused.contains("--allow-server"), "\(refused)")
    #expect(try await !fault(line, Permissions(isScript: false)).contains("--allow-server"))
    let hosts = ["127.0.0.1", "evil.example", "api.anthropic.com.evil.example"]
    #expect(try await !fault(line, Permissions(isScript: true, servers: hosts)).contains("--allow-server"))
    #expect(try await !fault(line, Permissions(isScript: true, keyHosts: hosts)).contains("--allow-server"))
  }

  @Test(arguments: [
    "model use ollama:x", "model use openai:x", "model use anthropic:x", "model use llamacpp:x", "model use vllm:x",
    "model use openai:x --url https://api.openai.com/v1", "model use ollama:x --url http://127.0.0.1:11434",
    "set model.proxy none", "set model.url default", "set escalate 'after 3: anthropic:x'",
  ]) func `may be the usual one`(line: String) async throws {
    #expect(try await fault(line, Permissions(isScript: true)) == "")
  }

  @Test func `may be one of a parameter that was typed`() async throws {
    let typed = Permissions(isScript: true, typed: ["http://127.0.0.1:9999/v1", "m"])
    #expect(try await fault("model use openai:x --url http://127.0.0.1:9999/v1", typed) == "")
    #expect(
      try await fault("model use openai:x --url http://127.0.0.1:9998", typed).contains("--allow-server 127.0.0.1"))
  }
}
