import Attempts
import Context
import Foundation
import Models
import Sessions
import Testing
import Workspaces

@Suite struct `a setting` {
  @Test(arguments: SettingTable.all.map(\.name))
  func `reads back its default when that is written`(name: String) throws {
    let setting = try SettingTable.setting(name)
    var settings = Settings()
    try setting.set(setting.value(in: Settings()), in: &settings)
    #expect(settings == Settings())
    #expect(SettingTable.differences(settings, from: Settings()).isEmpty)
  }

  @Test(arguments: SettingTable.all.filter { !$0.choices.isEmpty }.map(\.name))
  func `takes each of its choices and no other word`(name: String) throws {
    let setting = try SettingTable.setting(name)
    for choice in setting.choices {
      var settings = Settings()
      try setting.set(choice, in: &settings)
      #expect(setting.value(in: settings) == choice)
    }
    for word in ["", "nonsense", setting.choices[0] + " ", setting.choices[0].uppercased()] {
      var settings = Settings()
      let expected = SessionError.badValue(setting: name, value: word, choices: setting.choices, help: setting.help)
      #expect(throws: expected) { try setting.set(word, in: &settings) }
      #expect(settings == Settings())
    }
  }

  /// The ranges as the help says them.
  static let ranges: [(String, lowest: String, highest: String, below: String, above: String)] = [
    ("context.budget", "0", "10000000", "-1", "10000001"), ("context.files", "0", "1000", "-1", "1001"),
    ("attempts_max", "1", "100", "0", "101"), ("feedback.tokens", "100", "100000", "99", "100001"),
    ("feedback.memory", "0", "100000", "-1", "100001"), ("limit.tokens", "0", "1000000000", "-1", "1000000001"),
    ("limit.seconds", "0", "10000000", "-1", "10000001"), ("limit.cost", "0", "1000000", "-1", "1000001"),
    ("model.temperature", "0", "2", "-0.1", "2.01"),
    ("model.seed", "0", "2147483647", "-1", "2147483648"),
    ("model.num_ctx", "256", "10000000", "255", "10000001"),
    ("model.num_predict", "1", "1000000", "0", "1000001"), ("model.repeat_penalty", "0", "2", "-1", "3"),
    ("model.top_p", "0", "1", "-0.1", "1.1"), ("model.top_k", "0", "1000", "-1", "1001"),
    ("model.min_p", "0", "1", "-0.1", "1.1"), ("model.timeout.connect", "0.1", "3600", "0", "3601"),
    ("model.timeout.first_byte", "0.1", "86400", "0", "86401"), ("model.timeout.idle", "0.1", "86400", "0", "86401"),
    ("model.timeout.total", "0", "86400", "-1", "86401"), ("model.retries", "0", "20", "-1", "21"),
    ("model.price.input", "0", "1000000", "-1", "1000001"), ("model.price.output", "0", "1000000", "-1", "1000001"),
    ("tokens.ratio", "0.1", "10", "0.09", "10.1"), ("tests.timeout", "1", "86400", "0", "86401"),
    ("tests.memory", "64", "1000000", "63", "1000001"), ("tests.disk", "64", "1000000", "63", "1000001"),
    ("tests.processes", "1", "100000", "0", "100001"),
    ("tests.output", "1", "1024", "0", "1025"), ("skill.share", "0", "100", "-1", "101"),
  ]

  @Test(arguments: ranges)
  func `takes both ends of its range and nothing beyond`(
    name: String, lowest: String, highest: String, below: String, above: String
  ) throws {
    let setting = try SettingTable.setting(name)
    #expect(setting.help.hasSuffix("(\(lowest) to \(highest))"))
    for value in [lowest, highest] {
      var settings = Settings()
      try setting.set(value, in: &settings)
      #expect(setting.value(in: settings) == value)
    }
    for value in [below, above, "", "x", "nan", "inf", "1 ", "1,", ",1", "1,x", "99999999999999999999"] {
      var settings = Settings()
      #expect(throws: SessionError.self) { try setting.set(value, in: &settings) }
      #expect(settings == Settings())
    }
  }

  @Test func `has a range, choices or a text, so that all are tested here`() {
    let known = Set(`a setting`.ranges.map(\.0)).union([
      "template", "repositories", "datasets.server", "cache.limit", "ladder", "escalate", "campaign", "model.url",
      "tests.python",
      "tests.environments",
      "model.stop",
      "model.grammar", "model.schema", "model.proxy", "model.ca", "model.socket",
      "model.header", "model.key.env",
    ])
    #expect(Set(SettingTable.all.filter { $0.choices.isEmpty }.map(\.name)) == known)
  }

