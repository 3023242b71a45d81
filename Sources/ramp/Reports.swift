import Campaigns
import Commands
import Foundation

/// The files and annotations that `--junit`, `--html` and `--annotations` ask for, written whatever happened.
struct Reports: Sendable {
  let cases: CaseLog
  private let junit: String?
  private let html: String?
  private let annotates: Bool
  private let environment: [String: String]
  /// Ends the time in which a runner obeys no command; nil where there is no such runner.
  private let token: String?

  init(_ arguments: Arguments, environment: [String: String]) {
    let name =
      switch arguments.work {
      case .script(let file): file
      case .commands: "-c"
      case .words(let words): words.first ?? ""
      case .input, .version, .help: "stdin"
      }
    cases = CaseLog(name: name, keepsStories: arguments.html != nil)
    (junit, html, annotates) = (arguments.junit, arguments.html, arguments.annotations)
    self.environment = environment
    let isRunner = environment["GITHUB_ACTIONS"] == "true"
    token = annotates && isRunner ? UUID().uuidString : nil
  }

  /// What a model or a test says may look like a command of GitHub's runner, which would obey it: from here on it does
  /// not, until it reads a word that nobody else knows.
  ///
  /// Source: GitHub's workflow commands, `stop-commands`.
  func begin() {
    if let token { Streams.err("::stop-commands::\(token)\n") }
  }

  /// Writes all of them. What cannot be written is told, and the others are written all the same.
  func write(tell: (any Error) async -> Void) async {
    let report = await cases.report()
    if let junit { await keep(JUnitReport(report).xml, junit, tell) }
    if let html { await keep(HTMLReport(report).html, html, tell) }
    guard annotates else { return }
    if let token { Streams.err("::\(token)::\n") }
    Streams.err(String(decoding: GitHubReport.annotations(of: report), as: UTF8.self))
    if let path = environment["GITHUB_STEP_SUMMARY"], let file = FileHandle(forUpdatingAtPath: path) {
      defer { try? file.close() }
      do {
        try file.seekToEnd()
        try file.write(contentsOf: GitHubReport.summary(of: report))
      } catch { await tell(error) }
    }
  }

  private func keep(_ bytes: [UInt8], _ path: String, _ tell: (any Error) async -> Void) async {
    do { try Live.write(path, bytes) } catch { await tell(error) }
  }
}
