import Terminal

/// `help tour`: a walk through the loop on rows that are in ramp itself. A test carries its lines out.
struct Tour: Output {
  struct Step: Encodable, Sendable {
    let title: String
    /// To be typed, one after the other.
    let lines: [String]
    /// What there is to see.
    let remark: String
  }

  static let steps = [
    Step(
      title: "one attempt", lines: ["run django__django-11000"],
      remark: "One line for each stage. The verdict says what still fails, and below it stands what to try."),
    Step(
      title: "what the model saw, and said", lines: ["show prompt --parts", "show reply", "show patch"],
      remark: "Every part of a prompt has its origin and its tokens. `show prompt` is the text itself."),
    Step(
      title: "change one thing", lines: ["context add django/forms/formsets.py:258-288", "rerun"],
      remark: "Only stages whose inputs have changed are made again; `kept` names the others. This one resolves."),
    Step(
      title: "what did it", lines: ["attempts", "diff prompt 1.1 1.2"],
      remark: "1.2 is attempt 1, take 2. A rerun is never a second attempt, so it cannot flatter a rate."),
    Step(
      title: "a next attempt is told what went wrong", lines: ["run flask__flask-5063", "show feedback", "run"],
      remark:
        "The edit did not apply; attempt 2 is told where the nearest lines are. `set feedback none` tells nothing."),
    Step(
      title: "keep it", lines: ["save tour.ramp", "replay tour.ramp"],
      remark:
        "The file replays headless, here and in CI: `ramp tour.ramp`. Its exit status says whether it still holds."),
    Step(
      title: "real rows", lines: ["model list", "settings repositories", "help load"],
      remark: "`load FILE.jsonl` takes SWE-bench's rows. `model use gold` tries everything but the model."),
  ]

  func text(_ look: Look) -> String {
    var text = "Seven steps on practice rows, which need git and python3 only. Type the lines one after the other.\n"
    for (index, step) in Tour.steps.enumerated() {
      text += "\n" + look.style.apply(.heading, "\(index + 1)  \(step.title)") + "\n"
      for line in step.lines { text += "     \(line)\n" }
      text += look.style.apply(.dim, "   \(step.remark)") + "\n"
    }
    return text
  }

  func json() throws -> [String] { try Tour.steps.map { try JSONLine.of($0) } }
}
