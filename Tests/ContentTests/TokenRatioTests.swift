import Foundation
import Testing

@testable import Content

/// A text, and the most tokens that the vocabularies of OpenAI (cl100k), Llama 3 and Qwen take for it, counted by their own
/// tables.
private let counted: [(name: String, text: String, tokens: Int)] = [
  (
    "code",
    """
    def first_given(*values: t.Any, default: t.Any = None) -> t.Any:
        \"""The first of the values that is not None.\"""
        for value in values:
            if value is not None:
                return value
        return default

    """, 53
  ),
  (
    "numbered lines",
    """
      12 |     def non_form_errors(self):
      13 |         if self._non_form_errors is None:
      14 |             self.full_clean()
      15 |         return self._non_form_errors

    """, 50
  ),
  (
    "prose",
    "The command raises an error once one blueprint is on a subdomain. I would expect the table with an empty cell for "
      + "routes that are on no particular domain.", 32
  ),
  ("Chinese", "修复函数返回错误结果的问题，当参数列表为空时应该返回空字典而不是引发异常。", 28),
  (
    "Base64",
    "QWxhZGRpbjpvcGVuIHNlc2FtZQ7fKx9mZ2Vuc3RlciBhbmQgdGhlIGxpdHRsZSBtYW4gd2l0aCB0aGUgYmlnIGhhdA+/aGVsbG8gd29ybGQ=", 80
  ),
  ("hexadecimal digits", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 59),
  ("numbers", "3.14159, 2.71828, 1.41421, 1.73205, 2.23606, 0.57721, 1.61803", 61),
  ("signs", "(){}[]<>!@#$%^&*-+=|\\~`;:'\",./?", 18),
  ("emoji", "🧪🔧🐛🚀🪲🛠️🧯🪛", 25),
  ("blanks", "\n\n\n" + String(repeating: " ", count: 40) + "x\n" + "\t\t\ty\n", 7),
  ("random letters", "qzxv wkjq zzpt xqvw bkdj fqhz pjxk vwqz mxrt", 23),
]

@Suite struct `the estimate of tokens by how a text is written` {
  @Test func `is never below what large vocabularies take`() {
    for one in counted {
      let estimate = Tokens.estimate(one.text, ratio: .auto(learnt: nil))
      #expect(estimate >= one.tokens, "\(one.name): \(estimate)")
      #expect(estimate <= one.text.utf8.count + 1, "\(one.name): \(estimate)")
    }
  }

  @Test func `of code and prose is near it, where the old one was 1.6 times too high`() {
    for one in counted.prefix(3) {
      #expect(Double(Tokens.estimate(one.text, ratio: .auto(learnt: nil))) <= 1.45 * Double(one.tokens), "\(one.name)")
      #expect(Tokens.estimate(one.text, ratio: .auto(learnt: nil)) < Tokens.estimate(one.text), "\(one.name)")
    }
  }

  @Test func `follows the ratio for code, and for dense text upwards alone`() {
    func estimate(_ name: String, _ learnt: Double?) -> Int {
      Tokens.estimate(counted.first { $0.name == name }?.text ?? "", ratio: .auto(learnt: learnt))
    }
    #expect(estimate("code", 0.65) == estimate("code", nil))
    #expect(estimate("code", 0.59) < estimate("code", 0.65))
    #expect(estimate("code", 1.3) > estimate("code", 0.65))
    #expect(estimate("Base64", 0.59) == estimate("Base64", 0.65))
    // No tokenizer makes two tokens of one byte.
    #expect(estimate("Base64", 10) == 109)
  }

  @Test func `of lines is the sum of theirs, so that parts add up to the whole`() {
    for one in counted {
      let lines = one.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { $0 + "\n" }
      guard lines.count > 1 else { continue }
      let sum = lines.reduce(0) { $0 + Tokens.estimate(String($1), ratio: .auto(learnt: nil)) }
      #expect(abs(sum - Tokens.estimate(one.text, ratio: .auto(learnt: nil))) <= lines.count, "\(one.name)")
    }
    #expect(Tokens.estimate("", ratio: .auto(learnt: nil)) == 0)
  }
}

@Suite struct `the ratio of tokens` {
  @Test func `is read as it is written`() throws {
    let texts: [(String, TokenRatio)] = [
      ("auto", .auto(learnt: nil)), ("auto:0.62", .auto(learnt: 0.62)), ("0.8", .fixed(0.8)), ("1", .fixed(1)),
    ]
    for (text, ratio) in texts {
      #expect(TokenRatio(text) == ratio)
      #expect(TokenRatio(ratio.description) == ratio)
      #expect(try JSONDecoder().decode([TokenRatio].self, from: JSONEncoder().encode([ratio])) == [ratio])
    }
    for text in [
      "", "auto:", "auto:x", "auto:0", "auto:11", "0.09", "nan", "auto:nan", "-1", "automatic", "auto:0.62 ",
    ] {
      #expect(TokenRatio(text) == nil, "\(text)")
    }
  }

  @Test func `of older versions is a number`() throws {
    #expect(try JSONDecoder().decode([TokenRatio].self, from: Data("[1, 1.3]".utf8)) == [.fixed(1), .fixed(1.3)])
    #expect("\(TokenRatio.fixed(1))" == "1.0", "keys of older journals hold it so")
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([TokenRatio].self, from: Data(#"["x"]"#.utf8)) }
  }
}
