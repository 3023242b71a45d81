import Dispatch
import Foundation
import Synchronization

/// A thread of its own for an actor that waits for the keyboard: a blocking read must never hold one of the few threads
/// that all other tasks share.
///
/// The thread keeps the executor alive until `stop`, because an executor must outlive every job that it was given.
final class PinnedThread: SerialExecutor {
  private struct Queue {
    var jobs: [UnownedJob] = []
    var isStopped = false
  }

  private let queue = Mutex(Queue())
  private let signal = DispatchSemaphore(value: 0)

  init(name: String) {
    let thread = Thread { [self] in run() }
    thread.name = name
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.withLock { $0.jobs.append(job) }
    signal.signal()
  }

  /// Ends the thread after the jobs that are waiting. Call it when the actor is gone.
  func stop() {
    queue.withLock { $0.isStopped = true }
    signal.signal()
  }

  private func run() {
    while true {
      signal.wait()
      let (job, isStopped) = queue.withLock { queue in
        (queue.jobs.isEmpty ? nil : queue.jobs.removeFirst(), queue.isStopped)
      }
      if let job {
        job.runSynchronously(on: asUnownedSerialExecutor())
      } else if isStopped {
        return
      }
    }
  }
}