  @Test(arguments: ["template", "repositories", "tests.python"])
  func `that is a text is never empty, and a refusal changes nothing`(name: String) throws {
    let setting = try SettingTable.setting(name)
    var settings = Settings()
    #expect(throws: SessionError.self) { try setting.set("", in: &settings) }
    #expect(settings == Settings())
    try setting.set("x y/{owner}", in: &settings)
    #expect(setting.value(in: settings) == "x y/{owner}")
  }

  @Test func `of a server is an address`() throws {
    let setting = try SettingTable.setting("datasets.server")
    var settings = Settings()
    for text in ["", "x", "file:///etc/passwd"] {
      #expect(throws: SessionError.self) { try setting.set(text, in: &settings) }
      #expect(settings == Settings())
    }
    try setting.set("http://127.0.0.1:8000/", in: &settings)
    #expect(setting.value(in: settings) == "http://127.0.0.1:8000")
    let model = try SettingTable.setting("model.url")
    settings = Settings()
    for text in ["x y", "ftp://h", "http://"] {
      #expect(throws: SessionError.self) { try model.set(text, in: &settings) }
      #expect(settings == Settings())
    }
    try model.set("http://h:8080/v1", in: &settings)
    try model.set("default", in: &settings)
    #expect(settings == Settings())
  }

  @Test(arguments: [
    ("model.url", "http://user:secret@h:8080/v1"), ("model.url", "secret@h"),
    ("datasets.server", "https://me:secret@datasets.example"), ("datasets.server", "https://secret@datasets.example"),
    ("repositories", "https://secret@forge.example/{owner}/{name}"),
    ("repositories", "ssh://me:secret@forge.example/{owner}/{name}"),
    ("escalate", "after 1: openai:x at http://u:secret@host"), ("escalate", "share 5: openai:x at secret@host"),
    ("escalate", "after 1: ollama:a | after x: openai:x at https://u:secret@host price 1 2"),
  ])
  func `holds no password, and says where it belongs`(name: String, value: String) throws {
    var settings = Settings()
    let error = #expect(throws: SessionError.credentials(setting: name)) {
      try SettingTable.setting(name).set(value, in: &settings)
    }
    #expect(settings == Settings())
    let text = try #require(error?.errorDescription) + (error?.recoverySuggestion ?? "")
    #expect(!text.contains("secret") && text.contains("`@`"))
  }

  @Test(arguments: [
    "Authorization: Bearer hidden", "X-Team: red\nX-Api-Key: hidden", "no field hidden", "X-A: b\nhidden",
  ])
  func `that is a header field holds no secret, and shows none`(value: String) throws {
    var settings = Settings()
    let error = #expect(throws: SessionError.self) {
      try SettingTable.setting("model.header").set(value, in: &settings)
    }
    #expect(settings == Settings())
    #expect(try !#require(error?.errorDescription).contains("hidden"))
    try SettingTable.setting("model.header").set("X-Auth:  Bearer $TOKEN\nX-Team: red", in: &settings)
    #expect(try SettingTable.setting("model.header").value(in: settings) == "X-Auth: Bearer $TOKEN\nX-Team: red")
    try SettingTable.setting("model.key.env").set("MY_KEY", in: &settings)
    for name in ["", "1A", "A B", "A-B", "$A"] {
      #expect(throws: SessionError.self) { try SettingTable.setting("model.key.env").set(name, in: &settings) }
    }
    #expect(settings.route.keyVariable == "MY_KEY")
  }

  @Test func `may name the account of ssh`() throws {
    var settings = Settings()
    for text in ["ssh://git@forge.example/{owner}/{name}", "git@forge.example:{owner}/{name}.git"] {
      let setting = try SettingTable.setting("repositories")
      try setting.set(text, in: &settings)
      #expect(setting.value(in: settings) == text)
    }
  }

  @Test func `is meant by the end of its name`() throws {
    #expect(try SettingTable.setting("temperature").name == "model.temperature")
    #expect(try SettingTable.setting("budget").name == "context.budget")
    #expect(try SettingTable.setting("timeout").name == "tests.timeout")
    #expect(try SettingTable.setting("timeout.idle").name == "model.timeout.idle")
    #expect(throws: SessionError.unknownSetting("udget", nearest: [])) { try SettingTable.setting("udget") }
  }

  @Test func `that is not there is answered with the nearest`() throws {
    #expect(throws: SessionError.unknownSetting("feedbak", nearest: ["feedback"])) {
      try SettingTable.setting("feedbak")
    }
    #expect(
      throws: SessionError.unknownSetting("tokens", nearest: ["tokens.ratio", "feedback.tokens", "limit.tokens"])
    ) {
      try SettingTable.setting("tokens")
    }
    #expect(
      throws: SessionError.unknownSetting("context", nearest: ["context.strategy", "context.budget", "context.files"])
    ) {
      try SettingTable.setting("context")
    }
  }

  @Test func `names its choices when it is given another`() async {
    let text = await said {
      var settings = Settings()
      try SettingTable.setting("feedback").set("loud", in: &settings)
    }
    #expect(
      text == """
        `feedback` cannot be `loud`: it is one of none, visible, hidden
        `settings feedback` shows what it is now
        """)
  }

  @Test func `shows among the differences only where it differs`() throws {
    var settings = Settings()
    try SettingTable.setting("model.temperature").set("0.30", in: &settings)
    try SettingTable.setting("format").set("lines", in: &settings)
    let differences = SettingTable.differences(settings, from: Settings())
    #expect(differences.map(\.name) == ["format", "model.temperature"])
    #expect(differences.map(\.value) == ["lines", "0.3"])
    #expect(SettingTable.differences(Settings(), from: settings).map(\.value) == ["search", "0,0.5"])
  }

  @Test(arguments: ["model.temperature", "model.top_p", "model.repeat_penalty", "model.min_p"])
  func `of the sampling has a number for each attempt, or one for all`(name: String) throws {
    let setting = try SettingTable.setting(name)
    var settings = Settings()
    try setting.set("0,0.25,1", in: &settings)
    #expect(setting.value(in: settings) == "0,0.25,1")
    try setting.set("0.75", in: &settings)
    #expect(setting.value(in: settings) == "0.75")
    #expect(throws: SessionError.self) { try setting.set("0,9", in: &settings) }
    #expect(setting.value(in: settings) == "0.75")
  }

  @Test func `of the sampling reaches the attempts that it is for`() throws {
    var settings = Settings()
    for (name, value) in [
      ("model.temperature", "0,0.3"), ("model.seed", "5,8"), ("model.num_predict", "10,20,30"), ("model.top_k", "40,7"),
      ("model.stop", "END\n```"),
    ] { try SettingTable.setting(name).set(value, in: &settings) }
    let all = (1...3).map { settings.sampling(attempt: $0) }
    #expect(all.map(\.temperature) == [0, 0.3, 0.3] && all.map(\.seed) == [5, 8, 9])
    #expect(all.map(\.numPredict) == [10, 20, 30] && all.map(\.topK) == [40, 7, 7])
    #expect(all[0].stop == ["END", "```"])
    try SettingTable.setting("model.top_k").set("default", in: &settings)
    #expect(settings.sampling(attempt: 2).topK == nil)
  }

  @Test func `of a model is refused where it is none`() throws {
    for (name, text) in [
      ("model.schema", "[1]"), ("model.schema", "{"), ("model.proxy", "ftp://a"), ("model.stop", ""),
      ("model.grammar", ""), ("model.proxy", "http://user:secret@proxy:1"),
    ] {
      var settings = Settings()
      let error = #expect(throws: (any Error).self) { try SettingTable.setting(name).set(text, in: &settings) }
      #expect(settings == Settings())
      let said = error.map { "\($0) \($0.localizedDescription)" } ?? "secret"
      #expect(said.contains("secret") == false)
    }
  }
}

