import Content
import Foundation
import Transfer

extension ServerError: LocalizedError {
  package var errorDescription: String? {
    let at = place.address
    switch fault {
    case .transfer(.connectionRefused): return "no model server answers at \(at): nothing listens there"
    case .transfer(let error): return "no model server answers at \(at): \(ServerError.reason(error))"
    case .notModelServer(let what, let kind):
      let other = kind.map { ", but speaks the protocol of `\($0.rawValue)`" } ?? ""
      return "\(at) is no \(place.name.kind.serverTitle): \(what)\(other)"
    case .noModel(let served):
      let name = place.name.argument
      let near = Nearest.names(to: name, in: served)
      if served.isEmpty { return "the server at \(at) has no model `\(name)`, nor any other" }
      return "the server at \(at) has no model `\(name)`; "
        + (near.isEmpty ? "it has: \(ServerError.list(served))" : "nearest: \(near.joined(separator: ", "))")
    case .contextExceeded(let prompt?, let window?, _):
      return "the prompt takes \(prompt) tokens by the server's count, and its window has \(window)"
    case .contextExceeded(_, _, let said): return "the prompt does not fit the server's window: \(said)"
    case .unauthorized(_, _, let said): return "the server at \(at) wants a key" + ServerError.behind(said)
    case .busy(let status, let said): return "the server at \(at) is not ready (\(status))" + ServerError.behind(said)
    case .redirected(let target): return "\(at) sends the request on to \(target), and redirects are not followed"
    case .refused(let status, let said):
      return "the server at \(at) answers \(status)" + ServerError.behind(said)
    case .said(let text): return "the server at \(at) gave up before the first word" + ServerError.behind(text)
    case .endedSilently: return "the server at \(at) ended its answer before the first word"
    }
  }

  package var recoverySuggestion: String? {
    let name = place.name.description
    let other = "another server: `model use \(name) --url URL`"
    switch fault {
    case .transfer(.timedOut(.firstByte, _)), .transfer(.timedOut(.idle, _)):
      return "look at what the server is doing (a model that is too large for the machine?), then ask again"
    case .transfer(.certificate), .transfer(.tls), .transfer(.notHTTP), .transfer(.badCAFile):
      return "check the port, and http:// against https://; `model check` asks there again; \(other)"
    case .transfer(.noCurl): return "install it: apt install libcurl4"
    case .transfer(.cutOff): return "look at the server's log, then ask again"
    case .transfer:
      let start = place.name.kind == .ollama ? "start it: `ollama serve`; " : "start the server; "
      return start + other + "; without one: `ramp SESSION.ramp` replays a recorded session, `model use practice` "
        + "answers for practice rows"
    case .notModelServer(_, let kind?):
      return "`model use \(kind.rawValue):\(place.name.argument) --url \(place.url)`"
    case .notModelServer: return "check host, port and path; `model check` asks there again; \(other)"
    case .noModel(let served):
      let near = Nearest.names(to: place.name.argument, in: served).first ?? served.first
      let switchTo = near.map { "`model use \(place.name.kind.rawValue):\($0)`" }
      let pull = place.name.kind == .ollama ? "`ollama pull \(place.name.argument)`" : nil
      let ways = [pull, switchTo].compactMap(\.self).joined(separator: ", or ")
      return (ways.isEmpty ? "" : ways + "; ") + "`model check` lists what there is"
    case .contextExceeded: return "`set context.budget` to less, or `set model.num_ctx` to the server's window"
    case .unauthorized(let isThere, let isSent, _):
      let vendor = place.name.kind.vendor
      let variable = place.keyVariable ?? vendor.variable
      if isSent { return "check the key in \(variable)" }
      if isThere {
        let rule = place.keyVariable == nil ? "goes to \(vendor.host) alone" : "goes only to hosts that you name"
        return "the key in \(variable) \(rule); to send it here: "
          + "`model use \(name) --url \(place.url) --key-host \(place.url.host)`"
      }
      guard place.name.kind != .ollama else {
        return
          "no key is sent by Ollama's protocol; `model use openai:\(place.name.argument) --url \(place.url)` can send one"
      }
      return "put the key into the environment variable \(vendor.variable) and start ramp again"
    case .busy: return "wait a little, then ask again; `model check` shows whether it is there"
    case .redirected: return "name the place itself: `model use \(name) --url URL`"
    case .refused(let status, _) where status < 500:
      return "`settings` shows what was asked for; `model check` asks the server"
    case .refused, .said, .endedSilently: return "look at the server's log, then ask again"
    }
  }

  private static func behind(_ said: String) -> String { said.isEmpty ? "" : ": \(said)" }

  private static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }

  /// What went wrong, where the address has been named already.
  private static func reason(_ error: TransferError) -> String {
    switch error {
    case .couldNotResolve: "no such host"
    case .connectionRefused: "nothing listens there"
    case .unreachable(_, _, let reason): reason
    case .certificate(_, let reason): "its certificate is not trusted: \(reason)"
    case .tls(_, _, let reason): "no TLS: \(reason)"
    case .notHTTP: "what is there is no HTTP server"
    default: error.errorDescription ?? "the exchange did not come to its end"
    }
  }
}
