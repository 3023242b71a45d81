import Content
import Foundation
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

  /// Refuses parameters that the program was given (`-p`) and that no line asks for; the lines of scripts that are
  /// sourced count too.
  ///
  /// - Throws: `ParameterError`.
  package func checkParameters(in lines: [CommandText], name: String) throws {
    guard !fixedParameters.isEmpty else { return }
    // What a script asks for that cannot be read now is not known.
    guard let all = sourced(lines, from: folder, depth: 0) else { return }
    let words = all.map { $0.text.split(separator: " ").map(String.init) }
    let named = words.filter { $0.first == "param" && $0.count > 1 }.map { $0[1] }
    let unknown = fixedParameters.subtracting(named).sorted().filter { name in
      var others = parameters.merging(named.map { ($0, "") }) { old, _ in old }
      others[name] = nil
      return !all.contains { line in
        do throws(ScriptError) {
          _ = try line.line(parameters: others)
          return false
        } catch {
          if case .unknownParameter = error { return true }
          return false
        }
      }
    }
    guard let first = unknown.first else { return }
    let asked = Set(named).sorted()
    throw ParameterError(script: name, name: first, nearest: Nearest.names(to: first, in: asked), asked: asked)
  }

  /// `lines` with those of the scripts that they source, wherever those lie; nil where one cannot be read.
  private func sourced(_ lines: [CommandText], from folder: String?, depth: Int) -> [CommandText]? {
    var all = lines
    for command in lines where command.firstWord == "source" {
      guard depth < 16, let words = try? command.line(parameters: parameters).words, words.count == 2 else {
        return nil
      }
      let files = SessionFiles(host: host, permissions: permissions, folder: folder)
      let path = files.path(words[1].text)
      guard let bytes = try? host.readFile(path), let script = try? ScriptFile.parse(bytes, name: path),
        let inner = sourced(script.lines, from: PathText.folder(of: path), depth: depth + 1)
      else { return nil }
      all += inner
    }
    return all
  }

  /// Gives parameters that the script's own `param` lines do not change.
  package func fix(_ given: [String: String]) {
    parameters.merge(given) { $1 }
    fixedParameters.formUnion(given.keys)
  }
}

/// A parameter that the program was given and that the script does not ask for: somebody mistyped a name, and the script
/// would run with another value than the person thinks.
package struct ParameterError: Error, Hashable, Sendable {
  package let script: String
  package let name: String
  package let nearest: [String]
  /// Those that it asks for by `param`.
  package let asked: [String]
}

extension ParameterError: LocalizedError {
  package var errorDescription: String? {
    "\(script): no line asks for the parameter `\(name)`"
      + (nearest.isEmpty ? "" : "; nearest: \(nearest.joined(separator: ", "))")
  }

  package var recoverySuggestion: String? {
    asked.isEmpty ? "leave out `-p \(name)=...`" : "it takes \(asked.joined(separator: ", "))"
  }
}
