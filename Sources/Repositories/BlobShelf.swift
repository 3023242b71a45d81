import Synchronization

/// Contents that were read already, so that git is not asked for a file twice: a rerun reads the same files again. What
/// is kept under an object's id never changes.
final class BlobShelf: Sendable {
  private struct Name: Hashable {
    let repository: String
    let blob: String
  }

  private struct State {
    var contents: [Name: [UInt8]] = [:]
    var bytes = 0
  }

  private let state = Mutex(State())
  private let limit: Int

  /// An empty shelf that holds at most `limit` bytes. The Python files of the largest repositories take half of 48 MB.
  init(limit: Int = 48 << 20) {
    self.limit = limit
  }

  /// The contents of `blobs` in the repository at `path`, as far as they are kept.
  func contents(of blobs: some Sequence<String>, at path: String) -> [String: [UInt8]] {
    state.withLock { state in
      var found: [String: [UInt8]] = [:]
      for blob in blobs { found[blob] = state.contents[Name(repository: path, blob: blob)] }
      return found
    }
  }

  /// Keeps `contents`, by object id, of the repository at `path`; begins anew where they would be too much.
  func keep(_ contents: [String: [UInt8]], at path: String) {
    let more = contents.values.reduce(0) { $0 + $1.count }
    guard more <= limit else { return }
    state.withLock { state in
      if state.bytes + more > limit { state = State() }
      for (blob, bytes) in contents
      where state.contents.updateValue(bytes, forKey: Name(repository: path, blob: blob)) == nil {
        state.bytes += bytes.count
      }
    }
  }
}
