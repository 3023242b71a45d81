import Foundation
import Script
import Terminal

/// Puts results on standard output, and everything else on standard error.
package struct Printer: Sendable {
  /// How a text is laid out now: a terminal may have been made wider or narrower.
  package var look: Look { currentLook() }
  private let currentLook: @Sendable () -> Look
  package let json: Bool
  private let out: @Sendable (String) async -> Void
  private let err: @Sendable (String) async -> Void
  private let page: (@Sendable (String) async -> Bool)?
  /// Where waiting is shown; nil where nobody sees it.
  package let progress: WaitingLine?

  /// `look` is asked for each text. `page` shows a long text screen by screen, or says false where it is not long; nil never does.
  package init(
    look: @autoclosure @escaping @Sendable () -> Look, json: Bool, out: @escaping @Sendable (String) async -> Void,
    err: @escaping @Sendable (String) async -> Void, page: (@Sendable (String) async -> Bool)? = nil,
    progress: WaitingLine? = nil
  ) {
    currentLook = look
    self.json = json
    self.out = out
    self.err = err
    self.page = page
    self.progress = progress
  }

  func with(json: Bool) -> Printer {
    Printer(look: look, json: json, out: out, err: err, page: page, progress: progress)
  }

  /// The same printer with its results going to `out`: plain, uncut, and all of them at once.
  func redirected(to out: @escaping @Sendable (String) -> Void) -> Printer {
    Printer(look: Look(style: Style(color: false), width: nil), json: json, out: out, err: err)
  }

  /// Shows a result in full; one that was asked for in order to be looked at may be shown screen by screen.
  ///
  /// - Throws: what keeps a result from being written as JSON.
  package func show(_ output: any Output, paging: Bool = false) async throws {
    if json {
      for line in try output.json() { await out(line + "\n") }
    } else {
      let text = output.text(look)
      if text.isEmpty { return }
      if paging, let page, await page(text) { return }
      await out(text)
    }
  }

  /// One line of a script's list: number, command, what it came to, how long it took.
  func list(line: Line, summary: String, took: Duration) async {
    let number = Width.padded("\(line.number)", to: 3, alignment: .trailing)
    let source = Untrusted.cleanLine(line.source)
    if line.words.first?.text == "note" {
      // A remark is there to be read, so it is not cut.
      let lines = Width.wrapped(source, to: max(40, (look.width ?? 120) - 10))
      return await out("\(number)  \(lines.joined(separator: "\n          "))\n")
    }
    let command = Width.padded(Width.truncated(source, to: 44), to: 44)
    let time = took > .milliseconds(50) ? "   \(Amount.seconds(took))" : ""
    let outcome = Width.padded(Untrusted.cleanLine(summary), to: 28)
    await out(Printer.trimmed("\(number)  \(command)  \(outcome)\(time)") + "\n")
  }

  /// Text on standard output that is no result, so not shown to programs.
  func note(_ text: String) async { if !json { await out(Untrusted.clean(text)) } }

  /// A remark for the person.
  package func warn(_ text: String) async { await err(fitted(Untrusted.clean(text)) + "\n") }

  /// Each line of the text, broken at blanks where the terminal is narrow.
  private func fitted(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Width.wrapped(String($0), to: look.width, indent: 2) }.joined(separator: "\n")
  }

  /// Says what is wrong and what to type next; to a program on standard output too.
  package func fail(_ error: any Error) async {
    let said = fitted(Untrusted.clean(Explained.text(error)))
    var text = look.style.apply(.bad, said)
    if let suggestion = Explained.suggestion(error) {
      text += "\n" + fitted("  " + Untrusted.clean(suggestion))
    }
    await err(text + "\n")
    if json { await end(error) }
  }

  /// Ends the output for a program with an object that says what went wrong.
  package func end(_ error: any Error) async {
    struct Object: Encodable { let ok = false, error: String, line: Int?, next: String? }
    let object = Object(
      error: Explained.text(error), line: (error as? LineError)?.line, next: Explained.suggestion(error))
    await out(((try? JSONLine.of(object)) ?? #"{"ok":false}"#) + "\n")
  }

  static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}

/// Numbers as people read them.
package enum Amount {
  /// `1,840`.
  package static func count(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }

  /// `512 B`, `3.2 MB`, `48 GB`.
  package static func bytes(_ number: Int) -> String {
    var value = Double(number)
    var units = ["B", "KB", "MB", "GB", "TB"][...]
    while value >= 1000, units.count > 1 {
      value /= 1000
      units.removeFirst()
    }
    let unit = units.first ?? ""
    return unit == "B" || value >= 10 ? "\(Int(value.rounded())) \(unit)" : "\(Double(Int(value * 10)) / 10) \(unit)"
  }

  /// `0.31 s`, `12.4 s`, `2 m 05 s`.
  package static func seconds(_ duration: Duration) -> String {
    let parts = duration.components
    return milliseconds(Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000))
  }

  package static func milliseconds(_ count: Int) -> String {
    if count >= 100_000 {
      let rest = count / 1000 % 60
      return "\(count / 60_000) m \(rest < 10 ? "0" : "")\(rest) s"
    }
    let hundredths = (count + 5) / 10
    if hundredths >= 1000 { return "\(hundredths / 100).\(hundredths / 10 % 10) s" }
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }

  /// How many of something there were in a second: `41`, `3.7`.
  package static func rate(_ number: Int, milliseconds: Int) -> String {
    let tenths = number * 10_000 / max(1, milliseconds)
    return tenths >= 100 ? count(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
  }

  /// `1 file`, `3 files`.
  package static func of(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
