/// What may have happened to a log.
enum Damage: CaseIterable {
  case head, tail, middle, interleaved, woven, crlf, returns, colours, tabs, binary, unicode, spaced, brackets, doubled
  case shuffled, noEnd, glued, faked, troubled, mixedStatus, endMarkFirst, exitStatus, skips

  func done(to log: [UInt8], other: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    func place(_ log: [UInt8]) -> Int { Int.random(in: 0...log.count, using: &generator) }
    var lines = log.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    func joined() -> [UInt8] { Array(lines.joined(separator: [0x0A])) }
    func each(_ share: Int, _ change: (inout [UInt8], inout SeededGenerator) -> Void) -> [UInt8] {
      for index in lines.indices where Int.random(in: 0..<share, using: &generator) == 0 {
        change(&lines[index], &generator)
      }
      return joined()
    }
    func insert(_ texts: [String], _ share: Int) -> [UInt8] {
      each(share) { line, generator in
        let text = Array((texts.randomElement(using: &generator) ?? "").utf8)
        line.insert(contentsOf: text, at: Int.random(in: 0...line.count, using: &generator))
      }
    }
    switch self {
    case .head: return Array(log[place(log)...])
    case .tail: return Array(log[..<place(log)])
    case .middle:
      let (one, two) = (place(log), place(log))
      return Array(log[..<min(one, two)] + log[max(one, two)...])
    case .interleaved:
      let theirs = other.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
      for (index, line) in theirs.enumerated() {
        lines.insert(line, at: min(lines.count, index * 2 + Int.random(in: 0...1, using: &generator)))
      }
      return joined()
    case .woven:
      var woven: [UInt8] = []
      var (mine, theirs) = (log[...], other[...])
      while !mine.isEmpty || !theirs.isEmpty {
        let count = Int.random(in: 1...300, using: &generator)
        woven += mine.prefix(count)
        mine = mine.dropFirst(count)
        woven += theirs.prefix(count / 2)
        theirs = theirs.dropFirst(count / 2)
      }
      return woven
    case .crlf: return Array(lines.joined(separator: [0x0D, 0x0A]))
    case .returns:
      return each(5) { line, generator in line.insert(0x0D, at: Int.random(in: 0...line.count, using: &generator)) }
    case .colours: return insert(["\u{1B}[31m", "\u{1B}[0m", "[1;31m", "[32m", "\u{1B}[K", "[3[1m4m"], 2)
    case .tabs: return insert(["\t", "\u{B}", "\u{C}", "\u{1C}", "\u{1F}", "\u{0}", " "], 3)
    case .binary:
      return each(3) { line, generator in
        for _ in 0..<4 {
          line.insert(
            UInt8.random(in: 0...255, using: &generator), at: Int.random(in: 0...line.count, using: &generator))
        }
      }
    case .unicode: return insert(["\u{E9}", "e\u{301}", "\u{A0}", "\u{2028}", "\u{3000}", "\u{85}", "漢", "😀"], 2)
    case .spaced: return insert([" ", "  ", " - ", " ... "], 2)
    case .brackets: return insert(["[", "]", "[a b]", "[/x/y]", "(", ")", "'", "\""], 2)
    case .doubled:
      lines += lines.shuffled(using: &generator).prefix(200)
      return joined()
    case .shuffled:
      lines.shuffle(using: &generator)
      return joined()
    case .noEnd: return log.last == 0x0A ? log.dropLast() : log
    case .glued:
      return each(3) { line, _ in line.append(contentsOf: Array("PASSED t.py::glued ... ok".utf8)) }
    case .faked:
      return insert(
        [">>>>> Start Test Output", ">>>>> End Test Output", "PASSED t.py::fake", "t.py::fake PASSED", "ok"], 30)
    case .troubled:
      return insert(
        [">>>>> Patch Apply Failed", ">>>>> Reset Failed", ">>>>> Tests Errored", ">>>>> Tests Timed Out"],
        max(1, lines.count / 2))
    case .mixedStatus:
      return insert(["PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", " ok", " F", " ... FAIL", "ERROR: "], 2)
    case .endMarkFirst: return Array("+ : '>>>>> End Test Output'\n".utf8) + log
    case .exitStatus:
      return log + Array("\n>>>>> Test Exit Code: \(Int.random(in: -2...2, using: &generator))\n".utf8)
    case .skips: return insert(["SKIPPED [3] t.py:1: x\n", "\nSKIPPED [12]\n", "\nSKIPPED [x] t\n"], 5)
    }
  }
}
