import Testing

@testable import Models

@Suite struct `the URL of a server` {
  @Test(arguments: [
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("gpu", "http://gpu:11434"), ("gpu:9", "http://gpu:9"),
    ("http://gpu", "http://gpu"), ("https://gpu", "https://gpu"), ("HTTPS://gpu:8443/", "https://gpu:8443"),
    ("http://gpu/a/b/", "http://gpu/a/b"), ("gpu/ollama", "http://gpu:11434/ollama"),
    ("0.0.0.0", "http://127.0.0.1:11434"), ("http://0.0.0.0:9/x", "http://127.0.0.1:9/x"),
    ("[::]:9", "http://[::1]:9"), ("::1", "http://[::1]:11434"), ("[fe80::1]", "http://[fe80::1]:11434"),
    (":9", "http://127.0.0.1:9"), (" http://gpu:9\n", "http://gpu:9"),
  ])
  func `is read as it is typed`(text: String, url: String) throws {
    let read = try ServerURL(parsing: text, defaultPort: 11434)
    #expect(read.description == url)
    #expect(try ServerURL(parsing: url, defaultPort: 1) == read)
  }

  @Test(arguments: [
    "ftp://gpu", "http://", "http://gpu:0", "http://gpu:70000", "http://gpu:x", "http://g pu", "http://gpu/a b", "[::1",
    "[gpu]", "http://gp\u{7}u", "", "http://gpu/ü", "http://:9/\u{0}",
  ])
  func `is refused where it is none`(text: String) {
    #expect(throws: ModelError.self) { try ServerURL(parsing: text, defaultPort: 11434) }
  }

  @Test(arguments: [
    ("http://user:secret@gpu:9/x", "http://gpu:9/x"), ("user:secret@gpu", "gpu"),
    ("http://user:sec/ret@gpu/", "http://gpu/"), ("http://gpu/?key=secret#secret", "http://gpu/"),
    ("http://user:s@cret@gpu", "http://gpu"),
  ])
  func `never keeps a user, a password or a query`(text: String, left: String) throws {
    #expect(ServerURL.scrubbed(text) == left)
    let url = try ServerURL(parsing: text, defaultPort: 1)
    #expect(!url.description.contains("secret"))
  }

  @Test func `says what is wrong without the password`() {
    let error = #expect(throws: ModelError.self) { try ServerURL(parsing: "ftp://u:secret@gpu", defaultPort: 1) }
    #expect(error?.errorDescription == "`ftp://gpu` is not a server's URL: its scheme is not http or https")
  }

  @Test(
    arguments: [
      (nil, "http://127.0.0.1:11434"), ("", "http://127.0.0.1:11434"), ("gpu", "http://gpu:11434"),
      ("gpu:9", "http://gpu:9"), ("0.0.0.0", "http://127.0.0.1:11434"), ("http://gpu", "http://gpu"),
      ("https://gpu/base", "https://gpu/base"), ("\"gpu:9\"", "http://gpu:9"), ("gpu:x", "http://gpu:11434"),
      ("gpu:99999", "http://gpu:11434"), (":9", "http://127.0.0.1:9"), ("[::1]:9", "http://[::1]:9"),
      ("http://:x", "http://127.0.0.1:11434"), ("g p u", "http://127.0.0.1:11434"),
    ] as [(String?, String)])
  func `of Ollama is what OLLAMA_HOST says, in each of its forms`(text: String?, url: String) throws {
    #expect(ServerURL.ollama(host: text).description == url)
    let environment = text.map { ["OLLAMA_HOST": $0] } ?? [:]
    #expect(try ModelServers(environment: environment).model(.standard, url: "").place.url.description == url)
  }

  @Test func `is the kind's own where none is given`() throws {
    let servers = ModelServers(environment: ["OLLAMA_HOST": "gpu"])
    let openai = ModelName(.openai, "m")
    #expect(try servers.model(openai, url: "").place.url.description == "https://api.openai.com")
    #expect(try servers.model(openai, url: "127.0.0.1:8080/v1/").place.url.description == "http://127.0.0.1:8080")
    #expect(try servers.model(.standard, url: "http://other:1").place.url.description == "http://other:1")
  }
}

@Suite struct `the name of a server's model` {
  @Test func `is its kind and its own name, and ollama alone is the usual one`() throws {
    #expect(try ModelName(parsing: "ollama:llama3.1:8b").argument == "llama3.1:8b")
    #expect(try ModelName(parsing: "ollama") == ModelName(.ollama, "llama3.1:8b"))
    #expect(try ModelName(parsing: "openai:org/m") == ModelName(.openai, "org/m"))
  }

  @Test(arguments: [
    ("llamacpp:m", "http://127.0.0.1:8080"), ("vllm:org/m", "http://127.0.0.1:8000"),
    ("lmstudio:m", "http://127.0.0.1:1234"),
  ])
  func `may begin with a server's, which means the kind openai and a place`(text: String, url: String) throws {
    #expect(try ModelName(parsing: text).kind == .openai)
    #expect(ModelName.aliasURL(text) == url)
    #expect(ModelName.aliasURL("openai:\(text)") == nil)
  }

  @Test func `is refused where it is none`() {
    #expect(throws: ModelError.needsName(.openai)) { try ModelName(parsing: "openai:") }
    #expect(throws: ModelError.badName("a b")) { try ModelName(parsing: "ollama:a b") }
    #expect(throws: ModelError.badName("a b")) { try ModelName(parsing: "ollama:a\nb") }
    let error = #expect(throws: ModelError.unknownKind("olama")) { try ModelName(parsing: "olama:x") }
    #expect(error?.recoverySuggestion?.contains("nearest: ollama") == true)
  }
}
