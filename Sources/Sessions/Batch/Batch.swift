import Attempts
import Content
import Foundation
import Instances
import Journal
import Models
import Prompts
import Synchronization

/// Many instances, each with all its attempts.
package struct BatchRequest: Sendable {
  /// What it is called in the journal: the campaign and the phase.
  package var name: String
  package var ids: [String]
  package var settings: Settings
  /// The most attempts of an instance.
  package var attempts: Int
  /// How many runs of tests, and how many answers of models, are under way at once.
  package var jobs: Int
  package var models: Int
  /// Runs what has come to an end before once more: another number is another run.
  package var repetition: Int

  package init(
    name: String, ids: [String], settings: Settings, attempts: Int, jobs: Int, models: Int, repetition: Int = 0
  ) {
    self.name = name
    self.ids = ids
    self.settings = settings
    self.attempts = attempts
    self.jobs = jobs
    self.models = models
    self.repetition = repetition
  }
}

/// What comes to pass in a batch.
package enum BatchEvent: Sendable {
  /// It came to this before, under the same key.
  case kept(InstanceRecord)
  case attempt(Take)
  case finished(InstanceRecord)
  /// Another ramp with the same journal is at work on what is left.
  case waiting
  /// No new instance is begun, and these are waited for.
  case stopping(for: [String])
}

/// What a batch came to.
package struct BatchResult: Sendable {
  /// In the order of the ids; those that were not begun are missing.
  package let records: [InstanceRecord]
  /// How many of them had come to an end before.
  package let kept: Int
  /// True where a person stopped it.
  package let isStopped: Bool
  /// What ended it before its end; nil where nothing did.
  package let failure: (any Error)?
}

/// How a batch is stopped: first no new instance is begun and what runs goes on to its end, then all of it ends.
package final class BatchStop: Sendable {
  private struct State {
    var isSoft = false
    var task: Task<BatchResult, Never>?
    var isHard = false
    /// Told of the soft stop when it comes, for what runs may take minutes to end.
    var onSoft: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  package var isSoft: Bool { state.withLock { $0.isSoft } }

  /// The first time softly, the second time at once.
  package func stop() {
    let (task, onSoft) = state.withLock { state in
      state.isHard = state.isSoft
      state.isSoft = true
      return (state.isHard ? state.task : nil, state.isHard ? nil : state.onSoft)
    }
    onSoft?()
    task?.cancel()
  }

  /// Has `action` done at the soft stop, at once where that has come already.
  func onSoft(_ action: @escaping @Sendable () -> Void) {
    let isLate = state.withLock { state in
      state.onSoft = action
      return state.isSoft && !state.isHard
    }
    if isLate { action() }
  }

  func watch(_ task: Task<BatchResult, Never>) {
    let isHard = state.withLock { state in
      state.task = task
      return state.isHard
    }
    if isHard { task.cancel() }
  }
}

extension Session {
  /// Runs a batch: generation and tests overlap, what came to an end under the same key is kept, and a batch that was
  /// killed goes on where it was.
  ///
  /// Infrastructure failures are results of nothing: they are told, and tried again the next time.
  ///
  /// - Parameters:
  ///   - request: what is run.
  ///   - stop: stops it; a cancelled task stops it too, once.
  ///   - watching: the interceptors of each instance.
  ///   - told: called for each event, one after the other.
  /// - Returns: what it came to, up to where it was stopped.
  /// - Throws: for rows that are not there, and settings that cannot be used.
  package func run(
    _ request: BatchRequest, stop: BatchStop = BatchStop(),
    watching: @escaping @Sendable (String) -> [any Interceptor] = { _ in [] },
    told: @escaping @Sendable (BatchEvent) async -> Void
  ) async throws -> BatchResult {
    var entries: [BatchEntry] = []
    var (rows, sets): ([String: Hash], [String: String]) = ([:], [:])
    for id in request.ids {
      let (instance, set) = try rowToRun(id)
      rows[id] = try host.journal.keep(try Canonical.bytes(instance))
      sets[id] = set
      pin(instance)
      entries.append(
        BatchEntry(instance: instance, dataset: set, key: try batchKey(instance, request)))
    }
    let keys = Dictionary(entries.map { ($0.instance.id, $0.key.hex) }, uniquingKeysWith: { $1 })
    let own = templates().filter { $0.place != "built in" }.compactMap { try? template($0.name) }
    let here = folder.map { URL(fileURLWithPath: $0).path } ?? FileManager.default.currentDirectoryPath
    let basis = try BatchBasis(request, rows: rows, sets: sets, templates: own, folder: modelFolder ?? here)
    let number = try host.journal.begin(batch: request.name, line: line, keys: keys, basis: basis)
    opened.mark(number, isRun: true, settings: settings, position: made.count)
    opened.walked = nil
    ranBatch = number
    // A batch that is killed leaves a sitting that can be gone on with.
    keepSitting()
    let work = BatchWork(session: self, request: request, batch: number, stop: stop, watching: watching, told: told)
    // A task of its own: who cancels the line asks for a soft stop, and what runs goes on to its end.
    let task = Task.detached { [entries] in await work.run(entries) }
    stop.watch(task)
    stop.onSoft { Task.detached { await told(.stopping(for: work.underway.ids)) } }
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      if !stop.isSoft { stop.stop() }
    }
    markUsed(batch: number)
    failures = nil
    try host.journal.end(batch: number, result.isStopped || result.failure != nil ? .stopped : .done)
    return result
  }

  /// What the results of a batch depend on: a batch with another hash is another run.
  package func hash(of request: BatchRequest) throws -> Hash {
    let keys = try request.ids.map { try batchKey(try rowToRun($0).instance, request).hex }
    return Hash(of: keys.sorted().joined(separator: " "))
  }

  /// What the results of an instance depend on: the row, the settings that play a part, every text that a prompt may
  /// be made of, and the files that replies are read from.
  private func batchKey(_ instance: Instance, _ request: BatchRequest) throws -> Hash {
    var settings = request.settings
    // Where things are, how they are reached and what they cost decide nothing.
    let standard = Settings()
    settings.route = standard.route
    settings.route.socket = request.settings.route.socket
    settings.cacheLimitMB = nil
    settings.campaign = nil
    settings.datasetsServer = standard.datasetsServer
    settings.repositories = standard.repositories
    // A price decides only where dollars are limited.
    if settings.budgetCost == 0 {
      (settings.inputPrice, settings.outputPrice) = (standard.inputPrice, standard.outputPrice)
      settings.escalate = try settings.escalate.map { try Escalation(parsing: $0).withoutPrices.description }
    }
    settings.attemptsMax = request.attempts
    let versions = Stage.allCases.map { "\($0.version)" }.joined(separator: ".")
    var parts = ["batch 2", versions, instance.hash.hex, try Canonical.hash(settings).hex, "\(request.repetition)"]
    parts += templates().map { "\($0.name)\0\($0.source)" }.sorted()
    if settings.skills?.skills == .on { parts += try skills().map(\.skill.source).sorted() }
    parts.append(modelFile(request.settings)?.hex ?? "")
    return Hash(of: parts.joined(separator: "\u{1}"))
  }
}

/// One instance of a batch.
struct BatchEntry: Sendable {
  let instance: Instance
  let dataset: String
  let key: Hash
}
