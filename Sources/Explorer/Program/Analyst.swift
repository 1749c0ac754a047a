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
  /// The node whose outputs are wanted, likewise.
  private let observed = Mutex<Int?>(nil)
  let workbench: Workbench

  /// So many images tell what a layer's outputs are like.
  private static let images = 8

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

  /// Looks at the outputs of a node on a few images, instead of one asked for earlier.
  func observe(_ node: Int) {
    observed.withLock { $0 = node }
    thread.async { [self] in
      guard let node = observed.withLock({ $0.take() }),
        let values = try? workbench.activations(ofNode: node, images: Self.images),
        let histogram = Histogram(values)
      else { return }
      mailbox.put(.outputs(node, histogram))
    }
  }

  /// Writes a model to a folder or a file.
  func export(_ model: ExportedModel, to path: String, replacing: Bool) {
    thread.async { [self] in
      mailbox.put(.export(ExportWriter.write(model, on: workbench, to: path, replacing: replacing)))
    }
  }

  /// Writes a report, with the masks that the weights lead to.
  func export(_ report: StrategyReport, as format: ReportFormat, to path: String, replacing: Bool) {
    thread.async { [self] in
      let report = (try? report.withMasks(from: workbench)) ?? report
      mailbox.put(
        .export(ExportWriter.write(report, as: format, to: path, replacing: replacing)))
    }
  }

  /// Takes what has been found out since the last call.
  func drain() -> [Message] { mailbox.drain() }
}
