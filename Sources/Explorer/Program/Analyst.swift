internal import Formats
internal import ModelGraph
internal import Patterns
internal import Search
internal import Synchronization
internal import Threads

/// Handles weights on a thread of its own: their statistics once, masks for what is shown, copies of models.
final class Analyst: Sendable {
  private let thread = SerialThread()
  private let mailbox: Mailbox<Message>
  /// The strategy whose masks are wanted; a later one takes the place of an earlier one.
  private let wanted = Mutex<Strategy?>(nil)
  let workbench: Workbench

  /// Starts with the statistics of the model's weights.
  init(_ workbench: Workbench, notify: @escaping @Sendable () -> Void) {
    self.workbench = workbench
    mailbox = Mailbox(notify: notify)
    thread.async { [self] in
      mailbox.put(.weights(WeightStatistics(workbench.model)))
    }
  }

  /// Asks for the masks of a strategy, instead of one asked for earlier.
  func summarize(_ strategy: Strategy) {
    wanted.withLock { $0 = strategy }
    thread.async { [self] in
      let decisions = workbench.method.correction.decisions
      guard let strategy = wanted.withLock({ $0.take() }),
        let pruned = try? workbench.prune(strategy, decisions)
      else { return }
      mailbox.put(.masks(MaskSummary(strategy, pruned: pruned)))
    }
  }

  /// Looks for stored runs of the model other than the one at `path`.
  func findRuns(besides path: String) {
    thread.async { [self] in
      guard let digest = workbench.file.digest else { return }
      mailbox.put(
        .storedRuns(
          RunFolder().summaries().filter {
            $0.digest == digest && $0.isBegun && $0.path != path
          }))
    }
  }

  /// Writes a model to a folder or a file.
  func export(_ model: ExportedModel, to path: String, replacing: Bool) {
    thread.async { [self] in
      mailbox.put(.export(ExportWriter.write(model, on: workbench, to: path, replacing: replacing)))
    }
  }

  /// Takes what has been found out since the last call.
  func drain() -> [Message] { mailbox.drain() }
}
