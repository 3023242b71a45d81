import Script

extension LineParser {
  /// A line of `words`, each quoted where it needs to be.
  package static func quoted(_ words: [String]) -> String { words.map { quoted($0) }.joined(separator: " ") }
}

extension Session {
  /// Gives a parameter its value. One that the program was given (`-p`) keeps it.
  package func param(_ name: String, _ value: String) {
    if !fixedParameters.contains(name) { parameters[name] = value }
  }

  /// Gives parameters that the script's own `param` lines do not change.
  package func fix(_ given: [String: String]) {
    parameters.merge(given) { $1 }
    fixedParameters.formUnion(given.keys)
  }
}
