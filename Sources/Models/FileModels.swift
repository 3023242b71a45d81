import Synchronization

/// A hand-written reply of the practice set.
package struct PracticeReply: Hashable, Sendable {
  /// The reply is given where this text stands in the prompt; nil is always.
  package let needs: String?
  package let text: String

  package init(needs: String?, text: String) {
    self.needs = needs
    self.text = text
  }
}

/// The model `practice (hand-written)`: for each practice instance the first reply whose condition the prompt meets.
/// It shows how the loop works; it is never part of a rate about a model.
package struct PracticeModel: Model {
  package let name = ModelName(.practice).title
  private let replies: @Sendable (String) -> [PracticeReply]

  /// - Parameter replies: the replies of an instance, in the order to be tried.
  package init(replies: @escaping @Sendable (String) -> [PracticeReply]) {
    self.replies = replies
  }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    let prompt = request.messages.filter { $0.role == "user" }.map(\.text).joined(separator: "\n")
    let match = replies(request.instanceID).first { $0.needs.map(prompt.contains) ?? true }
    guard let match else { return failure(.noPracticeReply(instance: request.instanceID)) }
    return stream(match.text, end: ReplyEnd(reason: .stop, model: name))
  }
}

/// The model `gold`: answers with the row's own gold patch, as a unified diff.
package struct GoldModel: Model {
  package let name = ModelName(.gold).description
  private let patch: @Sendable (String) -> String?

  /// - Parameter patch: the gold patch of an instance.
  package init(patch: @escaping @Sendable (String) -> String?) {
    self.patch = patch
  }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    guard let patch = patch(request.instanceID), !patch.isEmpty else {
      return failure(.noGoldPatch(instance: request.instanceID))
    }
    return stream(patch, end: ReplyEnd(reason: .stop, model: name))
  }
}

/// One reply of a scripted model.
package struct ScriptedReply: Hashable, Sendable {
  /// The instance it is for; nil is any.
  package let instanceID: String?
  package let text: String
  /// Given again and again once reached, instead of once.
  package let repeats: Bool
  /// How long each line takes to come, as with a slow model; zero is all at once.
  package let pace: Duration

  package init(instanceID: String?, text: String, repeats: Bool = false, pace: Duration = .zero) {
    self.instanceID = instanceID
    self.text = text
    self.repeats = repeats
    self.pace = pace
  }
}

/// The model `scripted`: its n-th answer for an instance is the n-th reply written for it.
package final class ScriptedModel: Model {
  package let name: String
  private let replies: [ScriptedReply]
  private let given = Mutex<[String: Int]>([:])

  package init(name: String, replies: [ScriptedReply]) {
    self.name = name
    self.replies = replies
  }

  package func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    let mine = replies.filter { $0.instanceID == nil || $0.instanceID == request.instanceID }
    let index = given.withLock { counts in
      let index = counts[request.instanceID, default: 0]
      // A repeated reply ends the list: everything after it is never reached.
      let stop = mine.firstIndex(where: \.repeats) ?? mine.count
      counts[request.instanceID] = min(index + 1, stop)
      return min(index, stop)
    }
    guard index < mine.count else { return failure(.scriptEnded(instance: request.instanceID, given: mine.count)) }
    return stream(mine[index].text, end: ReplyEnd(reason: .stop, model: name), pace: mine[index].pace)
  }
}
