import Models

/// A model whose stream is told event by event.
struct ToldModel: Model {
  let name = "told"
  let events: [ReplyEvent]
  /// True where nothing comes after the events, not even the end of the stream.
  var hangs = false

  func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    AsyncThrowingStream { continuation in
      for event in events { continuation.yield(event) }
      if !hangs { continuation.finish() }
    }
  }
}
