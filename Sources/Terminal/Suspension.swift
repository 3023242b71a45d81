import Glibc

/// What Control-Z does.
enum Suspension {
  /// Stops the process; returns when the shell continues it. The thread may have come with the signal blocked, and would
  /// then run on.
  static func untilContinued() {
    var stop = sigset_t()
    var before = sigset_t()
    sigemptyset(&stop)
    sigaddset(&stop, SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &stop, &before)
    raise(SIGTSTP)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
