/// The program that runs an instance's tests, and so the shape of its log.
package enum TestRunner: String, Codable, CaseIterable, Sendable {
  /// `python3 -m unittest -v`.
  case unittest
  /// `pytest -rA`, or what a repository has in its place.
  case pytest
  /// Django's `tests/runtests.py --verbosity 2`.
  case django
}
