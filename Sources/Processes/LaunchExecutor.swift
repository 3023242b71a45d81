import Dispatch

/// Where the steps between a program's start and the loop that stands by it run: never behind other work of the
/// cooperative pool, for nobody reads the program's output or sees its time run out before the loop is there.
final class LaunchExecutor: TaskExecutor {
  static let shared = LaunchExecutor()

  private let queue = DispatchQueue(label: "ramp.launch", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
