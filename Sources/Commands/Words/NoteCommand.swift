import ArgumentParser
import Sessions

/// `note TEXT`: writes a remark into the sitting.
package struct NoteCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Write a remark into the sitting; a saved session keeps it.",
    discussion: "Quote a remark that holds a `;`, a `|` or a quote: `note \"it's here; or there\"`.")
  package static let examples = ["note the formset builds its errors in two places"]
  package static let takesText = true

  @Argument(parsing: .captureForPassthrough, help: "The remark.")
  var text: [String]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let text = text.joined(separator: " ")
    return Done(MessageOutput("", fields: ["note": text]), .remarks)
  }
}
