internal import Metrics
internal import Search
internal import TerminalKit
internal import Training

/// The fine-tuning under way: how far it is, the loss of its batches, the accuracy after each epoch.
struct FineTunePane: Widget {
  let progress: FineTuneProgress

  /// Rows that show everything of the present epoch and the accuracy after the last ones.
  static let height = 6

  init(_ progress: FineTuneProgress) { self.progress = progress }

  func draw(on frame: inout Frame, in rect: Rect) {
    let area = rect.inset(columns: rect.width > 20 ? 1 : 0)
    guard let start = progress.start else {
      frame.putWrapped(
        "\(progress.name) is to be fine-tuned: reading the recipe and its images…", in: area,
        style: .muted)
      return
    }
    // Not in the title, which has no room for it on the smallest screen.
    frame.draw(
      Gauge(
        "epoch \(progress.epoch)/\(progress.epochs)",
        bar: Bar(progress.fraction, style: Style(.good))), in: area.row(0))
    for (row, line) in ([batch, seen] + validation(start)).enumerated() where row < area.height - 1
    {
      frame.put(line, in: area.row(row + 1))
    }
  }

  /// As in `batch 120/430  3:20 left`.
  private var batch: [Span] {
    if progress.isCancelling { return [Span("cancelling…", Style(.warning))] }
    guard let batch = progress.batch else { return [Span("begins epoch \(progress.epoch)")] }
    return batch.batch < batch.batches
      ? [
        Span("batch ", .muted), Span("\(batch.batch)/\(batch.batches)"), Span("  "),
        Span(Numbers.duration(Int(batch.timeLeft.components.seconds)) + " left", .muted),
      ]
      : [Span("measuring the epoch…", Style(.warning))]
  }

  /// Of the epoch under way, or of the last one before its first batch is done.
  private var seen: [Span] {
    let last = progress.records.last
    guard let loss = progress.batch?.loss ?? last?.trainLoss,
      let accuracy = progress.batch?.accuracy ?? last?.trainAccuracy
    else { return [Span("loss ", .muted), Span("–"), Span("  train ", .muted), Span("–")] }
    return [
      Span("loss ", .muted), Span(Numbers.decimal(loss, places: 3)), Span("  train ", .muted),
      Span(Numbers.decimal(accuracy * 100, places: 1) + " %"),
    ]
  }

  /// The validation accuracy before and after each epoch, the latest first.
  private func validation(_ start: FineTuneSession.Start) -> [[Span]] {
    var lines = progress.records.reversed().map { record in
      [
        Span("epoch \(record.epoch)".padded(to: 9), .muted),
        Span("val. ", .muted),
        Span(Numbers.decimal(record.validationAccuracy * 100, places: 1) + " %", .accent),
        Span(record.validationAccuracy == progress.best ? " ▲" : "", Style(.good)),
      ]
    }
    lines.append([
      Span("before".padded(to: 9), .muted), Span("val. ", .muted),
      Span(Numbers.decimal(start.before.fraction * 100, places: 1) + " %"),
    ])
    return lines
  }
}
