internal import Formats
internal import Metrics
internal import ModelGraph
internal import Patterns

extension StrategyReport {
  /// The report in Markdown.
  public var markdown: String {
    [heading, results, "## How\n\n\(origin)", layers].joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    "# \(file.model), pruned\n\n"
      + "Model SHA-256 \(file.digest ?? "unknown"). Written by sculpt \(programVersion)."
  }

  private func row(_ name: String, _ cells: String...) -> String {
    "| \(name) | " + cells.joined(separator: " | ") + " |"
  }

  private var results: String {
    let (before, after) = costs
    var rows = [
      "| | dense | pruned | kept |", "|---|---|---|---|",
      row(
        "multiply-accumulates an image", "\(before.macs)", "\(after.macs)",
        Self.percent(after.macs, of: before.macs)),
      row(
        "parameters", "\(before.parameters)", "\(after.parameters)",
        Self.percent(after.parameters, of: before.parameters)),
    ]
    for accuracies in accuracies {
      rows.append(
        row(
          "\(accuracies.split.rawValue) accuracy", accuracy(accuracies.dense),
          accuracy(accuracies.pruned), ""))
    }
    if let fineTuned {
      rows.append(
        row(
          "the same, fine-tuned for \(fineTuned.epochs) epochs", "", accuracy(fineTuned.after), ""))
    }
    if let speedup {
      rows.append(
        row(
          "time of one image, one thread, predicted from this machine's measurements", "1",
          Self.percent(1 / speedup), ""))
    }
    for latency in latencies {
      rows.append(
        row(
          "time of one image, one thread, in \(latency.engine)",
          milliseconds(latency.dense), milliseconds(latency.pruned),
          Self.percent(latency.ratio.median)))
    }
    let isTested = accuracies.contains { $0.split == .test }
    return rows.joined(separator: "\n") + "\n\n"
      + "Intervals are Wilson's, at 95 %. "
      + (isTested
        ? "The search did not see the test split."
        : "The test split was not looked at; `sculpt evaluate --split test` does that.")
  }

  private var layers: String {
    let rows = choices.map { choice in
      "| \(escaped(choice.unit)) | \(choice.pattern) | \(choice.kept.kept)/\(choice.kept.of) "
        + "| \(choice.macs.dense) → \(choice.macs.pruned) "
        + "| \(choice.loss.map { Self.percent($0, places: 2) } ?? "") "
        + "| \(choice.isPinned ? "pinned" : "") |"
    }
    let head = [
      "## Choices", "",
      "| unit | pattern | kept | MACs of its layers | alone, moves the logits | |",
      "|---|---|---|---|---|---|",
    ]
    return (head + rows).joined(separator: "\n")
  }

  private func escaped(_ name: String) -> String {
    name.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  private func accuracy(_ accuracy: Accuracy?) -> String {
    guard let accuracy else { return "not measured" }
    let interval = accuracy.interval
    return "\(Self.percent(accuracy.fraction, places: 2)) "
      + "(\(accuracy.correct) of \(accuracy.images); "
      + "\(Self.percent(interval.lowerBound)) to \(Self.percent(interval.upperBound)))"
  }

  private func milliseconds(_ seconds: Timings) -> String {
    "\((seconds.median * 1e6).rounded() / 1e3) ms"
  }
}
