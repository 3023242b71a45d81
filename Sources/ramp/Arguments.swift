import Foundation
import Models
import Terminal

/// What stands behind `ramp` in the shell.
struct Arguments: Sendable {
  /// What is to be carried out.
  enum Work: Equatable, Sendable {
    /// The prompt, or the lines of standard input where it is no terminal.
    case input
    /// `-c 'a; b'`.
    case commands(String)
    /// A script file.
    case script(String)
    /// One line of the language, as words of the shell.
    case words([String])
    case version
    case help
  }

  var work = Work.input
  var json = false
  var color = ColorOption.auto
  var journal: String?
  var parameters: [String: String] = [:]
  var record: RecordMode?
  var live = false
  /// The last sitting is gone on with.
  var continues = false
  var allowShell = false
  var allowWrite = false
  var allowNoSandbox = false
  var keyHosts: [String] = []
  var allowRead = false
  var servers: [String] = []

  static let usage = """
    ramp: find out why a small language model fails to repair a real bug, and prove that a change around it helped

    ramp                      the prompt; with a pipe, the lines that come from it
    ramp FILE.ramp            a script or saved session; the exit status says whether it still holds
    ramp WORD ...             one line of the language: ramp run django__django-11000
    ramp -c 'LINE; LINE'      lines of the language

      --continue              go on with the last sitting: its rows, settings and takes
      -c LINES                carry out these lines
      -p NAME=VALUE           give a script's parameter another value
      --record MODE           recorded replies: none, once, new_episodes, all
      --live                  ask the model whatever is recorded
      --journal FILE          keep the journal there (a script's own is in memory)
      --json                  one JSON object per line on standard output
      --color WHEN            auto, always, never; NO_COLOR is honoured
      --allow-shell           a script may use the shell: `! COMMAND`, `show prompt | COMMAND`
      --allow-write           a script may write outside its folder
      --allow-read            a script may read outside its folder, and so send what it reads to the model's server
      --allow-server HOST     a script may ask a model's server on this host; HOST or HOST:PORT
      --allow-no-sandbox      a script may `set sandbox off`
      --key-host HOST         send the key in OPENAI_API_KEY to this host too
      --version, --help

    exit status: 0 done; 1 a line failed or an expectation does not hold; 3 a gate is shut; 64 wrong arguments;
    69 something needed is not there; 75 ended by SIGTERM; 130 interrupted
    `ramp help` lists the words of the language
    """

  private static let usageHint = "`ramp --help` shows how it is used"

  /// What is wrong with the arguments, in words.
  struct Wrong: Error, LocalizedError {
    let message: String
    let next: String
    var errorDescription: String? { message }
    var recoverySuggestion: String? { next }
  }

  /// Reads the arguments behind the program's name. `isWord` tells a word of the language from a file.
  init(_ arguments: [String], isWord: (String) -> Bool, isFile: (String) -> Bool) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else {
        if argument != "-", case .input = work {
          // A word takes everything behind it; options may still follow a file.
          let looksLikeFile = argument.hasSuffix(".ramp") || argument.contains("/")
          if !looksLikeFile, isWord(argument) || !isFile(argument) {
            work = .words([argument] + rest)
            return
          }
          work = .script(argument)
          continue
        }
        throw Wrong(message: "`\(argument)` is one argument too many", next: Arguments.usageHint)
      }
      try option(argument, &rest)
    }
    if continues, case .script = work {
      throw Wrong(message: "a script begins a sitting of its own", next: "`ramp --continue`, then `source FILE`")
    }
  }

  private mutating func option(_ argument: String, _ rest: inout ArraySlice<String>) throws {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0].hasPrefix("--") ? parts[0] : argument
    func value() throws -> String {
      if parts.count > 1, name.hasPrefix("--") { return parts[1] }
      guard let value = rest.popFirst() else {
        throw Wrong(message: "\(name) wants a value behind it", next: "`ramp --help` shows which")
      }
      return value
    }
    func one<Choice: CaseIterable & RawRepresentable>(_ type: Choice.Type) throws -> Choice
    where Choice.RawValue == String {
      let text = try value()
      guard let choice = Choice(rawValue: text) else {
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw Wrong(message: "\(name) cannot be `\(text)`", next: "it is one of \(all)")
      }
      return choice
    }
    switch name {
    case "-c":
      guard case .input = work else { throw Wrong(message: "-c is one argument too many", next: Arguments.usageHint) }
      work = .commands(try value())
    case "-p":
      let pair = try value().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard pair.count == 2, !pair[0].isEmpty else {
        throw Wrong(message: "-p wants NAME=VALUE", next: "`ramp -p model=gold script.ramp`")
      }
      parameters[pair[0]] = pair[1]
    case "--record": record = try one(RecordMode.self)
    case "--live": live = true
    case "--continue": continues = true
    case "--journal": journal = try value()
    case "--json": json = true
    case "--color": color = try one(ColorOption.self)
    case "--allow-shell": allowShell = true
    case "--allow-write": allowWrite = true
    case "--allow-read": allowRead = true
    case "--allow-server": servers.append(try value())
    case "--allow-no-sandbox": allowNoSandbox = true
    case "--key-host": keyHosts.append(try value())
    case "--version", "-V": work = .version
    case "--help", "-h": work = .help
    default: throw Wrong(message: "no option `\(name)`", next: "`ramp --help` lists them")
    }
  }
}
