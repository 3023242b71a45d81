import Content
import Foundation
import Grading
import Models

/// When another model is asked than the one in use: `after 3: anthropic:MODEL`, `after 2 apply_failed: ...`,
/// `share 50: ...`, several between `|` or `;`. The first rule that holds decides.
package struct Escalation: Hashable, Sendable, CustomStringConvertible {
  package struct Rule: Hashable, Sendable, CustomStringConvertible {
    package enum Condition: Hashable, Sendable {
      /// So many attempts have failed, or so many with one of these codes.
      case after(Int, [FailureCode])
      /// This share of the instances, in percent, from the first attempt on; which ones their ids decide.
      case share(Int)
    }

    package let condition: Condition
    package let model: ModelName
    /// Where its server is; nil is the kind's own place.
    package let url: String?
    /// US dollars for a million tokens read and written; nil where they are not known.
    package let price: Price?

    package var description: String {
      let when =
        switch condition {
        case .after(let count, let codes): "after \(count)" + codes.map { " \($0.rawValue)" }.joined()
        case .share(let percent): "share \(percent)"
        }
      return "\(when): \(model)" + (url.map { " at \($0)" } ?? "") + (price.map { " price \($0)" } ?? "")
    }
  }

  package struct Price: Hashable, Sendable, CustomStringConvertible {
    package let input, output: Double
    package var description: String { "\(input) \(output)" }
  }

  package let rules: [Rule]

  /// - Throws: `EscalationError`; `ModelError` for a model that cannot be.
  package init(parsing text: String) throws {
    rules = try text.split(omittingEmptySubsequences: false) { $0 == ";" || $0 == "|" }.map {
      try Escalation.rule($0.trimmingCharacters(in: .whitespaces))
    }
  }

  package var description: String { rules.map(\.description).joined(separator: " | ") }

  /// The same rules without what their models cost.
  package var withoutPrices: Escalation {
    Escalation(
      rules: rules.map { Rule(condition: $0.condition, model: $0.model, url: $0.url, price: nil) })
  }

  private init(rules: [Rule]) { self.rules = rules }

  private static func rule(_ text: String) throws -> Rule {
    guard let colon = text.firstIndex(of: ":") else { throw EscalationError.noRule(text) }
    let condition = try condition(text[..<colon].split(separator: " ").map(String.init), in: text)
    var words = text[text.index(after: colon)...].split(separator: " ").map(String.init)
    // `anthropic MODEL` means `anthropic:MODEL`.
    if words.count > 1, ModelName.Kind(rawValue: words[0]) != nil, words[1] != "at", words[1] != "price" {
      words.replaceSubrange(0...1, with: ["\(words[0]):\(words[1])"])
    }
    guard let name = words.first else { throw EscalationError.noRule(text) }
    var (url, price) = (ModelName.aliasURL(name), Price?.none)
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      if word == "at", let place = rest.popFirst(), !ServerURL.namesUser(place) {
        url = try ServerURL(parsing: place, defaultPort: 80).description
      } else if word == "price", let input = rest.popFirst().flatMap(Double.init), input.isFinite, input >= 0,
        let output = rest.popFirst().flatMap(Double.init), output.isFinite, output >= 0
      {
        price = Price(input: input, output: output)
      } else {
        throw EscalationError.noRule(text)
      }
    }
    let model = try ModelName(parsing: name)
    guard ![.practice, .gold].contains(model.kind) else { throw EscalationError.noModel(name) }
    return Rule(condition: condition, model: model, url: url, price: price)
  }

  private static func condition(_ words: [String], in text: String) throws -> Rule.Condition {
    guard words.count > 1, let number = Int(words[1]) else { throw EscalationError.noRule(text) }
    switch words[0] {
    case "after" where (1...100).contains(number):
      return .after(
        number,
        try words.dropFirst(2).map { word in
          guard let code = FailureCode(rawValue: word) else { throw EscalationError.noCode(word) }
          return code
        })
    case "share" where (0...100).contains(number) && words.count == 2: return .share(number)
    default: throw EscalationError.noRule(text)
    }
  }

  /// The rule that holds for the next attempt of an instance behind the attempts of `memory`; nil for none.
  package func rule(for instanceID: String, behind memory: Memory) -> Rule? {
    rules.first { rule in
      switch rule.condition {
      case .after(let count, let codes):
        memory.entries.count { entry in
          entry.verdict.failure.map { codes.isEmpty ? !$0.isEnvironment : codes.contains($0) }
            ?? (codes.isEmpty && entry.verdict.word == .suspect)
        } >= count
      case .share(let percent): Escalation.place(of: instanceID) < percent
      }
    }
  }

  /// A number from 0 to 99 that is the same for an id on every machine.
  static func place(of instanceID: String) -> Int {
    Int(Hash(of: "share \(instanceID)").hex.prefix(8), radix: 16).map { $0 % 100 } ?? 0
  }
}

/// Why a text says nothing of when another model is asked.
package enum EscalationError: Error, Hashable, Sendable {
  case noRule(String)
  case noCode(String)
  /// What is no model's: practice and gold replies.
  case noModel(String)
  /// The model in use already.
  case sameModel(String)
}

extension EscalationError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .noRule(let text): "`\(text)` does not say when which model is asked"
    case .noCode(let word): "no failure code `\(word)`"
    case .noModel(let name): "the replies of `\(name)` are no model's"
    case .sameModel(let name): "\(name) is the model in use, so that asking it instead changes nothing"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .noRule, .noModel, .sameModel:
      "write `after N [CODE ...]: KIND:MODEL [at URL] [price INPUT OUTPUT]` or `share PERCENT: KIND:MODEL`, e.g. "
        + "`set escalate \"after 3: anthropic:MODEL\"`; `set escalate off` asks no other"
    case .noCode: "the codes are \(FailureCode.allCases.map(\.rawValue).joined(separator: ", "))"
    }
  }
}
