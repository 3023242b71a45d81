import Attempts
import Models

/// The settings under `model.`: how a model is asked to answer, how its server is reached, what it costs.
enum ModelSettings {
  static let all: [Setting] =
    [
      Setting(
        "model.url", "where the model's server is, without user and password; `default` is the kind's own place",
        read: { $0.modelURL ?? "default" },
        write: { settings, text in
          try SettingTable.refuseUser(in: text, of: "model.url")
          let url = ServerURL.scrubbed(text)
          guard text != "default", !url.isEmpty else {
            settings.modelURL = nil
            return true
          }
          guard (try? ServerURL(parsing: url, defaultPort: 80)) != nil else { return false }
          settings.modelURL = url
          return true
        }),
      SettingTable.integer(
        "model.num_ctx", "the window in tokens, prompt and answer together", \.sampling.numCtx, 256...10_000_000),
      attempts(
        "model.temperature", "0 is the likeliest answer", \.sampling.temperature, \.retrySampling.temperature, 0...2),
      attempts("model.seed", "the seed of the sampling", \.sampling.seed, \.retrySampling.seed, 0...Int(Int32.max)),
      attempts(
        "model.num_predict", "the most tokens of an answer", \.sampling.numPredict, \.retrySampling.numPredict,
        1...1_000_000),
      attempts(
        "model.repeat_penalty", "1 leaves repetition alone", \.sampling.repeatPenalty, \.retrySampling.repeatPenalty,
        0...2),
      attempts(
        "model.top_p", "the likeliest tokens of this share alone", \.sampling.topP, \.retrySampling.topP, 0...1),
      attempts("model.top_k", "so many of the likeliest tokens alone", \.sampling.topK, \.retrySampling.topK, 0...1000),
      attempts(
        "model.min_p", "tokens this likely beside the likeliest alone", \.sampling.minP, \.retrySampling.minP, 0...1),
      Setting(
        "model.stop", "texts that end an answer, one a line; `default` is none of ours",
        read: { $0.sampling.stop?.joined(separator: "\n") ?? "default" },
        write: { settings, text in
          if text.isEmpty { return false }
          settings.sampling.stop = text == "default" ? nil : text.split(separator: "\n").map(String.init)
          return true
        }),
      text(
        "model.grammar", "a grammar (GBNF) that an answer must follow, for llama.cpp's server", \.sampling.grammar),
      Setting(
        "model.schema", "a JSON schema that an answer must follow, as one JSON object",
        read: { $0.sampling.schema ?? "default" },
        write: { settings, text in
          if text != "default" { _ = try AnyJSON(parsing: text) }
          settings.sampling.schema = text == "default" ? nil : text
          return true
        }),
    ] + ways

  /// Those that play no part in what is asked.
  static let route = Set(ways.map(\.name) + ["model.url"])

