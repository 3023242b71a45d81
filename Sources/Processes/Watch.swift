/// A look at a running program, taken again and again, that may end it.
package struct Watch: Sendable {
  /// How long between two looks.
  package let interval: Duration
  /// True ends the program with all its tree. Asked with the program's process id, in the thread that stands by, so it
  /// must not take long.
  package let isOver: @Sendable (Int32) -> Bool

  package init(every interval: Duration, isOver: @escaping @Sendable (Int32) -> Bool) {
    self.interval = interval
    self.isOver = isOver
  }
}
