import ArgumentParser
import Sessions

/// `param NAME VALUE`: gives a script's parameter its value.
package struct ParamCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "param", abstract: "Give a parameter its value: `$NAME` in the arguments below stands for it.",
    discussion: "`ramp -p NAME=VALUE SCRIPT` gives another value than the script's own.")
  package static let examples = ["param budget 5000; set context.budget $budget"]

  @Argument(help: "Its name: letters, digits and _.")
  var name: String

  @Argument(help: "Its value, one word.")
  var value: String

  package init() {}

  package func validate() throws {
    guard name.utf8.first.map({ !(48...57).contains($0) }) ?? false,
      name.utf8.allSatisfy({ $0 == 95 || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) })
    else { throw ValidationError("a parameter's name is letters, digits and _, e.g. `param budget 5000`") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    await session.param(name, value)
    return Done(MessageOutput("", fields: ["param": name, "value": value]), .looks)
  }
}
