import CEdit
import Glibc

/// libedit on one terminal. Not for sharing: everything happens on the thread that reads.
final class Editor {
  /// How the reading of a line was ended from outside the line.
  enum Ending {
    case interrupted
    case cancelled
    /// `errno`.
    case failed(Int32)
  }

  let wakeup: Wakeup
  private let handle: OpaquePointer
  private let streams: (input: UnsafeMutablePointer<FILE>, output: UnsafeMutablePointer<FILE>)
  private let input: Int32
  private let output: Int32
  /// Kept because libedit reads it.
  private let history: History
  private let completion: @Sendable (_ line: String, _ cursor: Int) -> [String]
  private var prompt: UnsafeMutablePointer<CChar>?
  private var promptWidth = 0
  private var decoder = KeyDecoder()
  /// Keys that were read and not yet handed to libedit.
  private var keys: [Unicode.Scalar] = []
  /// What is left of a pasted block: the line to come and those behind it.
  private var pasted: [String] = []
  private var ending: Ending?
  /// The width that the line was drawn for.
  private var columns: Int?

  /// Sets the editor up on a terminal; nil where libedit refuses. Reads `~/.editrc`, lines for `ramp` and for all.
  init?(
    input: Int32, output: Int32, history: History, wakeup: Wakeup,
    completion: @escaping @Sendable (_ line: String, _ cursor: Int) -> [String]
  ) {
    _ = cedit_use_utf8()
    guard let reading = cedit_open(input, "r") else { return nil }
    guard let writing = cedit_open(output, "w") else {
      fclose(reading)
      return nil
    }
    guard let handle = el_init("ramp", reading, writing, writing) else {
      fclose(reading)
      fclose(writing)
      return nil
    }
    self.wakeup = wakeup
    self.handle = handle
    self.streams = (reading, writing)
    self.input = input
    self.output = output
    self.history = history
    self.completion = completion
    _ = cedit_set_owner(handle, Unmanaged.passUnretained(self).toOpaque())
    _ = cedit_set_prompt(handle) { handle in Editor.owner(of: handle)?.prompt }
    _ = cedit_set_signal(handle, 0)
    _ = cedit_set_read(handle) { handle, key in Editor.owner(of: handle)?.read(into: key) ?? -1 }
    _ = cedit_set_history(handle, history.handle)
    bindKeys()
  }

  deinit {
    el_end(handle)
    fclose(streams.input)
    fclose(streams.output)
    free(prompt)
  }

  private static func owner(of handle: OpaquePointer?) -> Editor? {
    cedit_owner(handle).map { Unmanaged<Editor>.fromOpaque($0).takeUnretainedValue() }
  }

  private func bindKeys() {
    _ = cedit_set_editor(handle, "emacs")
    // Control-C and Control-Z come as keys: a signal would end or stop the process in the middle of a line.
    _ = cedit_set_tty(handle, "-d", "-isig")
    _ = cedit_add(handle, "ramp-complete", "Complete the word") { handle, _ in
      Editor.owner(of: handle)?.complete() ?? UInt8(CC_ERROR)
    }
    _ = cedit_add(handle, "ramp-interrupt", "Drop the line") { handle, _ in
      Editor.owner(of: handle)?.dropLine() ?? UInt8(CC_ERROR)
    }
    _ = cedit_add(handle, "ramp-suspend", "Stop until the shell continues") { handle, _ in
      Editor.owner(of: handle)?.suspend() ?? UInt8(CC_ERROR)
    }
    _ = cedit_add(handle, "ramp-paste", "Take what the terminal pastes") { handle, _ in
      Editor.owner(of: handle)?.paste() ?? UInt8(CC_ERROR)
    }
    let keys = [
      ("^I", "ramp-complete"), ("^R", "em-inc-search-prev"), ("^W", "ed-delete-prev-word"),
      ("\\e[3~", "ed-delete-next-char"), ("\\e[1~", "ed-move-to-beg"), ("\\e[4~", "ed-move-to-end"),
      ("\\e[H", "ed-move-to-beg"), ("\\e[F", "ed-move-to-end"), ("\\e[1;5C", "em-next-word"),
      ("\\e[1;5D", "ed-prev-word"),
    ]
    for (key, command) in keys { _ = cedit_bind(handle, key, command) }
    _ = el_source(handle, nil)
    // After ~/.editrc, which may have chosen vi's maps: these must work in each.
    for (key, command) in [("^C", "ramp-interrupt"), ("^Z", "ramp-suspend"), ("\\e[200~", "ramp-paste")] {
      _ = cedit_bind(handle, key, command)
      _ = cedit_bind_alternate(handle, key, command)
    }
  }

