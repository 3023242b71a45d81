import Content
import Context
import Grading
import Instances
import Prompts
import Workspaces

struct ContextStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard chain.baseline?.judgement.isRed ?? true else { return nil }
    let options = plan.settings.context
    var key = Key(of: .context)
    key.add(input: "workspace", chain.content(of: .workspace))
    key.add(option: "context.strategy", options.strategy.rawValue)
    key.add(option: "context.budget", "\(options.budget)")
    key.add(option: "context.files", "\(options.files)")
    key.add(option: "tokens.ratio", "\(plan.settings.tokensRatio)")
    key.add(option: "added", plan.added.map(\.description).joined(separator: "\n"))
    key.add(option: "dropped", plan.dropped.map(\.description).joined(separator: "\n"))
    if !plan.widened.isEmpty {
      key.add(option: "widened", plan.widened.map(\.description).joined(separator: "\n"))
    }
    if let stack = plan.stack { key.add(option: "stack", stack.words) }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    var options = plan.settings.context
    options.tokensRatio = plan.settings.tokensRatio
    let workspace = try await workshop.files()
    var selection = try await ContextSelector.select(
      issue: plan.instance.problemStatement, tree: WorkspaceTree(workspace: workspace), options: options,
      added: plan.added + (try await ContextStage.real(plan.widened, in: workspace)), dropped: plan.dropped)
    for index in selection.parts.indices {
      let span = selection.parts[index].span
      // Which lines failed is the hidden tests' to say.
      let isWidened = plan.widened.contains {
        $0.path == span.path && $0.first <= span.last && span.first <= $0.last
      }
      let origin = isWidened ? .hiddenTest : plan.stack?.origin(of: span.path)
      if let origin { selection.parts[index].origin = origin }
    }
    return Made(artifact: .context(selection))
  }

  /// The lines of `spans` that the commit's files have: a frame may name what only a patch made.
  private static func real(_ spans: [Span], in workspace: any Workspace) async throws -> [Span] {
    guard !spans.isEmpty else { return [] }
    let files = try await workspace.read(Set(spans.map(\.path)).sorted())
    return spans.compactMap { span in
      let lines = files[span.path].map { $0.count { $0 == 10 } + ($0.last == 10 ? 0 : 1) } ?? 0
      return span.first <= lines ? Span(path: span.path, first: span.first, last: min(span.last, lines)) : nil
    }
  }
}

/// A workspace as the source tree that context is selected from.
package struct WorkspaceTree: SourceTree {
  private let workspace: any Workspace

  package init(workspace: any Workspace) {
    self.workspace = workspace
  }

  package var commit: String { workspace.commit }

  package func paths() async throws -> [String] { try await workspace.paths() }

  package func read(_ paths: [String]) async throws -> [String: [UInt8]] { try await workspace.read(paths) }
}
