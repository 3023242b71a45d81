import Glibc

/// Lines typed on a terminal, with editing, history, search (Control-R) and completion (Tab).
///
/// The editor has a thread of its own. While it does not wait for a line the terminal is in its usual mode, so that
/// Control-C sends SIGINT. Keys can be bound in `~/.editrc`.
package actor LibeditReader: LineReader {
  private let thread = PinnedThread(name: "line editor")
  private let wakeup = Wakeup()
  private let input: Int32
  private let output: Int32
  private let historyPath: String?
  private let historyLimit: Int
  private let keeps: @Sendable (String) -> String
  private let continues: @Sendable (String) -> Bool
  private let completion: @Sendable (_ line: String, _ cursor: Int) -> [String]

  private var editor: Editor?
  private var history: History?
  private var resizing: ResizeWatch?
  /// Why lines are not kept; nil while they are. The prompt works without.
  package private(set) var historyProblem: HistoryError?

  /// A reader for the terminal behind `input`, drawing on `output`: the standard error, since results alone go to the
  /// standard output. The terminal is not touched before the first `next`.
  ///
  /// `historyPath` names the file that keeps the lines, in a folder that is there; nil keeps none. `keeps` is what is
  /// kept of a line, both in the file and in this prompt's own history. `completion` gives
  /// whole candidates for the word that ends at `cursor`, a UTF-8 offset; it is called on the editor's thread, so it
  /// must answer at once.
  package init(
    input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO, historyPath: String? = nil,
    historyLimit: Int = 2_000, keeps: @escaping @Sendable (String) -> String = Passwords.hidden,
    continues: @escaping @Sendable (String) -> Bool = Continuation.isOpen,
    completion: @escaping @Sendable (_ line: String, _ cursor: Int) -> [String] = { _, _ in [] }
  ) {
    self.input = input
    self.output = output
    self.historyPath = historyPath
    self.historyLimit = historyLimit
    self.keeps = keeps
    self.continues = continues
    self.completion = completion
  }

  deinit {
    thread.stop()
  }

  /// Whether the line editor can be used: both ends are terminals, and the cursor can be moved.
  package static func fits(
    input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO, environment: [String: String]
  ) -> Bool {
    Screen.isTerminal(input) && Screen.isTerminal(output) && !Screen.isDumb(environment: environment)
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  package nonisolated func interrupt() {
    wakeup.post(.interrupted)
  }

  package func forgetAhead() async {
    editor?.forgetPasted()
  }

  package func next(prompt: String, continuation: String) async throws -> LineEvent {
    wakeup.clear()
    return try await withTaskCancellationHandler {
      try command(prompt: prompt, continuation: continuation)
    } onCancel: {
      wakeup.post(.cancelled)
    }
  }

  private func command(prompt: String, continuation: String) throws -> LineEvent {
    let editor = try prepared()
    var text = ""
    var shown = prompt
    while true {
      switch try editor.line(prompt: shown) {
      case .line(let part):
        text += part
        guard continues(text) else {
          remember(text)
          return .line(text)
        }
        text += "\n"
        shown = continuation
      case .interrupted:
        return .interrupted
      case .endOfInput:
        return text.isEmpty ? .endOfInput : .line(String(text.dropLast()))
      }
    }
  }

  private func prepared() throws(LineReaderError) -> Editor {
    if let editor { return editor }
    guard let history = History(limit: historyLimit) else { throw .noEditor }
    if let historyPath {
      do throws(HistoryError) {
        try history.load(historyPath)
      } catch {
        historyProblem = error
      }
    }
    guard
      let editor = Editor(input: input, output: output, history: history, wakeup: wakeup, completion: completion)
    else { throw .noEditor }
    self.editor = editor
    self.history = history
    resizing = ResizeWatch(wakeup: wakeup)
    return editor
  }

  /// Keeps the line at once, so that a prompt which is killed has lost none.
  private func remember(_ line: String) {
    let line = keeps(line)
    guard let history, history.add(line), let historyPath, historyProblem == nil else { return }
    do throws(HistoryError) {
      try History.append(line, to: historyPath)
    } catch {
      historyProblem = error
    }
  }
}
