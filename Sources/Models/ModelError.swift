import Content
import Foundation

/// Why no reply came. Never the fault of the model's weights.
package enum ModelError: Error, Hashable, Sendable {
  case unknownKind(String)
  /// The kind says not enough: a file or a model's name has to follow the colon.
  case needsName(ModelName.Kind)
  /// A URL or a key was given for a model that no server answers for.
  case notAServer(ModelName)
  /// A model's name with a blank or a control character in it.
  case badName(String)
  /// A server's URL that cannot be asked; without user and password.
  case badURL(url: String, reason: String)
  /// The practice set has no replies for this instance.
  case noPracticeReply(instance: String)
  /// The row has no gold patch.
  case noGoldPatch(instance: String)
  /// The scripted replies for this instance are used up.
  case scriptEnded(instance: String, given: Int)
  /// Nothing was recorded for what was asked, and asking a model is not allowed. `uses` counts how often the same was
  /// recorded and has been replayed already; `nearest` is the recorded request that is most like it, in words.
  case notRecorded(request: Hash, instance: String, uses: Int, nearest: String?)
  /// A grammar was set for a protocol that has none.
  case noGrammar(ModelName.Kind)
  /// A schema was set for a protocol that has none.
  case noSchema(ModelName.Kind)
  /// The schema is no JSON object.
  case badSchema
  /// An environment variable that a key or a header field comes from is not set.
  case noVariable(String)
  /// A header field holds a variable's value, and the host is none that a person typed.
  case headerNotSent(name: String, host: String)
}

extension ModelError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .unknownKind(let kind): "no kind of model `\(kind)`"
    case .needsName(let kind): "the model `\(kind.rawValue)` needs a \(kind.isServer ? "name" : "file")"
    case .notAServer(let name): "no server answers for the model `\(name)`, so it has no URL and no key"
    case .badName(let name): "`\(name)` is not the name of a model: it has a blank or a control character"
    case .badURL(let url, let reason): "`\(url)` is not a server's URL: \(reason)"
    case .noPracticeReply(let instance): "no hand-written practice reply for \(instance)"
    case .noGoldPatch(let instance): "the row \(instance) has no gold patch"
    case .scriptEnded(let instance, let given):
      given == 0 ? "no scripted reply for \(instance)" : "the \(given) scripted replies for \(instance) are used up"
    case .notRecorded(_, let instance, let uses, let nearest):
      uses == 0
        ? "no reply was recorded for this prompt of \(instance)" + (nearest.map { "; \($0)" } ?? "")
        : "this prompt of \(instance) was recorded \(uses) times and is asked once more"
    case .noGrammar(let kind): "the protocol of `\(kind.rawValue)` has no grammars"
    case .noSchema(let kind): "the protocol of `\(kind.rawValue)` has no JSON schemas"
    case .badSchema: "model.schema is no JSON object"
    case .noVariable(let name): "the environment variable \(name) is not set"
    case .headerNotSent(let name, let host):
      "the header field `\(name)` holds a secret, and `\(host)` was not named as a host that may have it"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .unknownKind(let kind):
      {
        let near = Nearest.names(to: kind, in: ModelName.Kind.allCases.map(\.rawValue) + ModelName.aliases.map(\.name))
        return (near.isEmpty ? "" : "nearest: \(near.joined(separator: ", ")); ")
          + "a model of Ollama is `ollama:NAME`; `model list` shows what there is"
      }()
    case .needsName(let kind): "`model use \(kind.rawValue):\(kind.isServer ? "NAME --url URL" : "FILE")`"
    case .notAServer: "`--url` and `--key-host` belong to `ollama:NAME`, `openai:NAME` and `anthropic:NAME`"
    case .badName: "`model check` lists the names that the server has"
    case .badURL: "give one such as http://127.0.0.1:11434"
    case .noPracticeReply:
      "practice replies exist for practice rows only: `model use \(ModelName.standard)` asks a server, `model use gold` "
        + "answers with the row's own patch"
    case .noGoldPatch: "choose another model: `model list`"
    case .scriptEnded: "add a reply to the file, or `repeat` to its last section's header"
    case .noGrammar(.ollama): "`set model.schema` takes a JSON schema, or `set model.grammar default`"
    case .noGrammar: "`set model.grammar default`; llama.cpp's server has grammars, as `openai:NAME`"
    case .noSchema: "`set model.schema default`; Ollama and OpenAI-compatible servers have them"
    case .badSchema: "`set model.schema '{\"type\": \"object\", ...}'`, or `default`"
    case .noVariable:
      "set it and start ramp again; `set model.key.env default` and `set model.header default` do without"
    case .headerNotSent(_, let host): "`model use KIND:NAME --url URL --key-host \(host)`"
    case .notRecorded: "to ask the model again: `--record new_episodes`"
    }
  }
}
