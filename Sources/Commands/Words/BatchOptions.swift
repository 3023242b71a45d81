import ArgumentParser
import Attempts
import Models
import Sessions

/// What `batch` and `phase` have in common: how much runs at once, with which model, how often.
package struct BatchOptions: ParsableArguments, Sendable {
  @Option(name: .shortAndLong, help: "How many test runs are under way at once.")
  var jobs: Int?

  @Option(help: "How many answers of the model are under way at once: as many as its server has slots.")
  var slots: Int = 1

  @Option(help: "The model of this run, KIND:NAME; practice and gold replies are used only where they are typed here.")
  var model: String?

  @Option(help: "The most attempts of an instance, in the place of `attempts_max`.")
  var attempts: Int?

  @Flag(help: "Run again what came to an end before with the same settings: how far do two equal runs differ?")
  var again = false

  package init() {}

  package func validate() throws {
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is a number from 1 to 256") }
    if !(1...256).contains(slots) { throw ValidationError("--slots is a number from 1 to 256") }
    if let attempts, !(1...100).contains(attempts) { throw ValidationError("--attempts is a number from 1 to 100") }
  }

  /// Runs `ids` as the batch called `name`, telling how it comes along.
  ///
  /// - Parameters:
  ///   - ids: the instances.
  ///   - name: what the batch is called in the journal.
  ///   - settings: those of this run, see `settings(in:)`.
  ///   - repetition: which run with the same settings it is, from 0.
  ///   - session: the sitting.
  ///   - desk: where it is told.
  /// - Returns: the most attempts, what it came to, and what answered first, by names.
  /// - Throws: what `Session.run(_:stop:watching:told:)` throws.
  func run(
    _ ids: [String], as name: String, settings: Settings, repetition: Int, in session: Session, at desk: Desk
  ) async throws -> (attempts: Int, result: BatchResult, passport: [(String, String)]) {
    let most = attempts ?? settings.attemptsMax
    let request = BatchRequest(
      name: name, ids: ids, settings: settings, attempts: most, jobs: jobs ?? session.host.processors, models: slots,
      repetition: repetition)
    let reporter = BatchReporter(desk: desk, total: ids.count)
    await reporter.begin()
    do {
      let stop = BatchStop()
      let environments = EnvironmentReporter(desk, ownsLine: false) { await reporter.say($0) }
      let result = try await session.host.stopping(stop) {
        try await session.run(
          request, stop: stop, watching: { _ in [EnvironmentInterceptor(reporter: environments)] },
          told: { event in await reporter.told(event) })
      }
      await reporter.end()
      await desk.cases?.add(result.records, of: name)
      return (most, result, await reporter.passport(in: session))
    } catch {
      await reporter.end()
      throw error
    }
  }

  /// The sitting's settings, with the model that was typed.
  ///
  /// - Throws: `BatchError.noModel` for hand-written and gold replies that were not typed.
  func settings(in session: Session) async throws -> Settings {
    var settings = await session.settings
    if let model {
      let name = try ModelName(parsing: model)
      // The place stays where it is one of such a server.
      let old = try Session.modelName(settings)
      let keepsPlace = name.kind.isServer && (old.kind == name.kind || !old.kind.isServer)
      settings.model = name.description
      settings.modelURL = ModelName.aliasURL(model) ?? (keepsPlace ? settings.modelURL : nil)
      return settings
    }
    let name = try Session.modelName(settings)
    if name.kind == .practice || name.kind == .gold { throw BatchError.noModel(name.kind.rawValue) }
    return settings
  }
}
