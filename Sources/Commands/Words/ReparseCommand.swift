import ArgumentParser
import Attempts
import Edits
import Sessions
import Terminal

extension EditFormat: ExpressibleByArgument {}
extension PlaceRule: ExpressibleByArgument {}

/// `reparse [TAKE]`, `reparse FILE --at FOLDER`: a reply read again, without the model.
package struct ReparseCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "reparse", abstract: "Read a recorded reply again, perhaps in another edit format; no model is asked.",
    discussion: """
      Without a take it reads the replies of all takes of the current instance, with `--all` those of every instance, and \
      says how many would apply and which differ. With `--at` any text is read as a reply and tried on the files of a \
      folder: for each edit the path, and the matching step or the reason code, then the patch. Nothing is written.
      """)
  package static let examples = [
    "reparse", "reparse 1.1 --format lines", "reparse --all", "reparse reply.md --format search --at mine",
  ]
  package static let completions: [Candidates] = [.take]

  @Argument(help: "The take, e.g. 1.2; with --at, a file.")
  var reply: String?

  @Option(help: "The format: search, whole, lines, function or diff; without it, the one that is set.")
  var format: EditFormat?

  @Option(help: "Where a text stands in several places: only (none is taken), or first, as other programs do.")
  var matcher: PlaceRule = .only

  @Flag(help: "With --at: files of tests may be edited.")
  var allowTests = false

  @Option(help: "Try the edits on the files of this folder.")
  var at: String?

  @Flag(help: "Every take of the sitting.")
  var all = false

  package init() {}

  package func validate() throws {
    if at != nil, reply == nil || all { throw ValidationError("--at wants a file: `reparse FILE --at FOLDER`") }
    if at == nil, let reply, TakeID(reply) == nil {
      throw ValidationError("`\(reply)` is no take; a file is tried on a folder: `reparse FILE --at FOLDER`")
    }
    if all, reply != nil { throw ValidationError("--all is every take: name none") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    if let at, let reply {
      return Done(
        ReparsedTextOutput(
          text: try await session.reparse(
            file: reply, as: format, rule: matcher, allowsTests: allowTests, at: at)))
    }
    let takes: [Take]
    if all {
      takes = await session.takes.sorted { $0.key < $1.key }.flatMap(\.value)
    } else if let reply {
      takes = [try await session.take(reply)]
    } else {
      let last = try await session.take(nil)
      takes = await session.takes[last.instanceID] ?? []
    }
    var found: [ReparseRow] = []
    for take in takes where all || reply == nil ? take.chain.reply != nil : true {
      let reparse = try await session.reparse(take, as: format, rule: matcher)
      found.append(ReparseRow(reparse: reparse, diff: try await session.patch(reparse.reading)))
    }
    if found.isEmpty { throw AttemptError.missing(.reply) }
    return Done(ReparseOutput(rows: found))
  }

  package enum CodingKeys: CodingKey {
    case reply, format, matcher, allowTests, at, all
  }
}

/// One edit of a reading, for programs.
struct EditLine: Encodable {
  struct Place: Encodable { let firstLine: Int, lines: [String] }
  struct Otherwise: Encodable {
    let line: Int
    let written, actual: String?
  }

  let edit: Int
  /// The line of the reply.
  let line: Int
  let path: String
  let step: String?
  let firstLine: Int?
  let code, message, feedback: String?
  let nearest: Place?
  let corrections: [Otherwise]?

  static func lines(of reading: ReplyReading) -> [EditLine] {
    let asked = zip(reading.edits, reading.examination?.results ?? []).enumerated().map { index, pair in
      EditLine(number: index + 1, edit: pair.0, result: pair.1)
    }
    let added = (reading.application?.edits ?? []).filter { $0.step == .missingImport }
    return asked
      + added.enumerated().map { index, applied in EditLine(number: asked.count + index + 1, added: applied) }
  }

  /// What was added by rule, at no line of the reply.
  private init(number: Int, added: AppliedEdit) {
    edit = number
    line = 0
    (path, step, firstLine) = (added.path, added.step.rawValue, added.firstLine)
    (code, message, feedback, nearest, corrections) = (nil, nil, nil, nil, nil)
  }

  private init(number: Int, edit: Edit, result: Result<AppliedEdit, EditError>) {
    self.edit = number
    line = edit.line
    switch result {
    case .success(let applied):
      (path, step, firstLine) = (applied.path, applied.step.rawValue, applied.firstLine)
      (code, message, feedback, nearest, corrections) = (nil, nil, nil, nil, nil)
    case .failure(let error):
      (path, step, firstLine) = (edit.path, nil, nil)
      (code, message, feedback) = (error.code, error.errorDescription, error.feedback)
      nearest = error.nearest.map { Place(firstLine: $0.firstLine, lines: $0.lines) }
      corrections =
        error.corrections.isEmpty
        ? nil : error.corrections.map { Otherwise(line: $0.line, written: $0.written, actual: $0.actual) }
    }
  }

