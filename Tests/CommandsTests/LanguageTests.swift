import ArgumentParser
import Attempts
import Models
import Sessions
import Testing

@testable import Commands

@Suite struct `a word` {
  @Test(
    arguments: [
      ("rum x", "no word `rum`; nearest: run"), ("shwo", "no word `shwo`; nearest: show"),
      ("contxt list", "no word `contxt`; nearest: context"), ("zzz", "no word `zzz`"),
      ("Run x", "no word `Run`; nearest: run, rerun"), ("''", "no word ``"),
    ])
  func `that is not there is answered with the nearest`(line: String, text: String) async throws {
    #expect(try await Sitting().fault(of: line) == text + "\n`help` lists the words")
  }

  @Test(
    arguments: [
      ("context ad x", nil), ("context lst", "no word `context lst`; nearest: list"),
      ("template shwo", "no word `template shwo`; nearest: show"),
      ("model chek", "no word `model chek`; nearest: check"),
      ("export prediction", nil), ("help context lst", "no word `context lst`; nearest: list"),
    ] as [(String, String?)])
  func `behind a word is answered with the nearest too`(line: String, text: String?) async throws {
    let fault = try await Sitting().fault(of: line)
    if let text { #expect(fault == text + "\n`help` lists the words") } else { #expect(!fault.contains("no word")) }
  }

  @Test func `is meant by its beginning where it is the only one`() throws {
    for (index, type) in WordTable.words.enumerated() {
      let others = WordTable.words.enumerated().filter { $0.offset != index }.map { $0.element.word }
      for count in 1...type.word.count {
        let beginning = String(type.word.prefix(count))
        let isExact = WordTable.words.contains { $0.configuration.aliases.contains(beginning) }
        if isExact || others.contains(beginning) { continue }
        if beginning == type.word || !others.contains(where: { $0.hasPrefix(beginning) }) {
          #expect(try WordTable.word(beginning).word == type.word)
        } else {
          #expect(throws: LanguageError.self) { try WordTable.word(beginning) }
        }
      }
    }
  }

  @Test func `that may be several is answered with them`() async throws {
    #expect(
      try await Sitting().fault(of: "re x")
        == "`re` may mean rerun, retry, resume, results, report, reparse, regrade, replay\ntype one more letter")
    #expect(
      try await Sitting().fault(of: "s")
        == "`s` may mean sample, show, set, settings, skill, save, source, sittings\ntype one more letter")
  }

  @Test func `that is whole is itself, though others begin so`() throws {
    #expect(try WordTable.word("set").word == "set")
    #expect(try WordTable.word("exit").word == "quit")
  }

  @Test func `is in the table once, and says what it does`() {
    let words = Example.types.map { $0.fullWord }
    #expect(Set(words).count == words.count)
    for type in Example.types + WordTable.words {
      #expect(!type.configuration.abstract.isEmpty && type.configuration.abstract.hasSuffix("."), "\(type.fullWord)")
    }
  }

  @Test(arguments: Example.types.map { type in type.fullWord })
  func `shows its help behind --help as help does`(word: String) async throws {
    let sitting = try await Sitting()
    let text = try await sitting.type("help \(word)")
    #expect(try await sitting.type("\(word) --help") == text)
    #expect(text.hasPrefix(word))
    #expect(text.contains("examples\n    "))
    #expect(!text.contains("--help"))
    #expect(controls(in: text).isEmpty)
    #expect(text.split(separator: "\n").dropFirst().allSatisfy { $0.count <= 150 && $0.last != " " })
  }

  @Test(arguments: ["run \(django) --help", "context add x.py --help", "show prompt --help", "context --help x"])
  func `shows its help though arguments stand before`(line: String) async throws {
    #expect(try await Sitting().type(line).contains("examples"))
  }

  @Test func `that takes text takes every option as text`() async throws {
    let sitting = try await Sitting()
    #expect(
      try await sitting.type("note --json -x --help -- y", json: true) == "{\"note\":\"--json -x --help -- y\"}\n")
    #expect(try await sitting.type("note see --json").isEmpty)
    #expect(
      await sitting.fault(of: "expect prompt contains --help").hasPrefix("no instance has been run yet"))
    #expect(await sitting.fault(of: "note").hasPrefix("`note`: missing expected argument"))
  }
}

