import Foundation

@testable import Models

/// What a server of Ollama does with a prompt that does not fit its window, in the four ways that versions of it had.
enum Cutting: String, CaseIterable, Sendable {
  /// The oldest turns go until the rest fits; the instructions and the last turn stay.
  case turns
  /// The head goes, so that half of the window is left.
  case half
  /// The head goes, so that the window is full.
  case exact
  /// Nothing goes: it is refused.
  case refuse
}

/// A server's way with windows, without the server: what it reads of messages.
struct WindowStandIn {
  let cutting: Cutting
  let window: Int

  /// The tokens of a text by a tokenizer of our own: letters by five, digits by three, blanks together, all else alone.
  static func tokens(_ text: String) -> Int {
    var count = 0
    var (kind, length) = (0, 0)
    for byte in text.utf8 {
      let now: Int
      switch byte {
      case 65...90, 97...122: now = 1
      case 48...57: now = 2
      case 32, 9: now = 3
      default: now = 0
      }
      let limit = [0, 5, 3, Int.max][now]
      if now == 0 || now != kind || length >= limit {
        count += 1
        length = 0
      }
      (kind, length) = (now, length + 1)
    }
    return count
  }

  /// All tokens of a prompt, with those that the chat template puts round each message.
  static func tokens(_ messages: [ModelMessage]) -> Int { messages.reduce(3) { $0 + 4 + tokens($1.text) } }

  /// How many tokens are read of a prompt; nil where it is refused.
  func read(_ messages: [ModelMessage]) -> Int? {
    var messages = messages
    var all = WindowStandIn.tokens(messages)
    guard all > window else { return all }
    switch cutting {
    case .refuse: return nil
    case .exact: return window
    case .half: return SentPrompt.half(of: window)
    case .turns:
      while all > window, let oldest = messages.dropLast().firstIndex(where: { $0.role != "system" }) {
        messages.remove(at: oldest)
        all = WindowStandIn.tokens(messages)
      }
      return all > window ? SentPrompt.half(of: window) : all
    }
  }
}

/// The same over HTTP, in Python. Base URLs are `/VERSION/CUTTING/WINDOW`, where a window of 0 loads what is asked for.
let windowScript =
  standInLoop + #"""
    import json, re

    def tokens(messages):
        return 3 + sum(4 + len(re.findall(r"[A-Za-z]{1,5}|[0-9]{1,3}|[ \t]+|.", m["content"], re.S)) for m in messages)

    def read(messages, window, cutting):
        half = window - max((window - 5) // 2, 1)
        if tokens(messages) <= window:
            return tokens(messages)
        if cutting == "refuse":
            return None
        if cutting in ("exact", "half"):
            return window if cutting == "exact" else half
        while tokens(messages) > window and any(m["role"] != "system" for m in messages[:-1]):
            del messages[next(i for i, m in enumerate(messages) if m["role"] != "system")]
        return tokens(messages) if tokens(messages) <= window else half

    asked = {}
    def value(version, cutting, loaded, route, body):
        if route == "api/version":
            return (200, {"version": version}) if version != "none" else (404, {})
        if route == "api/tags":
            return 200, {"models": [{"name": "m:latest", "model": "m:latest", "size": 5}]}
        if route == "api/ps":
            window = loaded or asked.get("num_ctx", 0)
            return 200, {"models": [{"name": "m:latest", "model": "m:latest", "digest": "abc", "context_length": window}]}
        if route == "api/show":
            return 200, {"template": "{{ .Prompt }}", "details": {"parameter_size": "8B", "quantization_level": "Q4_K_M"},
                         "model_info": {"general.architecture": "llama", "llama.context_length": 131072}}
        if route != "api/chat":
            return 404, {}
        options = body["options"]
        asked.update(options)
        window = min(loaded or options["num_ctx"], options["num_ctx"])
        count = read(body["messages"], window, cutting)
        if count is None:
            inner = {"error": {"code": 400, "message": "too long", "type": "exceed_context_size_error",
                               "n_prompt_tokens": tokens(body["messages"]), "n_ctx": window}}
            return 400, {"error": json.dumps(inner)}
        return 200, {"model": "m", "message": {"role": "assistant", "content": "ok"}, "done": True, "done_reason": "stop",
                     "prompt_eval_count": count, "eval_count": 1}

    def answer(connection, method, path, fields, body):
        _, version, cutting, loaded, route = path.split("/", 4)
        status, found = value(version, cutting, int(loaded), route, json.loads(body) if body else None)
        text = json.dumps(found).encode() + b"\n"
        connection.sendall(b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                           % (status, len(text), text))

    listen(answer)
    """#
