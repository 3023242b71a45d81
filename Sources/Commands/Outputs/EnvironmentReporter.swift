import Attempts
import Terminal
import Workspaces

/// Shows how the environments of rows are made: on a terminal what is being waited for, elsewhere one line a step, and
/// at the end a line with what it took.
actor EnvironmentReporter {
  private let desk: Desk
  /// True when nothing else is waited for meanwhile: the environment gets the waiting line.
  private let ownsLine: Bool
  private let show: @Sendable (any Output) async -> Void
  /// The last step that was told of each environment.
  private var steps: [String: EnvironmentNews.Step] = [:]
  private var made: Set<MadeEnvironment.Key> = []

  /// `show` prints a line; nil is the desk's way of printing what long work results in. With `ownsLine` the waiting line
  /// is taken over, else a note behind what it says is all.
  init(_ desk: Desk, ownsLine: Bool = true, show: (@Sendable (any Output) async -> Void)? = nil) {
    self.desk = desk
    self.ownsLine = ownsLine
    self.show = show ?? { await desk.report($0) }
  }

  nonisolated var watcher: EnvironmentWatcher {
    EnvironmentWatcher(told: { await self.told($0) }, made: { await self.made($0) })
  }

  func told(_ news: EnvironmentNews) async {
    let isNew = steps[news.name] != news.step
    let isFirst = steps[news.name] == nil
    steps[news.name] = news.step
    guard let progress = desk.progress else {
      if isNew { await show(EnvironmentStepOutput(news: news, isFirst: isFirst)) }
      return
    }
    let what = "\(news.name), Python \(news.python): \(news.step.rawValue)"
    if ownsLine {
      if isFirst { await progress.begin("environment") }
      if isNew { await progress.rename("environment  \(what)") }
      await progress.note(news.line)
    } else {
      await progress.note("environment \(what)  \(news.line)")
    }
  }

  func made(_ environment: MadeEnvironment) async {
    steps[environment.name] = nil
    // Several attempts may have waited for the same one.
    guard made.insert(environment.key).inserted else { return }
    if ownsLine { await desk.progress?.end() } else { await desk.progress?.note("") }
    await show(EnvironmentOutput(made: environment))
  }
}

extension MadeEnvironment {
  /// One that was made once, for all that waited for it.
  struct Key: Hashable {
    let name: String
    let executable: String
    let parts: [Part]
  }

  var key: Key { Key(name: name, executable: executable, parts: parts) }
}

/// An interceptor for takes of which nothing but their environments is shown.
struct EnvironmentInterceptor: Interceptor {
  let reporter: EnvironmentReporter

  func preparing(_ news: EnvironmentNews, in plan: Plan) async { await reporter.told(news) }

  func prepared(_ made: MadeEnvironment, in plan: Plan) async { await reporter.made(made) }
}

/// A step of the making that has begun.
struct EnvironmentStepOutput: Output {
  let news: EnvironmentNews
  /// True for the first step, which names the Python.
  let isFirst: Bool

  func text(_ look: Look) -> String {
    let python = isFirst ? ", Python \(news.python) (\(news.executable))" : ""
    let text = "  environment  \(Untrusted.cleanLine("\(news.name)\(python)")): \(news.step.rawValue)"
    return Width.wrapped(text, to: look.width, indent: 15) + "\n"
  }

  func json() throws -> [String] { [] }
}

/// An environment that was made, with what each step took.
struct EnvironmentOutput: Output {
  let made: MadeEnvironment

  func text(_ look: Look) -> String {
    let parts = made.parts.map { "\($0.step.rawValue) \(Amount.seconds($0.duration))" }.joined(separator: ", ")
    let text =
      "  environment  \(Untrusted.cleanLine("\(made.name), Python \(made.python) (\(made.executable))")): \(parts)"
    return StageLine.timed(text, Amount.seconds(made.duration), look, indent: 15) + "\n"
  }

  func json() throws -> [String] { [] }
}
