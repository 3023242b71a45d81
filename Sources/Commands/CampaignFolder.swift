import Attempts
import Campaigns
import Foundation
import Sessions

/// The folder that a campaign's files lie in.
struct CampaignFolder: Sendable {
  let session: Session
  /// As it was typed; `.` is the current one.
  let out: String

  func path(_ name: String) -> String { out == "." ? name : "\(out)/\(name)" }

  /// All runs of a phase, the earliest first.
  ///
  /// - Throws: `RunFileError` for a file that is none.
  func runs(of phase: Int) async throws -> [RunFile] {
    var runs: [RunFile] = []
    for number in 1... {
      guard let run = try await read(RunFile.name(phase, earlier: number)) else { break }
      runs.append(run)
    }
    if let last = try await read(RunFile.name(phase)) { runs.append(last) }
    return runs
  }

  /// All runs of all phases, by phase and in their order.
  func all() async throws -> [RunFile] {
    var runs: [RunFile] = []
    for phase in Phase.allCases { runs += try await self.runs(of: phase.rawValue) }
    return runs
  }

  /// The last run of each phase.
  func latest() async throws -> [RunFile] {
    var found: [RunFile] = []
    for phase in Phase.allCases {
      if let last = try await runs(of: phase.rawValue).last { found.append(last) }
    }
    return found
  }

  /// The same for reports and exports, earlier runs of a phase before its last.
  ///
  /// - Throws: `PhaseFileError`.
  func results() async throws -> [PhaseResults] {
    var found: [PhaseResults] = []
    for phase in Phase.allCases {
      let count = try await runs(of: phase.rawValue).count
      for number in 0..<count {
        let name = RunFile.name(phase.rawValue, earlier: number + 1 < count ? number + 1 : nil)
        found.append(try PhaseFile.read(try session.host.readFile(path(name))).results)
      }
    }
    return found
  }

  private func read(_ name: String) async throws -> RunFile? {
    let path = path(name)
    do {
      return try RunFile(reading: try session.host.readFile(path), source: path)
    } catch SessionError.noFile {
      return nil
    }
  }

  /// Writes a run: the one before it, where it is another, is kept under its number.
  ///
  /// - Returns: the paths of the files that were written.
  func keep(_ file: RunFile, behind earlier: [RunFile], previous: RunFile?) async throws -> [String] {
    var paths: [String] = []
    func write(_ bytes: [UInt8], _ name: String) async throws {
      paths.append(try await session.write(bytes, to: path(name), makesFolders: out != ".", inFolder: false))
    }
    if let last = earlier.last, last.look < file.look {
      try await write(try last.bytes(), RunFile.name(file.phase, earlier: earlier.count))
    }
    try await write(try file.bytes(), RunFile.name(file.phase))
    try await write(Array(file.instanceLines.utf8), RunFile.instancesName(file.phase))
    try await write(file.summaryLine(previous: previous).bytes, RunFile.summaryName(file.phase))
    return paths
  }
}

extension RunFile {
  /// The settings that two runs must have in common to be runs of the same.
  var identity: [String: String] { config.settings.filter { !$0.key.hasPrefix("passport.") && $0.key != "repetition" } }
}
