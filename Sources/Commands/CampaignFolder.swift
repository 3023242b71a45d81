import Attempts
import Campaigns
import Foundation
import Sessions

/// The folder that a campaign's files lie in.
struct CampaignFolder: Sendable {
  let session: Session
  /// As it was typed; `.` is the current one.
  let out: String

  /// A script's results do not belong beside the script: they go where the program was started.
  private func path(_ name: String) async -> String {
    let path = out == "." ? name : "\(out)/\(name)"
    return await session.permissions.isScript ? path : await session.path(path)
  }

  /// The folder itself, from the root.
  var place: String {
    get async { URL(fileURLWithPath: await path(".")).standardizedFileURL.path }
  }

  /// Refuses before anything is run what could not be written behind it.
  ///
  /// - Throws: `SessionError.outsideFolder`.
  func check(_ phase: Phase) async throws {
    try await session.files.check(await path(PhaseResults.fileName(.phase(phase))), inFolder: false)
  }

  /// All runs of a phase, the earliest first.
  ///
  /// - Throws: `UnreadableResults` for a file that is none.
  func runs(of phase: Phase) async throws -> [PhaseResults] {
    var runs: [PhaseResults] = []
    for number in 1... {
      guard let run = try await read(PhaseResults.fileName(.phase(phase), run: number)) else { break }
      runs.append(run)
    }
    if let last = try await read(PhaseResults.fileName(.phase(phase))) { runs.append(last) }
    return runs
  }

  /// All runs of all phases, by phase and in their order.
  func all() async throws -> [PhaseResults] {
    var runs: [PhaseResults] = []
    for phase in Phase.allCases { runs += try await self.runs(of: phase) }
    return runs
  }

  /// The run that a name means: `2` is the last of phase 2, `2.1` its first, and anything else a file.
  ///
  /// - Throws: `CampaignError.noSuchRun`, `UnreadableResults`.
  func run(_ name: String) async throws -> PhaseResults {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let phase = Phase(parts[0]), parts.count <= 2, parts.dropFirst().allSatisfy({ Int($0) != nil }) else {
      return try CampaignFolder.read(try await session.bytes(at: name), name)
    }
    let runs = try await runs(of: phase)
    guard let wanted = parts.dropFirst().first.flatMap({ Int($0) }) else {
      guard let last = runs.last else { throw CampaignError.noSuchRun(name) }
      return last
    }
    guard let run = runs.first(where: { $0.look == wanted }) else { throw CampaignError.noSuchRun(name) }
    return run
  }

  private func read(_ name: String) async throws -> PhaseResults? {
    let path = await path(name)
    do {
      let files = await session.files
      // Who may write results there may read them again.
      let bytes = try files.permissions.write ? session.host.readFile(path) : files.read(path)
      return try CampaignFolder.read(bytes, path)
    } catch SessionError.noFile {
      return nil
    }
  }

  private static func read(_ bytes: [UInt8], _ path: String) throws -> PhaseResults {
    do { return try PhaseFile.read(bytes).results } catch { throw UnreadableResults(path: path, reason: error) }
  }

  /// Writes a run: the one before it, where it is another, is kept under its number.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - earlier: the runs of its phase before it.
  /// - Returns: the paths of the files that were written.
  /// - Throws: `SessionError` for what cannot be written.
  func keep(_ run: PhaseResults, behind earlier: [PhaseResults]) async throws -> [String] {
    var paths: [String] = []
    func write(_ bytes: [UInt8], _ name: String) async throws {
      paths.append(try await session.write(bytes, to: await path(name), makesFolders: out != ".", inFolder: false))
    }
    if let last = earlier.last {
      try await write(last.json, PhaseResults.fileName(run.label, run: earlier.count))
    }
    try await write(run.json, PhaseResults.fileName(run.label))
    try await write(run.instanceLines, "phase_\(run.label.name)_instances.jsonl")
    var latest: [PhaseResults] = []
    for phase in Phase.allCases { if let last = try await runs(of: phase).last { latest.append(last) } }
    try await write(PhaseSummary.jsonl(latest), "phases.jsonl")
    return paths
  }
}

/// A results file that cannot be read, with its name.
struct UnreadableResults: LocalizedError {
  let path: String
  let reason: PhaseFileError

  var errorDescription: String? { "\(path): \(reason.errorDescription ?? "it cannot be read")" }
  var recoverySuggestion: String? { reason.recoverySuggestion }
}

extension PhaseConfig {
  /// The settings that two runs must have in common to be runs of the same.
  var identity: [String: String] { settings.filter { !$0.key.hasPrefix("passport.") && $0.key != "repetition" } }

  /// Which run with the same settings it is, from 0.
  var repetition: Int { settings["repetition"].flatMap { Int($0) } ?? 0 }
}
