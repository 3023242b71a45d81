/// The version of SWE-bench's harness whose rules a row is judged by. They read some logs differently, and count skipped
/// tests and ids that were cut differently (`Tally`).
package enum Harness: String, Codable, Hashable, Sendable, CaseIterable {
  /// 4.1.0: the reader of a log follows from the repository.
  case v4 = "4.1"
  /// 5.0: the row names the reader of its log in `log_parser`.
  case v5 = "5.0"
}
