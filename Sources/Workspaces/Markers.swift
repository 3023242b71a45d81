/// The lines that ramp prints before and after the test command, with a number that the tests are not told.
///
/// Tests run as the same user as the shell that prints them, and may read the number in its memory. So the first line
/// before the command counts, which no test can be before, and the line after it counts only where nothing follows.
struct Markers {
  private let nonce: String

  /// Markers that no one else has.
  init() {
    nonce = String(UInt64.random(in: .min ... .max), radix: 16) + String(UInt64.random(in: .min ... .max), radix: 16)
  }

  /// The markers with the given number.
  init(nonce: String) { self.nonce = nonce }

  private var start: String { ">>>>> Start Test Output \(nonce)" }
  private var end: String { ">>>>> End Test Output \(nonce)" }

  /// The script that a shell reads from its standard input, where no other process can look it up. The command gets an
  /// empty input.
  func script(_ command: String) -> [UInt8] {
    let text = """
      printf '%s\\n' '\(start)'
      sh -c \(TestCommand.quoted(command)) </dev/null
      code=$?
      printf '\\n%s\\n' '\(end)'
      exit $code

      """
    return Array(text.utf8)
  }

  /// What lies between the markers in `output`, and which of the two were there.
  func contents(of output: [UInt8]) -> (log: [UInt8], started: Bool, ended: Bool) {
    guard let first = Markers.find(Array("\(start)\n".utf8), in: output, from: 0) else { return (output, false, false) }
    let begin = first + start.utf8.count + 1
    let rest = output[begin...]
    let last = Array("\n\(end)\n".utf8)
    let ended = rest.suffix(last.count).elementsEqual(last)
    return (Array(ended ? rest.dropLast(last.count) : rest), true, ended)
  }

  /// The index at or after `start` where `word` begins in `bytes`.
  private static func find(_ word: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = word.first else { return start }
    return bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index + word.count <= bytes.count {
        if bytes[index] == first, bytes[index..<(index + word.count)].elementsEqual(word) { return index }
        index += 1
      }
      return nil
    }
  }
}
