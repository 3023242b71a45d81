import Content
import Models
import Repositories
import Testing
import Workspaces

@testable import Attempts

@Suite struct `settings of a kept take` {
  private static func changed(_ change: (inout Settings) -> Void) -> Settings {
    var settings = Settings()
    change(&settings)
    return settings
  }

  private static let all = [
    Settings(), changed { $0.workspace.environments = .off },
    changed { $0.workspace.environments = .file(path: "specs.json", hash: Hash(of: "x")) },
    changed { $0.repositories.pattern = "/mirrors" },
    changed {
      $0.ladder = "as_is, warmer"
      $0.attemptSampling = Sampling()
    }, changed { $0.retrySampling.temperature = [] },
    changed {
      $0.escalate = "after 3: anthropic:m"
      $0.isEscalated = true
    },
  ]

  @Test(arguments: all) func `come back as they were`(settings: Settings) throws {
    #expect(Settings.kept(String(decoding: try Canonical.bytes(settings), as: UTF8.self)) == settings)
  }

  @Test func `that an older ramp wrote are filled with what is usual now`() throws {
    let kept = try #require(Settings.kept(#"{"model":"ollama:m","sampling":{"seed":7}}"#))
    #expect(kept.model == "ollama:m")
    #expect(kept.sampling.seed == 7)
    #expect(kept.sampling.numCtx == Sampling().numCtx)
    #expect(kept.feedbackBudget == Settings().feedbackBudget)
  }

  @Test(arguments: ["", "[]", "{\"sampling\":3}", "x"]) func `that are none are not taken`(text: String) {
    #expect(Settings.kept(text) == nil)
  }
}
