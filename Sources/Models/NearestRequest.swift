/// The recorded request that is most like one that was not recorded, and where the two first differ.
struct NearestRequest: Hashable {
  let name: String
  /// The first difference, in words.
  let difference: String

  var description: String { "the nearest, \(name), differs in \(difference)" }

  /// Nil where no request was kept beside its reply.
  init?(to request: ModelRequest, of model: String, among recordings: [Recording]) {
    let asked = NearestRequest.lines(request.messages)
    var best: (recording: Recording, asked: Recording.Asked, same: Int)?
    for recording in recordings {
      guard let known = recording.asked else { continue }
      let lines = NearestRequest.lines(known.messages)
      // The more of the beginning is the same, the nearer it is; of two the same, the one of the same model.
      let isSameModel = recording.model == model ? 1 : 0
      let same = 2 * (zip(asked, lines).prefix { $0 == $1 }.count + (lines == asked ? 1 : 0)) + isSameModel
      if same > best?.same ?? -1 { best = (recording, known, same) }
    }
    guard let best else { return nil }
    name = best.asked.name
    let lines = NearestRequest.lines(best.asked.messages)
    if lines != asked {
      let line = zip(asked, lines).prefix { $0 == $1 }.count
      func text(_ lines: [String]) -> String {
        line < lines.count ? "`\(ServerText.line(lines[line], limit: 100))`" : "(its end)"
      }
      difference = "line \(line + 1) of the prompt: recorded \(text(lines)), now \(text(asked))"
    } else if best.recording.model != model {
      difference = "the model: recorded \(best.recording.model), now \(model)"
    } else {
      let (old, new) = (NearestRequest.options(best.asked.sampling), NearestRequest.options(request.sampling))
      let changed = Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map {
        "model.\($0) (recorded \(old[$0] ?? "not set"), now \(new[$0] ?? "not set"))"
      }
      difference = changed.isEmpty ? "nothing that was kept" : "the sampling: " + changed.joined(separator: ", ")
    }
  }

  /// The lines of all messages, a message's role on a line of its own before its text.
  private static func lines(_ messages: [ModelMessage]) -> [String] {
    messages.flatMap { message in
      ["[\(message.role)]"] + message.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static func options(_ sampling: Sampling) -> [String: String] {
    let pairs = sampling.line.split(separator: ",").map { part in
      part.split(separator: " ", maxSplits: 1).map(String.init)
    }
    return Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
  }
}