  private static let ways: [Setting] = [
    SettingTable.number("model.timeout.connect", "seconds for connecting", \.route.connect, 0.1...3600),
    SettingTable.number(
      "model.timeout.first_byte", "seconds for loading the model and reading the prompt", \.route.firstByte, 0.1...86400
    ),
    SettingTable.number("model.timeout.idle", "seconds between two pieces of an answer", \.route.idle, 0.1...86400),
    SettingTable.number("model.timeout.total", "seconds for one answer; 0 is no limit", \.route.total, 0...86400),
    SettingTable.integer(
      "model.retries", "how often a request is sent again that failed before its answer began", \.route.retries, 0...20),
    Setting(
      "model.proxy", "`none`, or a proxy's URL; `default` is what the environment says",
      read: { $0.route.proxy ?? "default" },
      write: { settings, text in
        try SettingTable.refuseUser(in: text, of: "model.proxy")
        guard text == "default" || text == "none" || (try? ServerURL(parsing: text, defaultPort: 1080)) != nil else {
          return false
        }
        settings.route.proxy = text == "default" ? nil : text
        return true
      }),
    Setting(
      "model.header",
      "header fields for the model's server, one a line: `Name: value`; `$NAME` in a value is an environment variable, "
        + "which is sent to hosts of `--key-host` alone; `default` is none",
      read: { $0.route.header ?? "default" },
      write: { settings, text in
        guard text != "default" else {
          settings.route.header = nil
          return true
        }
        guard let fields = ServerHeader.all(text), !fields.isEmpty else { return false }
        if fields.contains(where: \.holdsSecret) { throw SessionError.credentials(setting: "model.header") }
        settings.route.header = fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        return true
      }),
    Setting(
      "model.key.env",
      "the environment variable that holds the key, which is sent to hosts of `--key-host` alone; `default` is the vendor's",
      read: { $0.route.keyVariable ?? "default" },
      write: { settings, text in
        let isName = text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 0x20) || $0 == 95 }
        guard !text.isEmpty, isName, text.first?.isNumber == false, text.utf8.count <= 200 else { return false }
        settings.route.keyVariable = text == "default" ? nil : text
        return true
      }),
    text("model.ca", "a PEM FILE with the authorities to trust; `default` is the system's", \.route.caFile),
    text("model.socket", "the path of a Unix socket in place of host and port; `default` is none", \.route.socket),
    SettingTable.number(
      "model.price.input", "US dollars for a million tokens of prompts; 0 is not known", \.inputPrice, 0...1_000_000),
    SettingTable.number(
      "model.price.output", "US dollars for a million tokens of answers; 0 is not known", \.outputPrice, 0...1_000_000),
  ]

  /// A number for each attempt, by commas: the last is for all that follow.
  private static func attempts<Value: Comparable & Sendable & LosslessStringConvertible>(
    _ name: String, _ help: String, _ first: any WritableKeyPath<Settings, Value> & Sendable,
    _ later: any WritableKeyPath<Settings, [Value]> & Sendable, _ range: ClosedRange<Value>
  ) -> Setting {
    Setting(
      name, "\(help); by commas one for each attempt (\(shown(range.lowerBound)) to \(shown(range.upperBound)))",
      read: { settings in
        ([settings[keyPath: first]] + settings[keyPath: later]).map(shown).joined(separator: ",")
      },
      write: { settings, text in
        guard let values = values(text, range), let value = values.first else { return false }
        settings[keyPath: first] = value
        settings[keyPath: later] = Array(values.dropFirst())
        return true
      })
  }

  /// The same where `default` leaves the number to the server.
  private static func attempts<Value: Comparable & Sendable & LosslessStringConvertible>(
    _ name: String, _ help: String, _ first: any WritableKeyPath<Settings, Value?> & Sendable,
    _ later: any WritableKeyPath<Settings, [Value]> & Sendable, _ range: ClosedRange<Value>
  ) -> Setting {
    Setting(
      name,
      "\(help), by commas one for each attempt; `default` is the server's own (\(shown(range.lowerBound)) to "
        + "\(shown(range.upperBound)))",
      read: { settings in
        guard let value = settings[keyPath: first] else { return "default" }
        return ([value] + settings[keyPath: later]).map(shown).joined(separator: ",")
      },
      write: { settings, text in
        guard text != "default" else {
          settings[keyPath: first] = nil
          settings[keyPath: later] = []
          return true
        }
        guard let values = values(text, range), let value = values.first else { return false }
        settings[keyPath: first] = value
        settings[keyPath: later] = Array(values.dropFirst())
        return true
      })
  }

  /// The numbers of `text`; nil where one is none, or out of `range`.
  private static func values<Value: Comparable & LosslessStringConvertible>(
    _ text: String, _ range: ClosedRange<Value>
  ) -> [Value]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Value(String($0)) }.filter(range.contains)
    return values.count == parts.count && values.count <= 100 ? values : nil
  }

  private static func shown<Value: LosslessStringConvertible>(_ value: Value) -> String {
    if let number = value as? Double { return SettingTable.short(number) }
    return String(value)
  }

  private static func text(
    _ name: String, _ help: String, _ path: any WritableKeyPath<Settings, String?> & Sendable
  ) -> Setting {
    Setting(
      name, help, read: { $0[keyPath: path] ?? "default" },
      write: { settings, text in
        if text.isEmpty { return false }
        settings[keyPath: path] = text == "default" ? nil : text
        return true
      })
  }
}
