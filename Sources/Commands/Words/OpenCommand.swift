import ArgumentParser
import Attempts
import Campaigns
import Content
import Sessions
import Terminal

/// `open ID`: brings the takes that a batch made of an instance into view.
package struct OpenCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Look at what a batch or phase did with an instance, and go on from there.",
    discussion: """
      The instance becomes the current one, with the takes of the last batch or phase that has it: of this sitting, or of \
      the journal (`ramp --journal FILE` reads that of a script or of another machine). `open next` and `open previous` \
      walk those that failed, in the order of the batch. `show`, `diff`, `why`, `attempts`, `reparse` and `regrade` read \
      the takes as they were made.

      `rerun` and `tweak` make a new take of this sitting, which is steered; the batch and its results never change. It is \
      made with the settings of the batch, and on top of them what you have set since the batch was run, or, for one of \
      an earlier sitting, since you first opened something of it. `--own` brings the takes back that this sitting made \
      of the instance by itself.
      """)
  package static let examples = ["open flask__flask-5063", "open next", "open flask__flask-5063 --batch batch"]
  package static let completions: [Candidates] = [.opened]

  @Argument(help: "The instance, or next or previous; without one, next.")
  var instance: String?

  @Option(help: "Of the last run of this phase.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Option(help: "Of the batch with this number or name, as `sittings` lists them.")
  var batch: String?

  @Flag(help: "The takes of this sitting itself.")
  var own = false

  package init() {}

  private var step: Int? {
    switch instance {
    case nil where !own && phase == nil && batch == nil, "next": 1
    case "previous": -1
    default: nil
    }
  }

  package func validate() throws {
    let picks = [phase != nil, batch != nil, own].filter(\.self).count
    if picks > 1 { throw ValidationError("--phase, --batch and --own exclude each other") }
    if picks > 0, step != nil { throw ValidationError("name an instance: `open ID --phase 1`") }
    if phase != nil || batch != nil, instance == nil { throw ValidationError("name an instance: `open ID --phase 1`") }
  }

  /// The instance that is named, where one is.
  var namedInstance: String? { step == nil ? instance : nil }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let opened: Opened
    if let step {
      opened = try await session.open(walking: step)
    } else if own {
      opened = try await session.openOwn(instance)
    } else {
      let pick = phase.map { BatchPick.phase($0.rawValue) } ?? batch.map { .named($0) } ?? .last
      opened = try await session.open(instance ?? "", of: pick)
    }
    if opened.leavesContext {
      await desk.warn(
        "lines that were added or dropped for \(opened.instanceID) by hand are no part of these takes, and were put aside"
      )
    }
    var words = ["open", opened.instanceID]
    if own { words.append("--own") }
    if let phase { words += ["--phase", "\(phase.rawValue)"] }
    return Done(OpenedOutput(opened: opened), .opens(opened.instanceID), savedAs: words)
  }
}

struct OpenedOutput: Output {
  let opened: Opened

  var summary: String { word + ", " + Amount.of(opened.takes.count, "take") }

  private var word: String {
    if opened.record?.verified == true { return "resolved" }
    return opened.takes.last?.verdict?.word.rawValue ?? "no verdict"
  }

  func text(_ look: Look) -> String {
    let whose = opened.title.map { "of \(Untrusted.cleanLine($0))" } ?? "of this sitting"
    let place = opened.place.map { ", \($0.number) of \($0.of) that failed" } ?? ""
    var text =
      look.style.apply(.heading, opened.instanceID) + ", \(Amount.of(opened.takes.count, "take")) \(whose), "
      + look.style.apply(Meaning(verdict: word), word) + place + "\n"
    if let last = opened.takes.last {
      text +=
        Width.wrapped(
          "  now current: `attempts`, `show prompt \(last.id)`, `why`, `rerun`"
            + (opened.place.map { $0.number < $0.of } == true ? ", `open next`" : ""), to: look.width, indent: 2) + "\n"
    }
    if !opened.differences.isEmpty {
      let told = opened.differences.map { "\($0.name) \($0.batch) (this sitting: \($0.sitting))" }
      text +=
        Width.wrapped(
          "  settings of the batch that differ: \(Untrusted.cleanLine(told.joined(separator: ", ")))", to: look.width,
          indent: 4) + "\n"
    }
    return text
  }

  func json() throws -> [String] {
    struct Difference: Encodable { let setting, batch, sitting: String }
    struct Line: Encodable {
      let instanceID: String
      let batch: String?
      let verdict: String
      let takes: [String]
      let differences: [Difference]
      let place, failed: Int?

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case batch, verdict, takes, differences, place, failed
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: opened.instanceID, batch: opened.title, verdict: word, takes: opened.takes.map(\.id.description),
          differences: opened.differences.map { Difference(setting: $0.name, batch: $0.batch, sitting: $0.sitting) },
          place: opened.place?.number, failed: opened.place?.of))
    ]
  }
}
