import ArgumentParser
import Attempts
import Sessions
import Terminal

/// `settings [PATTERN]`: lists the settings.
package struct SettingsCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "settings", abstract: "List the settings with their values; a pattern keeps those that contain it.")
  package static let examples = ["settings", "settings context"]
  package static let completions: [Candidates] = [.setting]

  @Argument(help: "Part of a name.")
  var pattern: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let settings = await session.settings
    let rows = SettingTable.all.filter { pattern.map($0.name.contains) ?? true }
      .map { SettingsOutput.Row($0, in: settings) }
    if rows.isEmpty, let pattern { _ = try SettingTable.setting(pattern) }
    return Done(SettingsOutput(rows: rows))
  }
}

struct SettingsOutput: Output {
  struct Row: Encodable, Sendable {
    let setting, value, standard: String
    let choices: [String]
    let help: String

    private enum CodingKeys: String, CodingKey {
      case setting, value
      case standard = "default"
      case choices, help
    }

    init(_ setting: Setting, in settings: Settings) {
      self.setting = setting.name
      value = setting.value(in: settings)
      standard = setting.value(in: Settings())
      choices = setting.choices
      help = setting.help
    }
  }

  let rows: [Row]

  func text(_ look: Look) -> String {
    let table = Table(
      columns: [.init("SETTING"), .init("VALUE"), .init("DEFAULT"), .init("MEANS")],
      rows: rows.map { row in
        let choices = row.choices.isEmpty ? "" : " (\(row.choices.joined(separator: ", ")))"
        return [
          .init(row.setting), .init(row.value, meaning: row.value == row.standard ? .plain : .warning),
          .init(row.value == row.standard ? "" : row.standard), .init(row.help + choices),
        ]
      })
    // One that is asked for by its name is told whole.
    return table.rendered(style: look.style, width: rows.count == 1 ? nil : look.width)
  }

  func json() throws -> [String] { try rows.map { try JSONLine.of($0) } }
}
