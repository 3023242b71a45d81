import Content
import Instances
import Models
import Repositories
import Workspaces

@testable import Attempts

/// A workspace whose files and test logs stand in the test, so that a law can be tried a thousand times. Its calls
/// count as git's would.
struct ToldWorkspace: Workspace {
  let commit = String(repeating: "a", count: 40)
  let files: [String: String]
  let options: WorkspaceOptions
  let calls: Counter

  func paths() async throws -> [String] { files.keys.sorted() }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    calls.add()
    return files.filter { paths.contains($0.key) }.mapValues(bytes)
  }

  /// The log of the shop's tests, by what the changes make of the cart. Time is up where there are only 2 seconds, and where it
  /// loops.
  func runTests(_ run: TestRun) async throws -> TestLog {
    calls.add()
    let cart =
      run.changes.first { $0.path == "shop/cart.py" }?.after.map { String(decoding: $0, as: UTF8.self) } ?? Shop.cart
    let outcomes = [
      ("test_empty", cart.contains("return None") ? "FAIL" : "ok"),
      ("test_total", cart.contains("in prices:") ? "ok" : "FAIL"),
    ]
    let failed = outcomes.filter { $0.1 == "FAIL" }
    var log = outcomes.map { "\($0.0) (tests.test_cart.Cart) ... \($0.1)\n" }.joined() + "\n"
    for (name, _) in failed {
      log += "\(String(repeating: "=", count: 70))\nFAIL: \(name) (tests.test_cart.Cart)\n"
      log += "\(String(repeating: "-", count: 70))\nAssertionError: not \(name)\n\n"
    }
    log +=
      "\(String(repeating: "-", count: 70))\nRan 2 tests in 0.00\(cart.count % 10)s\n\n\(failed.isEmpty ? "OK" : "FAILED (failures=1)")\n"
    let isSlow = options.timeoutSeconds == 2 || cart.contains("while")
    return TestLog(
      log: bytes(log), exit: isSlow ? nil : failed.isEmpty ? 0 : 1, timedOut: isSlow, outputCut: false, sandbox: "told",
      python: "3", started: true, ended: !isSlow)
  }
}

/// A model that chooses its reply by what it is asked, the same for the same request: for even seeds by the seed
/// alone, for odd ones by all of it.
struct ChoosingModel: Model {
  let name = "choosing"
  let replies: [(text: String, reason: ReplyEnd.Reason?)]

  func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    let digits = UInt64(request.hash(model: name).hex.prefix(8), radix: 16) ?? 0
    let choice = request.sampling.seed % 2 == 0 ? UInt64(request.sampling.seed / 2) : digits
    let chosen = replies[Int(choice % UInt64(replies.count))]
    guard let reason = chosen.reason else {
      return AsyncThrowingStream { continuation in
        continuation.yield(.text(chosen.text))
        continuation.finish()
      }
    }
    return stream(chosen.text, end: ReplyEnd(reason: reason, model: name))
  }
}