  /// The edit for people, in one line.
  func text(_ look: Look) -> String {
    let place = "edit \(edit)  \(Untrusted.cleanLine(path))" + (firstLine.map { ":\($0)" } ?? "")
    let how = step ?? code ?? ""
    return "  \(place)  \(look.style.apply(code == nil ? .good : .bad, how))\n"
  }
}

/// A text tried on a folder.
struct ReparsedTextOutput: Output {
  let text: ReparsedText

  var summary: String { text.reading.error?.code ?? Amount.of(text.reading.edits.count, "edit") }

  func text(_ look: Look) -> String {
    let reading = text.reading
    var said =
      "\(Untrusted.cleanLine(text.file))   \(reading.format.rawValue), "
      + (reading.error.map { look.style.apply(.bad, $0.code) } ?? look.style.apply(.good, "applies")) + "\n"
    for line in EditLine.lines(of: reading) { said += line.text(look) }
    for note in reading.notes { said += "  \(Untrusted.cleanLine(note.message))\n" }
    if let error = reading.error {
      said += "  \(Untrusted.clean(reading.message ?? error.code))\n"
      for line in (reading.feedback ?? error.feedback).lines { said += "    \(Untrusted.clean(String(line)))\n" }
    }
    if let diff = text.diff { said += PatchText(diff: diff).text(look) }
    return said
  }

  func json() throws -> [String] {
    [try JSONLine.of(ReadingLine(instanceID: nil, take: nil, file: text.file, reading: text.reading, patch: text.diff))]
  }
}

/// A reading for programs.
struct ReadingLine: Encodable {
  let instanceID, take, file: String?
  let format: String
  let applies: Bool
  let code, message, feedback: String?
  let edits: [EditLine]
  /// The format asked for, where it is another.
  let asked: String?
  let notes: [String]
  let patch: String?
  var before: String?
  var differs: Bool?

  init(instanceID: String?, take: String?, file: String?, reading: ReplyReading, patch: String?) {
    (self.instanceID, self.take, self.file, self.patch) = (instanceID, take, file, patch)
    format = reading.format.rawValue
    applies = reading.application != nil
    (code, message, feedback) = (reading.error?.code, reading.message, reading.feedback)
    asked = reading.asked?.rawValue
    notes = reading.notes.map(\.message)
    edits = EditLine.lines(of: reading)
  }

  private enum CodingKeys: String, CodingKey {
    case instanceID = "instance_id"
    case take, file, format, asked, applies, code, message, feedback, edits, notes, patch, before, differs
  }
}

struct ReparseRow: Sendable {
  let reparse: Reparse
  let diff: String?
}

/// Recorded replies, read again.
struct ReparseOutput: Output {
  let rows: [ReparseRow]

  private var applying: Int { rows.count { $0.reparse.reading.application != nil } }
  private var differing: Int { rows.count { $0.reparse.isOther } }

  var summary: String { "\(applying) of \(rows.count) would apply, \(differing) read otherwise" }

  func text(_ look: Look) -> String {
    let table = Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("TAKE"), .init("THEN"), .init("NOW"), .init("EDITS"), .init(""),
      ],
      rows: rows.map { row in
        let reading = row.reparse.reading
        let steps = EditLine.lines(of: reading).map { $0.step ?? $0.code ?? "" }
        return [
          .init(row.reparse.instanceID), .init(row.reparse.take.description),
          .init(told(row.reparse.formatBefore, row.reparse.codeBefore)),
          .init(
            told(reading.format.rawValue, reading.error?.code), meaning: reading.error == nil ? .good : .bad),
          .init(steps.joined(separator: ", ")),
          .init(row.reparse.isOther ? "differs" : "the same", meaning: row.reparse.isOther ? .warning : .plain),
        ]
      })
    return table.rendered(style: look.style, width: look.width) + "  \(summary)\n"
  }

  private func told(_ format: String, _ code: String?) -> String {
    format.isEmpty ? "" : code.map { "\(format): \($0)" } ?? "\(format): applies"
  }

  func json() throws -> [String] {
    try rows.map { row in
      var line = ReadingLine(
        instanceID: row.reparse.instanceID, take: row.reparse.take.description, file: nil,
        reading: row.reparse.reading, patch: row.diff)
      line.before = row.reparse.codeBefore ?? (row.reparse.formatBefore.isEmpty ? nil : "applies")
      line.differs = row.reparse.isOther
      return try JSONLine.of(line)
    }
  }
}
