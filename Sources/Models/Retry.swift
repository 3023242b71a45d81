import Foundation

/// A request that failed before its answer began and is sent again.
package struct Retry: Hashable, Sendable {
  /// 1 is the first time that it is sent again; at most `most` times it is.
  package let number: Int
  package let most: Int
  /// How long is waited before.
  package let wait: Duration
  /// What had gone wrong, in words.
  package let why: String

  package init(number: Int, most: Int, wait: Duration, why: String) {
    self.number = number
    self.most = most
    self.wait = wait
    self.why = why
  }

  /// One line for a person.
  package var description: String {
    let tenths = wait.components.seconds * 10 + wait.components.attoseconds / 100_000_000_000_000_000
    return "\(why); asked again in \(tenths / 10).\(tenths % 10) s (retry \(number) of \(most))"
  }
}

/// Whether a request is sent again, and when. Rules: those that the vendors' own clients follow: `x-should-retry` decides;
/// without it 408, 409, 429 and all from 500 on, and connections that were not made or closed before an answer. Not 501:
/// what answers so to a POST is no model's server and will not become one. Then `retry-after-ms`, `retry-after` in
/// seconds or as a date, each up to a minute; else half a second, doubled each time up to 8 s, of which up to a quarter is
/// left out by chance, so that many clients do not come back at once.
struct RetryPolicy {
  /// How often a request is sent again.
  let most: Int

  /// How long to wait before the request is sent once more.
  ///
  /// - Parameters:
  ///   - retries: how often it has been sent again so far.
  ///   - status: how the server answered; nil where no answer came.
  ///   - headers: those of the answer.
  ///   - now: the time, for a `retry-after` that is a date.
  ///   - chance: from 0 to 1.
  /// - Returns: the time to wait; nil where it is not sent again.
  func wait(
    after retries: Int, status: Int?, headers: [(String, String)], now: Date = .now,
    chance: Double = .random(in: 0...1)
  ) -> Duration? {
    guard retries < most else { return nil }
    if let status {
      switch headers.value("x-should-retry").lowercased() {
      case "true": break
      case "false": return nil
      default: guard [408, 409, 429].contains(status) || status >= 500 && status != 501 else { return nil }
      }
    }
    if let asked = RetryPolicy.asked(headers, now), asked > 0, asked <= 60 { return .seconds(asked) }
    return .seconds(min(0.5 * pow(2, Double(retries)), 8) * (1 - 0.25 * chance))
  }

  /// The seconds that a server asks for.
  private static func asked(_ headers: [(String, String)], _ now: Date) -> Double? {
    if let milliseconds = Double(headers.value("retry-after-ms")) { return milliseconds / 1000 }
    let text = headers.value("retry-after")
    if let seconds = Double(text) { return seconds }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.date(from: text)?.timeIntervalSince(now)
  }
}
