/// What a text takes at most in tokens of a large vocabulary, as those of Llama 3, Qwen and OpenAI have it, by how it is
/// written: words that look like words are a token or two, and so are the signs of code; random letters, digits, Base64 and
/// scripts beyond Latin take a token for every byte or two.
///
/// Where the numbers come from: weights were fitted to the counts of four public tokenizers on code, prose and 70 kinds of
/// hostile text, and checked on others; `scripts/windows` counts again.
enum TokenCost {
  /// The cost of `text`, in tokens. `scale` is how many tokens the model's own tokenizer was seen to take for one of this
  /// estimate; text that is dense already gets no cheaper by it.
  static func of(_ text: String, scale: Double) -> Double {
    var text = text
    return text.withUTF8 { bytes in
      var total = 0.0
      var line = Line()
      var start = 0
      for index in bytes.indices {
        let byte = bytes[index]
        let next = byte != 10 && index + 1 < bytes.count ? bytes[index + 1] : 0
        line.add(byte, next)
        guard byte == 10 || index + 1 == bytes.count else { continue }
        total += line.cost(bytes: index + 1 - start, scale: scale)
        line = Line()
        start = index + 1
      }
      // No tokenizer makes two tokens of one byte.
      return min(total, Double(bytes.count) + 1)
    }
  }

  /// What one kind of byte costs, in thousandths of a token: in text that is written as people write, and at most.
  private struct Weight {
    let plain, dense: Int

    static let word = Weight(plain: 950, dense: 1025)
    /// Each letter of a word beyond the sixth.
    static let longWord = Weight(plain: 450, dense: 665)
    /// Each quarter of a bit that a word's letters are less likely than those of words.
    static let unlikely = Weight(plain: 70, dense: 195)
    /// The first of three digits, and the others.
    static let digit = Weight(plain: 1300, dense: 1060)
    static let moreDigits = Weight(plain: 200, dense: 1061)
    static let sign = Weight(plain: 520, dense: 1061)
    static let signAfterSign = Weight(plain: 1000, dense: 714)
    static let signBeforeLetter = Weight(plain: 100, dense: 0)
    static let sameSign = Weight(plain: 300, dense: 600)
    static let lineEnd = Weight(plain: 1300, dense: 1600)
    static let lineEndAfterSign = Weight(plain: 100, dense: 0)
    static let moreLineEnds = Weight(plain: 500, dense: 500)
    static let blankBeforeDigit = Weight(plain: 1300, dense: 1061)
    static let firstBlank = Weight(plain: 1400, dense: 1040)
    static let moreBlanks = Weight(plain: 30, dense: 30)
    static let tab = Weight(plain: 900, dense: 900)
    static let wide = Weight(plain: 900, dense: 1056)
    static let control = Weight(plain: 1500, dense: 1600)
  }

  /// One line as it is read.
  private struct Line {
    private var plain = 0
    private var dense = 0
    private var previous: UInt8 = 0
    private var digits = 0
    /// The word so far: letters, and how unlikely they are, in quarters of a bit.
    private var letters = 0
    private var bits = 0

    mutating func add(_ byte: UInt8, _ next: UInt8) {
      switch byte {
      case 65...90, 97...122: letter(byte, next)
      case 48...57:
        digits = (48...57).contains(previous) ? digits + 1 : 0
        put(digits.isMultiple(of: 3) ? Weight.digit : .moreDigits)
      case 128...: put(.wide)
      case 32:
        if previous == 32 || previous == 10 {
          put(previous == 32 ? Weight.moreBlanks : .firstBlank)
        } else if next == 32 {
          put(.firstBlank)
        } else if (48...57).contains(next) {
          put(.blankBeforeDigit)
        }
      case 10, 13:
        put(
          previous == 10 || previous == 13 ? Weight.moreLineEnds : Line.isSign(previous) ? .lineEndAfterSign : .lineEnd)
      case 9: put(.tab)
      case ..<32, 127: put(.control)
      case previous: put(.sameSign)
      default:
        if Line.isSign(previous) {
          put(.signAfterSign)
        } else {
          put(Line.isLetter(next) ? Weight.signBeforeLetter : .sign)
        }
      }
      previous = byte
    }

