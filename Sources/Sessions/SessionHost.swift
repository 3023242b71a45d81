import Attempts
import Content
import Edits
import Instances
import Journal
import Models
import Repositories
import Workspaces

/// Everything outside that a session reaches: made in one file of the program, and by tests.
package struct SessionHost: Sendable {
  package var workspace: @Sendable (Instance, Settings) async throws -> any Workspace
  package var makePatch: @Sendable ([FileChange]) async throws -> [UInt8]
  package var applyPatch: @Sendable ([UInt8], any Workspace) async throws -> [FileChange]
  package var journal: Journal
  package var effects: Effects
  /// The practice set and its hand-written replies.
  package var practice: @Sendable () throws -> Dataset
  /// The ids of the practice set's rows, where they can be had for less than its rows; nil takes them from those.
  package var practiceIDs: (@Sendable () -> [String])?
  package var practiceReplies: @Sendable (String) -> [PracticeReply]
  /// Rows of a set by its name: from the cache, or from the datasets server named second where the third value allows
  /// it, with `progress` told how many have come, of how many; nil where they are not here and may not be fetched.
  package var hub:
    @Sendable (HubName, _ server: String, _ mayFetch: Bool, _ progress: @Sendable (Int, Int) async -> Void) async throws
      -> Dataset?
  /// The model servers, with what the environment says of them.
  package var servers: ModelServers
  /// Reads a whole file; throws `SessionError.noFile` or `.unreadable`.
  package var readFile: @Sendable (String) throws -> [UInt8]
  /// Writes a whole file so that it is there whole or not at all; throws `SessionError.unwritable`.
  package var writeFile: @Sendable (String, [UInt8]) throws -> Void
  /// Runs a shell command on the terminal, with these bytes for its standard input or the terminal itself; gives its
  /// exit status.
  package var shell: @Sendable (String, [UInt8]?) async throws -> Int32
  /// Lets a person edit a text, under a name that tells an editor its kind; nil where no person is there.
  package var edit: (@Sendable (_ text: String, _ name: String) async throws -> String)?
  /// What a commit of the repository `owner/name` changes, which the settings say where to find.
  package var commit: @Sendable (_ repo: String, _ name: String, Settings) async throws -> CommitChange = {
    repo, name, _ in
    throw GitError.noSuchCommit(commit: name, repo: repo, path: "")
  }
  /// The templates or skills that the user keeps in a folder for them.
  package var ownTexts: @Sendable (OwnText.Kind) -> [OwnText] = { _ in [] }
  /// Keeps a text that a person wrote and that could not be used, in a file of its own; gives its path, or nil where it
  /// cannot be kept.
  package var keepText: @Sendable (_ text: String, _ name: String) -> String?
  /// What is shown and kept nowhere, wherever it comes from: the keys that the environment holds.
  package var secrets = Secrets()
  /// The program's version, as results name it.
  package var version = ""
  /// How many test runs a batch has under way where nothing else is said.
  package var processors = 2
  /// Has a second Ctrl-C stop a batch at once while `body` runs.
  package var onSecondInterrupt: @Sendable ((@Sendable () -> Void)?) -> Void = { _ in }
  /// What is kept on disk and can be made anew; nil where nothing is.
  package var cache: CacheShelf?
  /// The lines typed at prompts, the last one last.
  package var history: @Sendable () -> [String]

  package init(
    workspace: @escaping @Sendable (Instance, Settings) async throws -> any Workspace,
    makePatch: @escaping @Sendable ([FileChange]) async throws -> [UInt8],
    applyPatch: @escaping @Sendable ([UInt8], any Workspace) async throws -> [FileChange], journal: Journal,
    effects: Effects, practice: @escaping @Sendable () throws -> Dataset,
    practiceIDs: (@Sendable () -> [String])? = nil,
    practiceReplies: @escaping @Sendable (String) -> [PracticeReply], servers: ModelServers = ModelServers(),
    readFile: @escaping @Sendable (String) throws -> [UInt8],
    writeFile: @escaping @Sendable (String, [UInt8]) throws -> Void,
    hub:
      @escaping @Sendable (
        HubName, _ server: String, _ mayFetch: Bool, _ progress: @Sendable (Int, Int) async -> Void
      ) async throws -> Dataset? = { _, _, _, _ in nil },
    shell: @escaping @Sendable (String, [UInt8]?) async throws -> Int32 = { _, _ in 127 },
    edit: (@Sendable (_ text: String, _ name: String) async throws -> String)? = nil,
    keepText: @escaping @Sendable (_ text: String, _ name: String) -> String? = { _, _ in nil },
    history: @escaping @Sendable () -> [String] = { [] }
  ) {
    self.workspace = workspace
    self.makePatch = makePatch
    self.applyPatch = applyPatch
    self.journal = journal
    self.effects = effects
    self.practice = practice
    self.practiceIDs = practiceIDs
    self.practiceReplies = practiceReplies
    self.servers = servers
    self.readFile = readFile
    self.writeFile = writeFile
    self.hub = hub
    self.shell = shell
    self.edit = edit
    self.keepText = keepText
    self.history = history
  }

  /// Runs `body`, which `stop` stops at the second Ctrl-C.
  package func stopping<Value: Sendable>(_ stop: BatchStop, _ body: () async throws -> Value) async throws -> Value {
    onSecondInterrupt { stop.stop() }
    defer { onSecondInterrupt(nil) }
    return try await body()
  }

  /// The same host with another journal: a replay keeps to itself.
  package func with(journal: Journal) -> SessionHost {
    var host = self
    host.journal = journal
    return host
  }
}

/// What a script may do beyond the language: each needs a flag of the program.
package struct Permissions: Hashable, Sendable {
  /// The lines come from a script, not from a person.
  package var isScript: Bool
  package var shell: Bool
  package var write: Bool
  package var noSandbox: Bool
  /// The hosts that a vendor's key may be sent to, besides the vendor's own.
  package var keyHosts: [String]
  /// It may read files outside its folder.
  package var read: Bool
  /// The hosts of servers that it may name, besides those that a kind of model has by itself.
  package var servers: [String]
  /// What a person typed for it: values of its parameters.
  package var typed: [String]

  package init(
    isScript: Bool, shell: Bool = false, write: Bool = false, noSandbox: Bool = false, keyHosts: [String] = [],
    read: Bool = false, servers: [String] = [], typed: [String] = []
  ) {
    self.isScript = isScript
    self.shell = shell
    self.write = write
    self.noSandbox = noSandbox
    self.keyHosts = keyHosts
    self.read = read
    self.servers = servers
    self.typed = typed
  }
}

/// A template or a skill in a folder of the user's.
package struct OwnText: Hashable, Sendable {
  package enum Kind: String, Sendable { case template, skill }

  /// The file's name without its ending.
  package let name: String
  package let path: String
  package let text: String

  package init(name: String, path: String, text: String) {
    self.name = name
    self.path = path
    self.text = text
  }
}
