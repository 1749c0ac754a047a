internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search
internal import Synchronization
internal import Threads

/// Handles weights on a thread of its own: the analysis once, masks for what is shown, copies of models.
final class Analyst: Sendable {
  private struct Mailbox {
    var wanted: Strategy?
    var messages: [Message] = []
  }

  private let thread = SerialThread()
  private let mailbox = Mutex(Mailbox())
  private let workbench: Workbench
  private let notify: @Sendable () -> Void

  /// Starts with the analysis of the model.
  init(_ workbench: Workbench, notify: @escaping @Sendable () -> Void) {
    self.workbench = workbench
    self.notify = notify
    thread.async { [self] in
      tell(.analysed(ModelAnalysis(workbench.model, in: workbench.space)))
    }
  }

  /// Asks for the masks of a strategy, instead of one asked for earlier.
  func summarize(_ strategy: Strategy) {
    mailbox.withLock { $0.wanted = strategy }
    thread.async { [self] in
      let wanted = mailbox.withLock { mailbox in
        defer { mailbox.wanted = nil }
        return mailbox.wanted
      }
      let decisions = workbench.method.correction.decisions
      guard let wanted, let pruned = try? workbench.prune(wanted, decisions) else { return }
      tell(.summarized(MaskSummary(wanted, pruned: pruned)))
    }
  }

  /// Looks for stored runs of the model other than the one at `path`.
  func findRuns(besides path: String) {
    thread.async { [self] in
      let digest = workbench.file.digest
      tell(
        .storedRuns(
          RunFolder().summaries().filter {
            $0.digest == digest && digest != nil && $0.episodes > 0 && $0.path != path
          }))
    }
  }

  /// Writes a model to a folder or a file.
  func export(_ model: ExportedModel, to path: String, replacing: Bool) {
    thread.async { [self] in
      tell(ExportWriter.write(model, on: workbench, to: path, replacing: replacing))
    }
  }

  /// Takes what has been found out since the last call.
  func drain() -> [Message] {
    mailbox.withLock { mailbox in
      defer { mailbox.messages = [] }
      return mailbox.messages
    }
  }

  private func tell(_ message: Message) {
    mailbox.withLock { $0.messages.append(message) }
    notify()
  }
}
