import Foundation
import Processes

/// docker or podman, for tests that run in the image of their row.
///
/// Nothing is pulled and no image is made. A container is known by its name, `ramp-PROCESS-NUMBER`, and its label. Should
/// ramp be killed before it removes one, that ends when its time is up, and the next ramp that needs one removes it.
struct ContainerEngine: Sendable {
  /// The engines that are looked for, in this order.
  static let names = ["docker", "podman"]
  /// Where the images of the official evaluation are. Source: the SWE-bench harness, version 5.
  static let namespace = "swebench"

  /// The program's path.
  let executable: String
  /// What the program is told of the world: where its daemon is, where its files are.
  let environment: [String: String]
  /// The folder in which the use of images is noted; nil notes none.
  var marks: String?

  /// `docker` or `podman`, as it is typed.
  var name: String { executable.split(separator: "/").last.map(String.init) ?? executable }

  /// The image of a row: its own, or the official one of its id.
  ///
  /// - Throws: `WorkspaceError.noImage` where the row has neither, or one that is no name of an image.
  static func image(of run: TestRun) throws -> String {
    let official = run.instanceID.map { id in
      "\(namespace)/sweb.eval.x86_64.\(id.lowercased().replacingOccurrences(of: "__", with: "_1776_")):latest"
    }
    let image = run.image.flatMap { $0.isEmpty ? nil : $0 } ?? official ?? ""
    let isName = image.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-:@".utf8.contains(byte)
    }
    guard isName, let first = image.first, first.isLetter || first.isNumber else { throw WorkspaceError.noImage }
    return image
  }

  /// Runs the engine. Its own output is short: tests are run by `run`.
  func ask(_ words: [String], input: [UInt8] = [], seconds: Int = 120) async throws -> Completion {
    try await Launcher.run(
      Command(
        executable, words, environment: environment, input: input, timeout: .seconds(seconds), outputLimit: 16 << 20))
  }

  /// The engine's output.
  ///
  /// - Throws: `WorkspaceError.containerFailed` where it ends with anything but 0.
  func tell(_ words: [String], input: [UInt8] = []) async throws -> String {
    let done = try await ask(words, input: input)
    guard done.succeeded else {
      let said = String(decoding: done.errorOutput + done.output, as: UTF8.self).split(whereSeparator: \.isNewline)
      throw WorkspaceError.containerFailed(
        engine: name, reason: said.last.map(String.init) ?? "`\(words.first ?? "")` ended with \(done.ending)")
    }
    return String(decoding: done.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The folder of this machine's that holds what `container` has written; nil where it is not told or cannot be read.
  func layer(of container: String) async -> String? {
    let path = try? await tell(["inspect", "--format", "{{.GraphDriver.Data.UpperDir}}", container])
    guard let path, path.hasPrefix("/"), access(path, R_OK | X_OK) == 0 else { return nil }
    return path
  }

  /// Removes the containers whose ramp lives no more.
  func sweep() async throws {
    let names = try await tell(["ps", "--all", "--filter", "label=ramp=1", "--format", "{{.Names}}"])
    for name in names.split(whereSeparator: \.isNewline) {
      let parts = name.split(separator: "-")
      guard parts.count == 3, parts[0] == "ramp", let process = pid_t(parts[1]), process > 0, kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      _ = try await ask(["rm", "--force", String(name)])
    }
  }

  /// The plain file at `path` of a container that has ended; nil where there is none. It is read from outside, with none
  /// of the container's programs.
  func read(_ path: String, of container: String) async throws -> [UInt8]? {
    let done = try await ask(["cp", "\(container):\(path)", "-"])
    return done.succeeded ? TarArchive.file(in: done.output) : nil
  }

  /// Makes and starts a container of `image` that waits, runs `body` with its name, and removes it with all that runs
  /// in it, whatever the end of `body` and of this task.
  func withContainer<Value: Sendable>(
    of image: String, options: WorkspaceOptions, _ body: (_ container: String, _ hasQuota: Bool) async throws -> Value
  ) async throws -> Value {
    let found = try await ask(["image", "inspect", "--format", "{{.Id}}", image])
    guard found.succeeded else {
      let said = String(decoding: found.errorOutput, as: UTF8.self)
      // What docker and podman say of an image that is not here; else the engine itself does not work.
      if said.lowercased().contains("no such image") || said.contains("not known") {
        throw WorkspaceError.imageMissing(engine: name, image: image)
      }
      throw WorkspaceError.containerFailed(
        engine: name, reason: said.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it does not answer")
    }
    if let marks { CacheShelf.note(image, in: marks) }
    let container = "ramp-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let memory = "\(options.memoryMB)m"
    let result: Result<Value, any Error>
    do {
      let limits = [
        "create", "--name", container, "--label", "ramp=1", "--label", "ramp.pid=\(getpid())", "--pull", "never",
        "--network", "none", "--cap-drop", "all", "--security-opt", "no-new-privileges",
        "--pids-limit", "\(options.processes)", "--memory", memory, "--memory-swap", memory,
      ]
      let rest = [
        "--workdir", "/testbed", "--entrypoint", "/bin/sleep", image, "\(options.timeoutSeconds + 600)",
      ]
      // Only some file systems count what a container writes; the others' engines refuse.
      let quota = ["--storage-opt", "size=\(options.diskMB)m"]
      let hasQuota = try await ask(limits + quota + rest).succeeded
      if !hasQuota {
        _ = try? await ask(["rm", "--force", container])
        _ = try await tell(limits + rest)
      }
      _ = try await tell(["start", container])
      result = .success(try await body(container, hasQuota))
    } catch { result = .failure(error) }
    // A cancelled task runs nothing more, and this must be done. Removing alone would wait for a polite end.
    await Task { _ = try? await ask(["kill", container]) }.value
    await Task { _ = try? await ask(["rm", "--force", container]) }.value
    return try result.get()
  }
}
