import Content
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

  /// What there is to say of parameters that the program was given and that none of `lines` asks for, one sentence each.
  package func unusedParameters(in lines: [CommandText]) -> [String] {
    let words = lines.map { $0.text.split(separator: " ").map(String.init) }
    // What another script asks for is not known here.
    if words.contains(where: { $0.first == "source" }) { return [] }
    let named = words.filter { $0.first == "param" && $0.count > 1 }.map { $0[1] }
    return fixedParameters.subtracting(named).sorted().compactMap { name in
      var others = parameters.merging(named.map { ($0, "") }) { old, _ in old }
      others[name] = nil
      let isAsked = lines.contains { line in
        do throws(ScriptError) {
          _ = try line.line(parameters: others)
          return false
        } catch {
          if case .unknownParameter = error { return true }
          return false
        }
      }
      guard !isAsked else { return nil }
      let near = Nearest.names(to: name, in: Set(named).sorted())
      return "no line asks for the parameter `\(name)`"
        + (near.isEmpty ? "" : "; nearest: \(near.joined(separator: ", "))")
    }
  }

  /// Gives parameters that the script's own `param` lines do not change.
  package func fix(_ given: [String: String]) {
    parameters.merge(given) { $1 }
    fixedParameters.formUnion(given.keys)
  }
}
