import Foundation

/// A model as it is typed and recorded: `KIND` or `KIND:NAME`, e.g. `gold`, `ollama:llama3.1:8b`.
package struct ModelName: Hashable, Sendable, CustomStringConvertible {
  /// The kinds there are.
  package enum Kind: String, CaseIterable, Sendable {
    /// The hand-written replies of the practice set.
    case practice
    /// The row's own gold patch, to try everything but the model.
    case gold
    /// Replies read from a file or from the script's sections, in order.
    case scripted
    /// The replies of a session file, found by what was asked.
    case recorded
    /// A model of an Ollama server.
    case ollama
    /// A model of an OpenAI-compatible server.
    case openai
    /// A model of Anthropic, or of a server that speaks its protocol.
    case anthropic

    /// Whether a server answers.
    package var isServer: Bool { self == .ollama || self == .openai || self == .anthropic }

    /// What such a server is called.
    var serverTitle: String {
      switch self {
      case .ollama: "Ollama server"
      case .anthropic: "server of Anthropic's protocol"
      default: "OpenAI-compatible server"
      }
    }

    /// Who gives keys for such a server.
    var vendor: ServerKey.Vendor { self == .anthropic ? .anthropic : .openAI }

    /// One line for `model list`.
    package var summary: String {
      switch self {
      case .practice: "hand-written replies of the practice set"
      case .gold: "answers with the row's gold patch, to try everything but the model"
      case .scripted: "replies from a file (`scripted:FILE`) or the script's own sections, in order"
      case .recorded: "replies of a session file (`recorded:FILE`), found by what was asked"
      case .ollama: "a model of Ollama (`ollama:NAME`, e.g. ollama:llama3.1:8b)"
      case .openai: "a model of an OpenAI-compatible server (`openai:NAME --url URL`): llama.cpp, vLLM, LM Studio"
      case .anthropic: "a model of Anthropic (`anthropic:NAME`), or of a server of its protocol (with `--url URL`)"
      }
    }
  }

  package let kind: Kind
  /// What follows the colon; empty where there is none.
  package let argument: String

  package init(_ kind: Kind, _ argument: String = "") {
    self.kind = kind
    self.argument = argument
  }

  /// Other names of the kind `openai`, each with the place where such a server listens.
  package static let aliases = [
    (name: "llamacpp", url: "http://127.0.0.1:8080"), (name: "vllm", url: "http://127.0.0.1:8000"),
    (name: "lmstudio", url: "http://127.0.0.1:1234"),
  ]

  /// The model that is meant where only `ollama` is said.
  package static let standard = ModelName(.ollama, "llama3.1:8b")

  /// - Throws: `ModelError.unknownKind` where the part before the colon is no kind.
  package init(parsing text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let isAlias = ModelName.aliases.contains { $0.name == parts[0] }
    guard let kind = isAlias ? .openai : Kind(rawValue: parts[0]) else { throw ModelError.unknownKind(parts[0]) }
    self.init(kind, parts.count > 1 ? parts[1] : "")
    if kind == .ollama, argument.isEmpty { self = ModelName.standard }
    if kind == .recorded || kind == .openai || kind == .anthropic, argument.isEmpty { throw ModelError.needsName(kind) }
    if kind.isServer, argument.unicodeScalars.contains(where: { $0.value <= 32 || $0.value == 127 }) {
      throw ModelError.badName(ServerText.line(argument, limit: 80))
    }
  }

  /// Where the server listens that an alias stands for; nil where `text` begins with none.
  package static func aliasURL(_ text: String) -> String? {
    aliases.first { $0.name == text || text.hasPrefix("\($0.name):") }?.url
  }

  package var description: String { argument.isEmpty ? kind.rawValue : "\(kind.rawValue):\(argument)" }

  /// As people and results read it: practice replies always say that nobody's model wrote them.
  package var title: String { kind == .practice ? "practice (hand-written)" : description }
}