@Suite struct `a sitting's settings` {
  @Test func `give the values before and after`() async throws {
    let session = try await sitting()
    let change = try await session.set("budget", to: "5000")
    #expect(change == ("context.budget", "9000", "5000"))
    #expect(await session.settings.context.budget == 5000)
  }

  @Test func `refuse a template that is not there, and keep the one they have`() async throws {
    let session = try await sitting()
    await #expect(throws: SessionError.unknownTemplate("repar", nearest: ["repair"])) {
      try await session.set("template", to: "repar")
    }
    #expect(await session.settings == Settings())
  }

  @Test func `let a script turn the sandbox off only with its flag`() async throws {
    let script = try await sitting(isScript: true)
    #expect(
      await said { try await script.set("sandbox", to: "off") } == """
        `set sandbox off` may not stand in a script
        `ramp --allow-no-sandbox SCRIPT` allows it
        """)
    #expect(await script.settings.workspace.sandbox == .on)
    _ = try await script.set("sandbox", to: "on")
    let allowed = Session(host: try testHost(), permissions: Permissions(isScript: true, noSandbox: true))
    #expect(try await allowed.set("sandbox", to: "off").new == "off")
  }

  @Test func `keep the model they have where another cannot be used`() async throws {
    let session = try await sitting()
    #expect(
      await said { try await session.useModel(.init(.scripted, "none.md")) }.hasPrefix("no file /"))
    #expect(await session.settings.model == nil)
  }

  @Test func `keeps no secret in the place of repositories`() throws {
    var settings = Settings()
    let setting = try SettingTable.setting("repositories")
    let error = SessionError.credentials(setting: "repositories")
    #expect(throws: error) { try setting.set("https://me:TOKEN@host/{owner}/{name}", in: &settings) }
    #expect(settings == Settings())
    #expect(error.recoverySuggestion?.contains("RAMP_GIT_HEADER=") == true)
    try setting.set("ssh://git@host/{owner}/{name}", in: &settings)
  }
}