    private mutating func letter(_ byte: UInt8, _ next: UInt8) {
      let isCapital = byte < 97
      // `camelCase` is two words.
      if Line.isLetter(previous), !(isCapital && previous >= 97) {
        bits += TokenCost.bits(of: byte, after: previous)
        letters += 1
      } else {
        bits = TokenCost.bits(of: byte, after: 0)
        letters = 1
      }
      guard !Line.isLetter(next) || (next < 97 && !isCapital) else { return }
      put(.word)
      if letters > 6 { put(.longWord, letters - 6) }
      // Four bits a letter are what words have.
      put(.unlikely, max(0, bits - 16 * letters - 4))
    }

    private mutating func put(_ weight: Weight, _ times: Int = 1) {
      plain += weight.plain * times
      dense += weight.dense * times
    }

    /// What the line costs. One that is dense in tokens is no code and no prose, and costs the most that it may.
    func cost(bytes: Int, scale: Double) -> Double {
      let most = min(Double(dense) / 1000, Double(bytes) + 1)
      let usual = min(Double(plain) / 1000, most)
      let density = min(1, max(0, (most / Double(bytes) - 0.38) / 0.12))
      return usual * (1 - density) * scale + most * density * max(1, scale)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) && byte < 128 }

    private static func isSign(_ byte: UInt8) -> Bool {
      (33...126).contains(byte) && !isLetter(byte) && !(48...57).contains(byte)
    }
  }

  /// How unlikely a letter is after another, or at the beginning of a word for 0: quarters of a bit.
  private static func bits(of letter: UInt8, after previous: UInt8) -> Int {
    let row = previous == 0 ? 0 : Int(previous | 0x20) - 96
    return Int(likelihoods[row * 26 + Int(letter | 0x20) - 97])
  }

  /// The table: a row for the beginning of a word and one for each letter before, a column for each letter, each a
  /// character that is so many quarters of a bit above `#`. Counted in the words of Python's standard library.
  private static let likelihoods: [UInt8] = #"""
    272454;;1E@57456E5029<86DF
    L834DB9O6Q>.20W5W/2-<<>A=Q
    0A8>-CHK41O.AE1<U57B/RUU1E
    /H<D/CM17]32@G+BI6;/7FKT<V
    2@B6(@FQ.JM8JC2GP66>4JMI>Q
    5A33;5?JCUB/80B8?-10H=?4=Q
    1E=;33GN+[V4DB,?N1:63RDR@a
    8FAF*I931RU4>19Fa2.:3BHWPE
    ,RJG'MSK0aFDCD0Pa8A5<WU^CT
    ;;5::27[GXF25*2;Q8//N<[>a;
    7ZCI&LZT;ZBKOQ-:ZD7N0ZQZGZ
    4ID='A<B0ML5I6>=G=1A;O3aFM
    0BE8+.JQ/WM1JC2@^G475KHY8N
    +7J>)@TQ4\H?7G0/aF7>8RJ[FN
    1I2//:0J7S=>G</>LJ3.9<PW@T
    ?861C6>R>W<74,:5a-524=9?RK
    -LB?-EM?1aF2JH04O/<07JE]7a
    CGFBLLQTIOZ;M?A>C<;I$QOTZZ
    0E:;*A7M1X>A820Da4439@ER7a
    9O9F)F?81T?=8D56FB1-5KCO:X
    0I>@-AR,/YR?CH2?V1743MBK8J
    :7:>09<X8aM030>3^-1/GU\GZS
    )JAS'FNJ1aVNAD;IYHDICMHPUU
    .GF;1ES/)WY;P42HK07IPNBJ[Y
    38+917LD2aW<BLB1aD=*HKR9>G
    B><A5ABK5aX:747*X3.,CB8MDH
    4MGK&BR=.[[;;A/N[FEFK[K[BG
    """#.utf8.filter { $0 > 32 }.map { $0 - 35 }
}
