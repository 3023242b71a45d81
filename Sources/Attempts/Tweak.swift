import Content
import Context
import Prompts

/// One artifact replaced by hand.
package struct Tweak: Hashable, Sendable {
  package let stage: Stage
  /// The new artifact as text: what `show STAGE --raw` prints of it.
  package let text: String

  package init(stage: Stage, text: String) {
    self.stage = stage
    self.text = text
  }

  /// Finds what can be found wrong with the text before anything is made of it: a prompt must be one.
  ///
  /// - Throws: `PromptError`.
  package func check() throws {
    if stage == .prompt { _ = try Prompt(rendered: text, origin: .template("tweak"), template: "tweak") }
  }
}

extension TemplateText {
  /// Reads the template, and renders it with made-up values as for a first and a second attempt, so that a name that
  /// stands for nothing is found before anything is run.
  ///
  /// - Throws: `AttemptError.template`, `PromptError`.
  package func check() throws {
    do {
      let template = try Template.parse(name: name, source: source, includes: includes ?? BuiltinTemplates.sources)
      for attempt in 1...2 {
        do {
          _ = try PromptBuilder.build(template: template, values: made(up: attempt), ratio: 1)
        } catch PromptError.empty where BuiltinTemplates.named(name)?.isPart == true {
          // What others include may have nothing to say.
        }
      }
    } catch let error as TemplateError {
      throw AttemptError.template(name, error)
    }
  }

  /// Values for a first attempt or a second.
  private func made(up attempt: Int) -> [String: Value] {
    let origin = Origin.template(name)
    let file: [String: Value] = [
      "path": .text("a.py", origin), "first": .number(1), "last": .number(1), "text": .text("1 | a\n", origin),
    ]
    let feedback: Value = attempt == 1 ? .none : .text("It did not resolve the issue.", origin)
    return [
      "instance": .object(["id": .text("a__b-1", origin), "repo": .text("a/b", origin)]),
      "issue": .text("It is broken.", origin), "files": .list([.object(file)]),
      "format": .text("search", origin), "attempt": .number(attempt), "feedback": feedback,
      "reproduce": .flag(attempt > 1), "reproduction": attempt == 1 ? .none : .text("assert False\n", origin),
      "stacked": attempt == 1 ? .none : .number(1),
      "skills": .list([.object(["name": .text("a", origin), "text": .text("Look twice.", origin)])]),
      "skill_position": .text(attempt == 1 ? "head" : "tail", origin),
    ]
  }
}
