import Content
import Synchronization

/// A kept exchange: what was asked, by hash, and what came back.
package struct Recording: Hashable, Sendable {
  /// hash(messages, model, sampling), see `ModelRequest.hash`.
  package let request: Hash
  /// The name of the model that was asked. A reply does not say who was asked, so the recording must.
  package let model: String
  package let text: String
  package let end: ReplyEnd
  /// What was asked, where it was kept beside the reply: for people, who want to know how another request differs.
  package let asked: Asked?

  /// A recorded request.
  package struct Asked: Hashable, Sendable {
    /// What the recording is called.
    package let name: String
    package let messages: [ModelMessage]
    package let sampling: Sampling

    package init(name: String, messages: [ModelMessage], sampling: Sampling) {
      self.name = name
      self.messages = messages
      self.sampling = sampling
    }
  }

  package init(request: Hash, model: String, text: String, end: ReplyEnd, asked: Asked? = nil) {
    self.request = request
    self.model = model
    self.text = text
    self.end = end
    self.asked = asked
  }
}

/// When a recording is used and when a model is asked, in vcrpy's words.
package enum RecordMode: String, CaseIterable, Codable, Sendable {
  /// Only recordings; what was not recorded is an error. The mode of every session file that holds replies.
  case none
  /// Only recordings where there are any; otherwise the model is asked and the replies are kept.
  case once
  /// Recordings first; the model is asked for what was not recorded.
  case newEpisodes = "new_episodes"
  /// The model is always asked, and the replies are kept anew.
  case all

  /// Whether a model may be asked when `recordings` are there and the one asked for is not.
  package func asks(recordings: Int) -> Bool {
    switch self {
    case .none: false
    case .once: recordings == 0
    case .newEpisodes, .all: true
    }
  }
}

/// A model that answers from recordings. The same request recorded several times is replayed in the order recorded; in
/// mode `none` one more is an error. Time, host and paths play no part.
package final class RecordedModel: Model {
  package let name: String
  private let all: [Recording]
  private let recordings: [Hash: [Recording]]
  private let mode: RecordMode
  private let live: (any Model)?
  private let uses = Mutex<[Hash: Int]>([:])

  /// `name` is that of the model the recordings are of, unless a `live` one is given, which is asked where the mode
  /// allows it.
  package init(name: String, recordings: [Recording], mode: RecordMode, live: (any Model)?) {
    self.name = live?.name ?? name
    all = recordings
    self.recordings = Dictionary(grouping: recordings, by: \.request)
    self.mode = mode
    self.live = live
  }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    let hash = request.hash(model: name)
    let known = recordings[hash] ?? []
    let use = uses.withLock { counts in
      let use = counts[hash, default: 0]
      counts[hash] = use + 1
      return use
    }
    if mode != .all, use < known.count { return stream(known[use].text, end: known[use].end) }
    if let live, mode.asks(recordings: recordings.count) { return live.reply(to: request) }
    let nearest = known.isEmpty ? NearestRequest(to: request, of: name, among: all)?.description : nil
    return failure(.notRecorded(request: hash, instance: request.instanceID, uses: known.count, nearest: nearest))
  }
}
