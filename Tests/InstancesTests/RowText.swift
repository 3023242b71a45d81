/// The JSON of a good row, of which a test changes one thing.
enum RowText {
  static let commit = "d16bfe05a744909de4b27f5875fe0d4ed41ce607"

  /// A row's JSON with the columns of `changes` put in place of the good ones; nil leaves a column out. Values are
  /// JSON.
  static func row(_ changes: [String: String?] = [:]) -> String {
    var columns: [String: String] = [
      "instance_id": #""django__django-1""#, "repo": #""django/django""#, "base_commit": "\"\(commit)\"",
      "problem_statement": #""It \"fails\"\r\nhere""#, "patch": #""""#, "test_patch": #""""#,
      "FAIL_TO_PASS": #"["test_a (m.C)"]"#, "PASS_TO_PASS": #""[\"test_b (m.C)\"]""#,
    ]
    for (name, value) in changes { columns[name] = value }
    return "{" + columns.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
  }

  /// A row with this id.
  static func row(id: String) -> String { row(["instance_id": "\"\(id)\""]) }
}
