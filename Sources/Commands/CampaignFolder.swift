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
  /// - Throws: `PhaseFileError` for a file that is none.
  func runs(of phase: Int) async throws -> [PhaseFile] {
    var runs: [PhaseFile] = []
    for number in 1... {
      guard let run = try await read(PhaseFile.name(phase, earlier: number)) else { break }
      runs.append(run)
    }
    if let last = try await read(PhaseFile.name(phase)) { runs.append(last) }
    return runs
  }

  /// All runs of all phases, by phase and in their order.
  func all() async throws -> [PhaseFile] {
    var runs: [PhaseFile] = []
    for phase in Phase.allCases { runs += try await self.runs(of: phase.rawValue) }
    return runs
  }

  /// The last run of each phase.
  func latest() async throws -> [PhaseFile] {
    var found: [PhaseFile] = []
    for phase in Phase.allCases {
      if let last = try await runs(of: phase.rawValue).last { found.append(last) }
    }
    return found
  }

  private func read(_ name: String) async throws -> PhaseFile? {
    let path = path(name)
    do {
      return try PhaseFile(reading: try session.host.readFile(path), source: path)
    } catch SessionError.noFile {
      return nil
    }
  }

  /// Writes a run: the one before it, where it is another, is kept under its number.
  ///
  /// - Returns: the paths of the files that were written.
  func keep(_ file: PhaseFile, behind earlier: [PhaseFile], previous: PhaseFile?) async throws -> [String] {
    var paths: [String] = []
    func write(_ bytes: [UInt8], _ name: String) async throws {
      paths.append(try await session.write(bytes, to: path(name), makesFolders: out != ".", inFolder: false))
    }
    if let last = earlier.last, last.look < file.look {
      try await write(try last.bytes(), PhaseFile.name(file.phase, earlier: earlier.count))
    }
    try await write(try file.bytes(), PhaseFile.name(file.phase))
    try await write(Array(file.instanceLines.utf8), PhaseFile.instancesName(file.phase))
    try await write(file.summaryLine(previous: previous).bytes, PhaseFile.summaryName(file.phase))
    return paths
  }
}

extension PhaseFile {
  /// The settings that two runs must have in common to be runs of the same.
  var identity: [String: String] { config.settings.filter { !$0.key.hasPrefix("passport.") && $0.key != "repetition" } }
}
