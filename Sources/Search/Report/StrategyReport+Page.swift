internal import Formats
internal import Foundation
internal import Kernels
internal import Metrics
internal import ModelGraph
internal import Patterns

/// The report as a page of one file: nothing is fetched, nothing is run.
extension StrategyReport {
  /// The report as HTML, which is well-formed XML as well.
  public var html: String {
    let head = Markup(
      "head", [:],
      [
        Markup("meta", ["charset": "utf-8"]),
        Markup("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        Markup("title", text: "\(file.model), pruned"),
        Markup(style: String(decoding: PackageResources.report_css, as: UTF8.self)),
      ])
    let body = Markup(
      "body", [:],
      [
        Markup(
          "main", [:],
          [heading, accuracySection] + [latencySection, searchSection].compactMap { $0 }
            + [networkSection, choicesSection, provenanceSection])
      ])
    return "<!DOCTYPE html>\n" + Markup("html", ["lang": "en"], [head, body]).source + "\n"
  }

  private func section(_ title: String, _ lead: String, _ content: Markup...) -> Markup {
    Markup("section", [:], [Markup("h2", text: title), Markup("p", text: lead)] + content)
  }

  // MARK: Heading

  private var heading: Markup {
    let (before, after) = costs
    func figure(_ name: String, _ value: String, _ note: String) -> Markup {
      Markup(
        "div", [:],
        [
          Markup("span", ["class": "name"], text: name), Markup("b", text: value),
          Markup("span", text: note),
        ])
    }
    var figures = [
      figure(
        "Multiply-accumulates", Self.percent(after.macs, of: before.macs),
        "\(short(after.macs)) of \(short(before.macs)) an image"),
      figure(
        "Parameters", Self.percent(after.parameters, of: before.parameters),
        "\(short(after.parameters)) of \(short(before.parameters))"),
    ]
    let judged = accuracies.last { $0.pruned != nil }
    if let judged, let pruned = judged.pruned {
      figures.append(
        figure(
          "Accuracy, \(judged.split.rawValue)", percent(pruned.fraction, 2),
          judged.dense.map { "\(points(pruned, $0)) points, dense \(percent($0.fraction, 2))" }
            ?? "\(pruned.images) images"))
    }
    if let latency = latencies.first {
      figures.append(
        figure(
          "Time of an image", "\((1 / latency.ratio.median).fixed(2))× faster",
          "in \(latency.engine)"))
    } else if let speedup {
      figures.append(figure("Time of an image", "\(speedup.fixed(2))× faster", "predicted"))
    }
    return Markup(
      "header", [:],
      [
        Markup("p", text: "Pruning report"), Markup("h1", text: file.model),
        Markup("p", text: origin), Markup("div", ["class": "figures"], figures),
      ])
  }

  // MARK: Accuracy

  private var accuracySection: Markup {
    let rows = accuracies.map { row in
      Markup(
        "tr", [:],
        [
          Markup("td", text: row.split.rawValue), cell(row.dense), cell(row.pruned),
          Markup(
            "td", ["class": "right"],
            text: row.pruned.flatMap { pruned in row.dense.map { points(pruned, $0) } } ?? ""),
          Markup(
            "td", ["class": "right"],
            text: (row.pruned ?? row.dense).map { grouped($0.images) } ?? ""),
        ])
    }
    let tuned = fineTuned.map { tuned in
      Markup(
        "tr", [:],
        [
          Markup("td", text: "validation, fine-tuned for \(tuned.epochs) epochs"), Markup("td"),
          cell(tuned.after), Markup("td"),
          Markup("td", ["class": "right"], text: grouped(tuned.after.images)),
        ])
    }
    let isTested = accuracies.contains { $0.split == .test }
    return section(
      "Accuracy",
      "Below each figure is Wilson's interval, in which 95 of 100 such samples have the truth. "
        + (isTested
          ? "The search saw no image of the test split."
          : "The test split was not looked at."),
      table(
        "", ["split", "dense", "pruned", "points", "images"], right: 3,
        rows + [tuned].compactMap { $0 }))
  }

  private func cell(_ accuracy: Accuracy?) -> Markup {
    guard let accuracy else { return Markup("td", ["class": "soft"], text: "not measured") }
    let interval = accuracy.interval
    return Markup(
      "td", [:],
      [
        Markup(text: percent(accuracy.fraction, 2)), Markup("br"),
        Markup(
          "span", ["class": "soft"],
          text: "\((interval.lowerBound * 100).fixed(1)) – \(percent(interval.upperBound, 1))"),
      ])
  }

  // MARK: Latency

  private var latencySection: Markup? {
    guard !latencies.isEmpty else { return nil }
    let longest = latencies.map { max($0.dense.median, $0.pruned.median) }.max() ?? 1
    func bar(_ timings: Timings, _ kind: String) -> Markup {
      Markup(
        "span", ["class": kind],
        [Markup("i", ["style": "width:\((timings.median / longest * 100).fixed(1))%"], text: "")])
    }
    func time(_ timings: Timings) -> String { "\((timings.median * 1e3).fixed(3))\u{A0}ms" }
    func spread(_ timings: Timings) -> String {
      "\((timings.low * 1e3).fixed(3)) – \((timings.high * 1e3).fixed(3))"
    }
    let rows = latencies.map { latency in
      Markup(
        "tr", [:],
        [
          Markup("td", text: latency.engine),
          Markup(
            "td", [:],
            [
              Markup(text: time(latency.dense)), Markup("br"),
              Markup("span", ["class": "soft wide"], text: spread(latency.dense)),
            ]),
          Markup(
            "td", [:],
            [
              Markup(text: time(latency.pruned)), Markup("br"),
              Markup("span", ["class": "soft wide"], text: spread(latency.pruned)),
            ]),
          Markup(
            "td", [:], [bar(latency.dense, "meter"), bar(latency.pruned, "meter pruned")]),
          Markup(
            "td", ["class": latency.ratio.median < 1 ? "right good" : "right"],
            text: percent(latency.ratio.median, 1)),
        ])
    }
    return section(
      "Latency",
      "One image on one thread, both models in turn; the median, and from the fastest tenth to the slowest."
        + (machine.map { " On \($0.processor)." } ?? "")
        + latencies.compactMap(\.doubt).map { " \($0)." }.joined(),
      table(
        "timings", ["engine", "dense", "pruned", "", "of dense"], right: 4, rows),
      legend([("dense", "dense"), ("kept", "pruned")]))
  }

  // MARK: Search

  private var searchSection: Markup? {
    guard !episodes.isEmpty else { return nil }
    let steps = episodes.flatMap(\.steps)
    let images = Set(steps.map(\.measurement.accuracy.images)).sorted()
    let on =
      images.count > 1
      ? "\(grouped(images[0])) to \(grouped(images[images.count - 1]))"
      : images.first.map(grouped) ?? "0"
    return section(
      "Search",
      "\(episodes.count) episodes, \(steps.count) strategies, each judged on \(on) validation images.",
      Markup(
        "div", ["class": "pair"],
        [
          figure(
            scores.markup,
            "The score of each episode's best strategy, and of the best so far: e to the minus the divergence of "
              + "its probabilities from the dense model's."),
          figure(
            front.markup,
            "Every strategy. The line joins those that no other beats in both; the marked one is the one of this "
              + "report, on all validation images, with its 95\u{A0}% interval."),
        ]))
  }

  private var scores: Chart {
    let points = episodes.map { (x: Double($0.number), y: $0.score) }
    var best: [(x: Double, y: Double)] = []
    for point in points { best.append((point.x, max(point.y, best.last?.y ?? point.y))) }
    var chart = Chart(
      "Score by episode", x: Axis(points.map(\.x)), y: Axis(points.map(\.y)),
      labels: ("episode", "score"))
    for (before, after) in zip(episodes, episodes.dropFirst()) where before.target != after.target {
      chart.moment(
        Double(after.number), "turn", name: "target \(percent(after.target.share, 0))")
    }
    chart.line(points, "each")
    chart.steps(best, "best")
    for (episode, point) in zip(episodes, points) {
      chart.dot(
        point, "each", radius: 2.2, note: "episode \(episode.number): \(episode.score.fixed(4))")
    }
    return chart
  }

  private var front: Chart {
    let resource = file.target?.resource ?? .macs
    let whole = resource == .macs ? Double(max(costs.dense.macs, 1)) : 1
    let steps = episodes.flatMap(\.steps)
    let front = ParetoFront(of: resource, among: steps)
    func point(_ step: SearchStep) -> (x: Double, y: Double)? {
      step.cost(of: resource).map { ($0 / whole * 100, step.measurement.accuracy.fraction * 100) }
    }
    let all = steps.compactMap(point)
    let validation = accuracies.first { $0.split == .validation }
    let share =
      resource == .macs
      ? Double(costs.pruned.macs) / whole
      : steps.last { $0.strategy.choices == file.strategy.choices }?.latency
    let chosen = validation?.pruned.flatMap { pruned in share.map { ($0 * 100, pruned) } }
    let interval = chosen?.1.interval
    let heights =
      all.map(\.y) + [validation?.dense.map { $0.fraction * 100 }].compactMap { $0 }
      + (interval.map { [$0.lowerBound * 100, $0.upperBound * 100] } ?? [])
    var chart = Chart(
      "Accuracy by cost", x: Axis(all.map(\.x) + (chosen.map { [$0.0] } ?? [])), y: Axis(heights),
      labels: (resource == .macs ? "% of the MACs" : "% of the time, predicted", "accuracy, %"))
    if let dense = validation?.dense {
      chart.level(
        dense.fraction * 100, "dense", name: "dense \(percent(dense.fraction, 2))")
    }
    for step in steps {
      guard let place = point(step) else { continue }
      chart.dot(place, "each", radius: 1.8, note: note(step, place))
    }
    chart.line(front.steps.compactMap(point), "front")
    for step in front.steps {
      guard let place = point(step) else { continue }
      chart.dot(place, "front", radius: 2.8, note: note(step, place))
    }
    if let (x, accuracy) = chosen, let interval {
      chart.range(interval.lowerBound * 100...interval.upperBound * 100, x: x, "chosen")
      chart.dot(
        (x, accuracy.fraction * 100), "chosen", radius: 4.5,
        note:
          "this strategy: \(percent(accuracy.fraction, 2)) of \(grouped(accuracy.images)) images")
    }
    return chart
  }

  private func note(_ step: SearchStep, _ place: (x: Double, y: Double)) -> String {
    "\(place.x.fixed(1)) %: \(place.y.fixed(2)) % of \(grouped(step.measurement.accuracy.images)) images"
  }

  private func figure(_ content: Markup, _ caption: String) -> Markup {
    Markup("figure", [:], [content, Markup("figcaption", text: caption)])
  }

  // MARK: Network and choices

  private var networkSection: Markup {
    section(
      "Network",
      "Node by node, with the shares of its filters that keep each tap, the channels that stay, and what is "
        + "computed of what the dense model does.",
      NetworkTable(space, file.strategy, masks: masks).markup,
      legend([("kept", "kept"), ("gone", "left out")]))
  }

  private var choicesSection: Markup {
    let rows = choices.map { choice in
      Markup(
        "tr", [:],
        [
          Markup("td", text: choice.unit),
          Markup("td", choice.pattern == "dense" ? ["class": "soft"] : [:], text: choice.pattern),
          Markup("td", ["class": "right"], text: "\(choice.kept.kept)/\(choice.kept.of)"),
          Markup(
            "td", ["class": "right"],
            text: "\(short(choice.macs.dense)) → \(short(choice.macs.pruned))"),
          Markup(
            "td", ["class": "right"], text: choice.loss.map { percent($0, 2) } ?? ""),
          Markup("td", ["class": "soft"], text: choice.isPinned ? "pinned" : ""),
        ])
    }
    return section(
      "Strategy",
      "One choice for every unit. The loss is how far that choice alone moves the logits.",
      Markup(
        "div", ["class": "scroll"],
        [
          table(
            "", ["unit", "pattern", "kept", "MACs of its layers", "loss", ""], right: 2...4, rows)
        ]))
  }

  // MARK: Provenance

  private var provenanceSection: Markup {
    var facts: [(String, String)] = [
      ("Model", "\(file.model), SHA-256 \(file.digest ?? "unknown")"),
      (
        "Strategy",
        "SHA-256 \(SHA256.hexDigest(of: [Array(file.json(for: space).utf8)]) ?? "unknown")"
      ),
      ("Menus", "for \(space.engine.rawValue), masks shared by \(space.sharing)"),
    ]
    if let method = file.method {
      facts.append(
        (
          "Method",
          "correction \(method.correction.rawValue), importance "
            + (method.importance?.rawValue ?? "as usual")
        ))
    }
    if let target = file.target {
      facts.append(("Target", "\(percent(target.share, 1)) of the \(target.resource.name)"))
    }
    if let seed = file.seed { facts.append(("Seed", "\(seed)")) }
    for accuracies in accuracies {
      guard let images = (accuracies.pruned ?? accuracies.dense)?.images else { continue }
      facts.append(("Images, \(accuracies.split.rawValue)", grouped(images)))
    }
    if let machine {
      facts.append(("Processor", "\(machine.processor), \(machine.kernels) kernels"))
      facts.append(("System", machine.system))
    }
    if !latencies.isEmpty {
      facts.append(("Engines", latencies.map(\.engine).joined(separator: ", ")))
    }
    facts.append(
      ("Written by", "sculpt \(programVersion)" + (machine.map { ", \($0.moment)" } ?? "")))
    return section(
      "Provenance", "What it takes to get the same figures again.",
      Markup(
        "dl", [:], facts.flatMap { [Markup("dt", text: $0.0), Markup("dd", text: $0.1)] }))
  }

  // MARK: Parts

  private func table(
    _ kind: String, _ titles: [String], right first: Int, _ rows: [Markup]
  ) -> Markup {
    table(kind, titles, right: first...titles.count, rows)
  }

  private func table(
    _ kind: String, _ titles: [String], right: ClosedRange<Int>, _ rows: [Markup]
  ) -> Markup {
    let head = titles.enumerated().map { place, title in
      Markup("th", right.contains(place) ? ["class": "right"] : [:], text: title)
    }
    return Markup(
      "table", ["class": kind],
      [Markup("thead", [:], [Markup("tr", [:], head)]), Markup("tbody", [:], rows)])
  }

  private func legend(_ entries: [(kind: String, name: String)]) -> Markup {
    Markup(
      "p", ["class": "legend"],
      entries.map {
        Markup(
          "span", [:],
          [Markup("span", ["class": "key \($0.kind)"], text: ""), Markup(text: $0.name)])
      })
  }

  private func percent(_ share: Double, _ places: Int) -> String {
    "\((share * 100).fixed(places))\u{202F}%"
  }

  /// The change in points: `−0.71`.
  private func points(_ pruned: Accuracy, _ dense: Accuracy) -> String {
    let change = (pruned.fraction - dense.fraction) * 100
    let text = abs(change).fixed(2)
    return (text == "0.00" ? "±" : change < 0 ? "−" : "+") + text
  }

  private func grouped(_ count: Int) -> String {
    var parts: [String] = []
    var rest = count
    while rest >= 1000 {
      let low = String(rest % 1000)
      parts.insert(String(repeating: "0", count: 3 - low.count) + low, at: 0)
      rest /= 1000
    }
    return ([String(rest)] + parts).joined(separator: ",")
  }

  /// Three digits and a unit: `15.2 M`.
  private func short(_ count: Int) -> String { shortCount(count) }
}

/// Three digits and a unit: `15.2 M`.
func shortCount(_ count: Int) -> String {
  for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where Double(count) >= size {
    let value = Double(count) / size
    return "\(value.fixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)) \(unit)"
  }
  return "\(count)"
}
