import Foundation
import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt completes` {
  /// Types `text`, presses Tab, and looks at the line that comes of it; then drops the line.
  private func complete(_ pane: Pane, _ text: String, _ expected: String) async throws {
    let before = try await pane.prompts()
    try await pane.type(text)
    try await pane.press("Tab")
    // What is typed behind it shows where a blank was put in.
    try await pane.type("|")
    try await pane.wait("`\(text)` to become `\(expected)`") { $0.hasSuffix("ramp> \(expected)|") }
    try await pane.press("C-c")
    try await pane.waitForPrompt(after: before)
  }

  /// Types `text`, presses Tab, and looks at the list that is shown above the line, which stays as it was.
  private func list(_ pane: Pane, _ text: String, _ expected: String) async throws {
    let before = try await pane.prompts()
    try await pane.type(text)
    try await pane.press("Tab")
    let tail = "ramp> \(text)\n\(expected)\nramp> \(text.hasSuffix(" ") ? String(text.dropLast()) : text)"
    try await pane.wait("`\(text)` to be followed by\n\(expected)") { seen in
      seen.hasSuffix(tail.replacing(/\ +\n/, with: "\n"))
    }
    try await pane.press("C-c")
    try await pane.waitForPrompt(after: before)
  }

  @Test func `words, settings and their values`() async throws {
    try await Pane.with { pane in
      try await complete(pane, "att", "attempts ")
      try await complete(pane, "temp", "template ")
      try await list(pane, "template ", "list  show  use   edit  diff")
      try await complete(pane, "set form", "set format ")
      try await complete(pane, "set context.s", "set context.strategy ")
      try await list(pane, "set format ", "search    whole     lines     function")
      try await complete(pane, "set format s", "set format search ")
      try await complete(pane, "set sandbox of", "set sandbox off ")
      try await complete(pane, "show prompt --p", "show prompt --parts ")
      try await complete(pane, "settings; mod", "settings; model ")
      try await complete(pane, "xyz", "xyz")
    }
  }

  /// A server of Ollama's protocol with two models, for as long as `body` runs; `body` is given its host and port.
  private func withServer(_ body: (String) async throws -> Void) async throws {
    let script = """
      import http.server, json
      class Handler(http.server.BaseHTTPRequestHandler):
          def log_message(self, *words): pass
          def do_GET(self):
              models = [{"name": name} for name in ("made-small:1b", "made-large:70b")]
              body = json.dumps({"version": "0.1"} if self.path == "/api/version" else {"models": models}).encode()
              self.send_response(200)
              self.send_header("Content-Length", str(len(body)))
              self.end_headers()
              self.wfile.write(body)
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
      print(server.server_address[1], flush=True)
      server.serve_forever()
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    defer { kill(process.processIdentifier, SIGKILL) }
    let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    try await body("127.0.0.1:" + port.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test func `the models that a server has`() async throws {
    try await withServer { place in
      try await Pane.with(environment: ["OLLAMA_HOST": place]) { pane in
        #expect(try await pane.everything().contains(place))
        // A slow machine may take longer to answer than a key waits; the next key has the names.
        let before = try await pane.prompts()
        try await pane.type("model use ollama:m")
        try await pane.press("Tab")
        try await pane.press("C-c")
        try await pane.waitForPrompt(after: before)
        try await complete(pane, "model use ollama:made-s", "model use ollama:made-small:1b ")
      }
    }
  }

  @Test func `stages, instances, templates, files of the repository, takes`() async throws {
    try await Pane.with { pane in
      try await complete(pane, "run dj", "run django__django-11000 ")
      try await complete(pane, "show con", "show context ")
      try await complete(pane, "run x --through pa", "run x --through patch ")
      try await complete(pane, "template use di", "template use direct-edit ")
      try await pane.line("run django__django-11000 --through context")
      try await pane.line("rerun context --through context")
      try await complete(pane, "show context 1.", "show context 1.")
      try await list(pane, "show context 1.", "1.1  1.2")
      try await complete(pane, "context add django/forms/fie", "context add django/forms/fields.py ")
      try await complete(pane, "context add django/forms/fo", "context add django/forms/forms")
      try await complete(
        pane, "context add django/forms/forms.py django/forms/formse",
        "context add django/forms/forms.py django/forms/formsets.py ")
    }
  }

  @Test func `files of this machine, and steps into their folders`() async throws {
    try await Pane.with { pane in
      try pane.home.write("settings\n", to: "scripts here/größe.ramp")
      try pane.home.write("settings\n", to: "one/two.ramp")
      try await complete(pane, "source on", "source one/")
      try await complete(pane, "source one/", "source one/two.ramp ")
    }
  }
}
