import Foundation
import Synchronization

/// How far the making of an environment is.
package struct EnvironmentNews: Hashable, Sendable {
  /// The parts of the work, in their order.
  package enum Step: String, CaseIterable, Codable, Sendable {
    /// The empty virtual environment.
    case venv = "virtual environment"
    /// The packages that the tests need.
    case packages
    /// The repository itself, as a package.
    case tree = "the tree"
  }

  /// `owner/name VERSION`.
  package let name: String
  /// The Python's version and its path.
  package let python: String
  package let executable: String
  package var step: Step
  /// The last line that the programs at work have written, hostile until cleaned; empty before the first.
  package var line: String
}

/// An environment that was made, and what it cost.
package struct MadeEnvironment: Hashable, Sendable {
  /// One step and how long it took.
  package struct Part: Hashable, Sendable {
    package let step: EnvironmentNews.Step
    package let duration: Duration
  }

  /// `owner/name VERSION`.
  package let name: String
  /// The Python's version and its path.
  package let python: String
  package let executable: String
  /// What of it took how long, in the order of the work.
  package let parts: [Part]
  /// How long it was waited for in all.
  package let duration: Duration
}

/// Reads how far an installation is from what its script says while it runs: lines that begin with `mark` name a step.
struct InstallationReader {
  /// What the script writes before the name of a step.
  static let mark = "== step: "

  private(set) var news: EnvironmentNews
  private(set) var begun: [(step: EnvironmentNews.Step, at: ContinuousClock.Instant)] = []
  private var rest: [UInt8] = []
  /// A line of any length is remembered to here, in bytes.
  private static let longest = 2000

  init(_ news: EnvironmentNews) { self.news = news }

  /// Takes more of the output; true when there is something new to tell.
  mutating func take(_ bytes: [UInt8], at now: ContinuousClock.Instant = .now) -> Bool {
    let before = news
    for byte in bytes {
      // A carriage return begins a line of progress anew.
      guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
        if rest.count < InstallationReader.longest { rest.append(byte) }
        continue
      }
      see(String(decoding: rest, as: UTF8.self).trimmingCharacters(in: .whitespaces), now)
      rest.removeAll(keepingCapacity: true)
    }
    return news != before
  }

  private mutating func see(_ line: String, _ now: ContinuousClock.Instant) {
    guard line.hasPrefix(InstallationReader.mark) else {
      if !line.isEmpty { news.line = line }
      return
    }
    // Each step comes once and in order, so a line that a stranger's script wrote takes none back.
    guard let step = EnvironmentNews.Step(rawValue: String(line.dropFirst(InstallationReader.mark.count))),
      begun.allSatisfy({ $0.step != step })
    else { return }
    begun.append((step, now))
    (news.step, news.line) = (step, "")
  }

  /// How long each step took, when all ended at `end`.
  func parts(until end: ContinuousClock.Instant = .now) -> [MadeEnvironment.Part] {
    begun.indices.map { index in
      let next = index + 1 < begun.count ? begun[index + 1].at : end
      return MadeEnvironment.Part(step: begun[index].step, duration: next - begun[index].at)
    }
  }
}

/// Hears the output of an installation, and tells what is new in it: in order, and off the thread that hears it.
final class InstallationListener: Sendable {
  private let reader: Mutex<InstallationReader>
  private let feed: AsyncStream<EnvironmentNews>.Continuation
  private let telling: Task<Void, Never>

  init(_ news: EnvironmentNews, told: @escaping @Sendable (EnvironmentNews) async -> Void) {
    let (stream, feed) = AsyncStream.makeStream(of: EnvironmentNews.self)
    reader = Mutex(InstallationReader(news))
    self.feed = feed
    telling = Task { for await news in stream { await told(news) } }
  }

  /// Takes more of the output.
  func hear(_ bytes: [UInt8]) {
    let news = reader.withLock { reader in reader.take(bytes) ? reader.news : nil }
    if let news { feed.yield(news) }
  }

  /// Waits until everything is told.
  ///
  /// - Returns: how long each step took.
  @discardableResult func end() async -> [MadeEnvironment.Part] {
    let parts = reader.withLock { $0.parts() }
    feed.finish()
    await telling.value
    return parts
  }
}