  /// Edits one line. Afterwards the terminal is as it was and the cursor stands at the beginning of a row.
  func line(prompt: String) throws -> LineEvent {
    show(prompt: prompt)
    ending = nil
    el_resize(handle)
    columns = Screen.width(of: output)
    if !pasted.isEmpty { keys = Paste.begin + keys }
    var count: Int32 = 0
    // libedit would take the terminal only after the prompt is drawn, and a key that comes in between would be lost.
    _ = cedit_prepare(handle, 1)
    write(Paste.on)
    let text = el_gets(handle, &count)
    write(Paste.off)
    // An interrupt on an empty line gives 0 bytes, as the end of input does: it is asked for first.
    switch ending {
    case .interrupted: return .interrupted
    case .cancelled:
      write("\n")
      throw CancellationError()
    case .failed(let code):
      write("\n")
      throw LineReaderError.cannotRead(code: code)
    case nil: break
    }
    guard let text, count > 0 else {
      write("\n")
      return .endOfInput
    }
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
    return .line(String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self))
  }

  private func write(_ text: String) {
    cedit_write(streams.output, text)
  }

  /// libedit must know which bytes of a prompt take no room: each colour sequence is put between two \1.
  private func show(prompt text: String) {
    free(prompt)
    let marked = PromptMarks.marked(text)
    prompt = strdup(marked.text)
    promptWidth = marked.width
  }

  // MARK: what libedit calls

  /// The next key: 1 and the key, 0 at the end, -1 to give up the line.
  private func read(into key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    guard let key else { return -1 }
    while keys.isEmpty {
      switch wakeup.wait(for: input) {
      case .readable:
        // One at a time: what is typed ahead may be for a program that the line runs.
        guard let bytes = bytes(atMost: 1) else { return ending == nil ? 0 : -1 }
        for byte in bytes { keys += decoder.take(byte) }
      case .woken(let reasons):
        if reasons.contains(.resized), !redrawForWidth() { el_resize(handle) }
        if reasons.contains(.cancelled) {
          ending = .cancelled
          return -1
        }
        // As if the key had been typed, so that the line ends in the same way.
        if reasons.contains(.interrupted) { keys.append("\u{3}") }
      case .failed(let code):
        ending = .failed(code)
        return -1
      }
    }
    // A key may be faster than the news of another size.
    _ = redrawForWidth()
    key.pointee = wchar_t(bitPattern: keys.removeFirst().value)
    return 1
  }

  /// What the input has; nil at its end and after an error, which `ending` then holds.
  private func bytes(atMost count: Int) -> [UInt8]? {
    var code: Int32 = 0
    var found = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { storage, filled in
      found = Glibc.read(input, storage.baseAddress, count)
      code = errno
      filled = max(0, found)
    }
    if found > 0 { return bytes }
    if found < 0, code == EINTR || code == EAGAIN { return [] }
    if found < 0, code != EIO { ending = .failed(code) }
    return nil
  }

  /// Draws the line anew where the terminal has another width; false where it has not. The terminal has wrapped it anew already, as they do, so that the
  /// prompt may begin in another row than libedit knows: everything from there on is drawn again.
  private func redrawForWidth() -> Bool {
    guard let columns = Screen.width(of: output), columns != self.columns, let (line, cursor) = place() else {
      return false
    }
    self.columns = columns
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    let row = ScreenRows.rows(of: before, from: promptWidth, columns: columns)
    write("\r" + (row > 0 ? "\u{1B}[\(row)A" : "") + "\u{1B}[J")
    el_resize(handle)
    _ = cedit_refresh(handle)
    return true
  }

  /// Puts in the next line of a pasted block, and ends it where more follow. A terminal that begins to paste is read to
  /// the end of it first.
  private func paste() -> UInt8 {
    if pasted.isEmpty {
      var paste = Paste()
      while !paste.isWhole {
        switch wakeup.wait(for: input) {
        case .readable:
          guard let bytes = bytes(atMost: 1 << 12) else { return UInt8(CC_EOF) }
          paste.take(bytes)
        case .woken(let reasons):
          // The next key, or the next line, meets them again.
          wakeup.post(reasons)
          if !reasons.isDisjoint(with: [.interrupted, .cancelled]) { return UInt8(CC_NORM) }
        case .failed(let code):
          ending = .failed(code)
          return UInt8(CC_EOF)
        }
      }
      pasted = paste.lines
      for byte in paste.rest { keys += decoder.take(byte) }
    }
    let line = pasted.removeFirst()
    if !line.isEmpty, el_insertstr(handle, line) != 0 { return UInt8(CC_ERROR) }
    if !pasted.isEmpty { keys.insert("\n", at: 0) }
    if pasted == [""] { pasted = [] }
    return UInt8(CC_REFRESH)
  }

  /// Forgets the lines of a pasted block that are still to come.
  func forgetPasted() { pasted = [] }

  /// Shows `^C` behind the line, and has it end there: the newline is the next key.
  private func dropLine() -> UInt8 {
    ending = .interrupted
    pasted = []
    if let place = place() { el_cursor(handle, Int32(clamping: place.line.unicodeScalars.count)) }
    el_insertstr(handle, "^C")
    keys.insert("\n", at: 0)
    return UInt8(CC_REFRESH)
  }

  private func suspend() -> UInt8 {
    writeBelow("") {
      _ = cedit_prepare(handle, 0)
      Suspension.untilContinued()
      _ = cedit_prepare(handle, 1)
    }
    return UInt8(CC_REDISPLAY)
  }

  private func complete() -> UInt8 {
    guard let (line, cursor) = place() else { return UInt8(CC_ERROR) }
    switch Completion(line: line, cursor: cursor, candidates: completion(line, cursor)) {
    case .none:
      return UInt8(CC_ERROR)
    case .replacement(let removing, let text):
      el_deletestr(handle, Int32(clamping: removing))
      return el_insertstr(handle, text) == 0 ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
    case .list(let candidates):
      writeBelow(Completion.listing(candidates, width: Screen.width(of: output) ?? 80))
      return UInt8(CC_REDISPLAY)
    }
  }

  /// The line and the cursor's UTF-8 offset in it.
  private func place() -> (line: String, cursor: Int)? {
    guard let info = el_line(handle)?.pointee, let start = info.buffer else { return nil }
    let bytes = UnsafeRawBufferPointer(start: start, count: info.lastchar - start)
    return (String(decoding: bytes, as: UTF8.self), info.cursor - start)
  }

  /// Writes whole lines below the line being edited, which the caller then has drawn again (CC_REDISPLAY). libedit
  /// will first go up by as many rows as the cursor was below the prompt, so as many are made; otherwise it would
  /// erase what was written.
  private func writeBelow(_ text: String, then action: () -> Void = {}) {
    guard let (line, cursor) = place() else { return }
    let columns = Screen.width(of: output) ?? 80
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    let row = ScreenRows.rows(of: before, from: promptWidth, columns: columns)
    let last = ScreenRows.rows(of: line, from: promptWidth, columns: columns)
    write(String(repeating: "\n", count: last - row + 1) + text)
    action()
    write(String(repeating: "\n", count: row))
  }
}