@Suite struct `a line that cannot be done` {
  @Test(
    arguments: [
      ("run", "no instance has been run yet\n`run ID` first; `instances` lists the ids"),
      ("sample 0", "`sample`: N is a number from 1 on\n`help sample` shows how it is used"),
      ("run x --attempts 0", "`run`: --attempts is a number from 1 to 100\n`help run` shows how it is used"),
      (
        "run x --attempts many",
        "`run`: the value 'many' is invalid for '--attempts <attempts>'\n`help run` shows how it is used"
      ),
      ("run x --loud", "`run`: unknown option '--loud'\n`help run` shows how it is used"),
      ("run x y", "`run`: unexpected argument 'y'\n`help run` shows how it is used"),
      (
        "rerun reply --through prompt",
        "`rerun`: prompt comes before reply: `rerun prompt --through reply`\n`help rerun` shows how it is used"
      ),
      (
        "tweak reply --file a --section b",
        "`tweak`: --file and --section exclude each other\n`help tweak` shows how it is used"
      ),
      ("tweak reply --through prompt", "`tweak`: prompt comes before reply\n`help tweak` shows how it is used"),
      (
        "tweak edits --file x",
        "the artifact of the stage `edits` cannot be written by hand\n"
          + "stages that can be tweaked: prompt, reply, patch, feedback"
      ),
      (
        "show promt",
        """
        no stage `promt`; nearest: prompt
        stages: workspace, baseline, context, prompt, reply, edits, patch, outcomes, verdict, feedback; views: time, tokens, model
        """
      ),
      (
        "diff replys",
        """
        no stage `replys`; nearest: reply
        stages: workspace, baseline, context, prompt, reply, edits, patch, outcomes, verdict, feedback
        """
      ),
      ("set feedbak none", "no setting `feedbak`; nearest: feedback\n`settings` lists them"),
      ("settings feedbak", "no setting `feedbak`; nearest: feedback\n`settings` lists them"),
      (
        "set attempts_max 0",
        "`attempts_max` cannot be `0`: the most attempts of an instance (1 to 100)\n`settings attempts_max` shows what it is now"
      ),
      ("set format", "`set`: missing expected argument '<value>'\n`help set` shows how it is used"),
      ("template use repar", "no template `repar`; nearest: repair\n`template list` shows what there is"),
      ("template show x", "no template `x`\n`template list` shows what there is"),
      (
        "model use golf",
        "no kind of model `golf`\nnearest: gold; a model of Ollama is `ollama:NAME`; `model list` shows what there is"
      ),
      ("model use recorded", "the model `recorded` needs a file\n`model use recorded:FILE`"),
      ("export", "`export` wants another word behind it\n`help export` shows them"),
      ("export predictions p.jsonl", "no attempt of this sitting has a reply\n`run ID` first"),
      ("unload x", "no set `x` is loaded\n`load FILE` or `load practice`"),
      (
        "param 1x y",
        "`param`: a parameter's name is letters, digits and _, e.g. `param budget 5000`\n`help param` shows how it is used"
      ),
      ("save x.ramp", "nothing has been run in this sitting, so there is nothing to save\n`run ID` first"),
      (
        "info django__django-11001",
        """
        no instance django__django-11001 in practice; nearest: django__django-11000
        `instances` lists them; to load SWE-bench rows: `load FILE.jsonl`
        """
      ),
      (
        "attempts pallets__flask-5063",
        """
        no instance pallets__flask-5063 in practice; nearest: flask__flask-5063
        `instances` lists them; to load SWE-bench rows: `load FILE.jsonl`
        """
      ),
      (
        "replay --record sometimes x",
        "`replay`: the value 'sometimes' is invalid for '--record <record>'. Please provide one of 'none', 'once', 'new_episodes' or 'all'\n`help replay` shows how it is used"
      ),
    ])
  func `says why, and what to type next`(line: String, text: String) async throws {
    let sitting = try await Sitting()
    #expect(await sitting.fault(of: line) == text)
    #expect(await sitting.session.entries.isEmpty)
  }

  @Test(arguments: [
    "load gone.jsonl", "source gone.ramp", "replay gone.ramp", "check gone.ramp", "model use scripted:gone.md",
  ])
  func `for want of a file names it`(line: String) async throws {
    let sitting = try await Sitting()
    let text = await sitting.fault(of: line)
    #expect(text.contains("\(sitting.folder)/gone."))
    #expect(text.contains("\n"))
  }

  @Test func `leaves the takes that were made before, and a saved session makes them again`() async throws {
    let sitting = try await Sitting()
    let one = "-- scripted/any/1 --\nThere is nothing to change.\n"
    try sitting.write(one, to: "one.ramp")
    try await sitting.type("model use scripted:one.ramp")
    #expect(
      await sitting.fault(of: "run \(flask) --attempts 3 --through patch").hasPrefix(
        "the 1 scripted replies for \(flask) are used up"))
    #expect(await sitting.session.takes[flask]?.count == 1)
    try await sitting.type("save x.ramp")
    #expect(try sitting.read("x.ramp").contains("\nrun \(flask) --attempts 1 --through patch\n"))
  }
}

@Suite struct `what is typed` {
  @Test func `is saved with its words in full`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django) --through prompt; set budget 5000")
    try await sitting.type("contex a \(secondPlace)")
    try await sitting.type("expe prompt contains 'of a formset'")
    #expect(
      await sitting.session.entries.map(\.line) == [
        "run \(django) --through prompt", "set context.budget 5000", "context add \(secondPlace)",
        "expect prompt contains 'of a formset'",
      ])
  }
}

/// The second place of the practice row's repair, which its first prompt does not show.
let secondPlace = "django/forms/formsets.py:258-288"
