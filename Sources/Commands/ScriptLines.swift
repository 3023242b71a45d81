import Script
import Sessions

/// The lines of a script, those that follow `always` apart.
struct ScriptLines {
  /// What is carried out line by line.
  private(set) var commands: [CommandText] = []
  /// What is carried out at the end: of each line the part that follows `always`, or the whole line where nothing does.
  private(set) var deferred: [CommandText] = []
  private let all: [CommandText]

  init(_ commands: [CommandText]) {
    all = commands
    for command in commands {
      if ScriptLines.isDeferred(command) {
        deferred.append(command.withoutFirstWord ?? command)
      } else {
        self.commands.append(command)
      }
    }
  }

  /// True for a line that begins with `always`.
  static func isDeferred(_ command: CommandText) -> Bool {
    command.firstWord.flatMap { try? WordTable.word($0) }.map { $0 == AlwaysCommand.self } ?? false
  }

  /// Finds a mistake in a line that follows `always` before anything is done, and not hours later. `parameters` are
  /// those that the sitting has.
  ///
  /// - Throws: `LineError`.
  func checkDeferred(name: String, parameters: [String: String]) throws {
    guard !deferred.isEmpty else { return }
    var known = parameters
    for command in commands {
      guard let line = try? command.line(parameters: known), line.words.count == 3,
        line.words[0].text == ParamCommand.word
      else { continue }
      if known[line.words[1].text] == nil { known[line.words[1].text] = line.words[2].text }
    }
    // A script that is sourced may give parameters of its own.
    let isWhole = !commands.contains { $0.firstWord == SourceCommand.word }
    for command in deferred {
      do {
        if ScriptLines.isDeferred(command) { throw AlwaysError.nothing }
        _ = try WordTable.parse(try command.line(parameters: known).words.map(\.text))
      } catch let error as ScriptError {
        if case .unknownParameter = error, !isWhole { continue }
        throw LineError(name: name, line: command.number, cause: error)
      } catch {
        throw LineError(name: name, line: command.number, cause: error)
      }
    }
  }
}
