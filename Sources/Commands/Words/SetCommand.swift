import ArgumentParser
import Sessions
import Terminal

/// `set NAME VALUE`: changes a setting.
package struct SetCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change a setting; the next run or rerun uses it.",
    discussion: "The end of a name is enough where only one setting ends so: `set budget 5000`.")
  package static let examples = ["set context.budget 5000", "set feedback none", "set temperature 0.4"]
  package static let completions: [Candidates] = [.setting, .value]

  @Argument(help: "The setting; `settings` lists them.")
  var name: String

  @Argument(help: "Its new value.")
  var value: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let change = try await session.set(name, to: value)
    let text =
      change.old == change.new ? "\(change.name) is \(change.new)" : "\(change.name) \(change.old) -> \(change.new)"
    let output = MessageOutput(text, fields: ["setting": change.name, "value": change.new, "was": change.old])
    if SettingTable.ofMachine.contains(change.name) { return Done(output) }
    return Done(
      output,
      .changes(slot: "set \(change.name)"),
      // The name in full, and a URL as it was read.
      savedAs: ["set", change.name, change.new])
  }
}
