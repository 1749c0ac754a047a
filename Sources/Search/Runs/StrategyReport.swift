internal import Formats
public import Metrics
internal import ModelGraph
public import Patterns

/// A report of a pruned model, to be read and checked by others.
public struct StrategyReport {
  private let file: StrategyFile
  private let space: PruningSpace
  private let dense: Accuracy?
  private let fineTuned: FineTuned?
  private let speedup: Double?
  private let losses: Sensitivity?
  private let episodes: Int
  private let steps: Int

  /// A report of a strategy.
  ///
  /// - Parameters:
  ///   - dense: the dense model's validation accuracy.
  ///   - fineTuned: what training the pruned model on came to.
  ///   - speedup: how many times faster one image is predicted to be.
  ///   - losses: how far each choice alone moves the logits.
  ///   - episodes: played by the search, with so many `steps`.
  public init(
    _ file: StrategyFile, in space: PruningSpace, dense: Accuracy?, fineTuned: FineTuned?,
    speedup: Double?, losses: Sensitivity?, episodes: Int, steps: Int
  ) {
    self.file = file
    self.space = space
    self.dense = dense
    self.fineTuned = fineTuned
    self.speedup = speedup
    self.losses = losses
    self.episodes = episodes
    self.steps = steps
  }

  /// The report in Markdown.
  public var markdown: String {
    ([heading, results, how, layers].joined(separator: "\n\n") + "\n")
  }

  private var heading: String {
    "# \(file.model), pruned\n\n"
      + "Model SHA-256 \(file.digest ?? "unknown"). Written by sculpt \(programVersion)."
  }

  private var results: String {
    let (before, after) = (space.denseCost, space.cost(of: file.strategy))
    func row(_ name: String, _ cells: String...) -> String {
      "| \(name) | " + cells.joined(separator: " | ") + " |"
    }
    func share(_ kept: Int, _ all: Int) -> String {
      percent(Double(kept) / Double(max(all, 1)), places: 1)
    }
    var rows = [
      "| | dense | pruned | kept |", "|---|---|---|---|",
      row(
        "multiply-accumulates an image", "\(before.macs)", "\(after.macs)",
        share(after.macs, before.macs)),
      row(
        "parameters", "\(before.parameters)", "\(after.parameters)",
        share(after.parameters, before.parameters)),
      row(
        "validation accuracy", dense.map(accuracy) ?? "not measured",
        file.metrics?.validation.map(accuracy) ?? "not measured", ""),
    ]
    if let fineTuned {
      rows.append(
        row(
          "the same, fine-tuned for \(fineTuned.epochs) epochs", "", accuracy(fineTuned.after), ""))
    }
    if let speedup {
      rows.append(
        row(
          "time of one image, one thread, predicted from this machine's measurements", "1",
          percent(1 / speedup, places: 1), ""))
    }
    return rows.joined(separator: "\n") + "\n\n"
      + "Intervals are Wilson's, at 95 %. The test split was not looked at; "
      + "`sculpt evaluate --split test` does that."
  }

  private var how: String {
    var text = "## How\n\n"
    if let target = file.target {
      text += "The target was \(percent(target.share, places: 1)) of the \(target.resource.name)"
      text += file.seed.map { ", the seed \($0)" } ?? ""
      text += ". "
    }
    text +=
      episodes > 0
      ? "The search had played \(episodes) episodes of \(steps) steps in all. "
      : "No search was run. "
    let pins = file.strategy.pins.count { $0 }
    return text + "\(pins) of \(space.units.count) choices were pinned by hand."
  }

  private var layers: String {
    var rows = [
      "## Choices", "",
      "| unit | pattern | kept | MACs of its layers | alone, moves the logits | |",
      "|---|---|---|---|---|---|",
    ]
    let all = Strategy(denseFor: space)
    for (index, unit) in space.units.enumerated() {
      let pattern = file.strategy.choices[index]
      let (kept, of) = space.kept(pattern, of: index)
      let choice = unit.menu.firstIndex(of: pattern)
      let loss = choice.flatMap { choice in
        losses.map { percent(Double($0.losses[unit: index, choice: choice]), places: 2) }
      }
      rows.append(
        "| \(escaped(unit.name)) | \(pattern.name) | \(kept)/\(of) "
          + "| \(space.macs(of: all, nodesOf: index)) → "
          + "\(space.macs(of: file.strategy, nodesOf: index)) | \(loss ?? "") "
          + "| \(file.strategy.pins[index] ? "pinned" : "") |")
    }
    return rows.joined(separator: "\n")
  }

  private func escaped(_ name: String) -> String {
    name.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  private func accuracy(_ accuracy: Accuracy) -> String {
    let interval = accuracy.interval
    return "\(percent(accuracy.fraction, places: 2)) (\(accuracy.correct) of \(accuracy.images); "
      + "\(percent(interval.lowerBound, places: 1)) to \(percent(interval.upperBound, places: 1)))"
  }

  private func percent(_ share: Double, places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let value = (share * 100 * scale).rounded() / scale
    return "\(value) %"
  }
}
