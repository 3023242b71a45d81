import Instances

/// The official `report.json` of one instance.
package struct InstanceReport: Hashable, Sendable {
  package let id: String
  /// The prediction's patch is null.
  package let patchIsNone: Bool
  package let patchExists: Bool
  /// The log counts; the harness takes that for a sign that the patch was applied.
  package let patchApplied: Bool
  package let resolved: Bool
  /// Nil unless the patch was not applied, and by the rules of 4.1.
  package let infraFailure: InfraFailure?
  /// Nil where the log does not count.
  package let testsStatus: TestsStatus?
  package let harness: Harness

  /// The report of a prediction with a patch, by the log of its tests.
  package init(_ instance: Instance, log: [UInt8]) throws(GradeError) {
    self.init(id: instance.id, grade: try Grade(instance, log: log), log: log)
  }

  /// The report of a log that has been judged already.
  package init(id: String, grade: Grade, log: [UInt8]) {
    self.id = id
    patchIsNone = false
    patchExists = true
    patchApplied = grade.end.isWhole
    resolved = grade.resolved ?? false
    harness = grade.parser.harness
    infraFailure = harness == .v5 && !patchApplied ? InfraFailure.found(in: log) : nil
    testsStatus = grade.testsStatus
  }

  /// The report of a prediction whose patch is null.
  package init(withoutPatch id: String, harness: Harness) {
    self.id = id
    patchIsNone = true
    patchExists = false
    patchApplied = false
    resolved = false
    infraFailure = nil
    testsStatus = nil
    self.harness = harness
  }

  /// The bytes of the file, the same as the harness's.
  package var json: [UInt8] {
    var members: [(String, ReportValue)] = [
      ("patch_is_None", .bool(patchIsNone)), ("patch_exists", .bool(patchExists)),
      ("patch_successfully_applied", .bool(patchApplied)), ("resolved", .bool(resolved)),
    ]
    if harness == .v5 {
      members.append(("infra_failure", .bool(infraFailure?.tier == .environment)))
      if let infraFailure { members.append(("infra_failure_reason", .string(infraFailure.reason))) }
    }
    if let testsStatus { members.append(("tests_status", testsStatus.value)) }
    return ReportValue.object([(id, .object(members))]).indented
  }
}
