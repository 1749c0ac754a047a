internal import Foundation
public import Metrics
internal import Patterns

/// What methods found with equal budgets, seed by seed.
public struct MethodComparison: Sendable {
  /// In the order in which they came.
  public private(set) var results: [MethodResult] = []

  /// No results yet.
  public init() {}

  /// Adds a result.
  public mutating func add(_ result: MethodResult) { results.append(result) }

  /// The methods, in the order of their first results.
  public var methods: [String] {
    var seen: Set<String> = []
    return results.map(\.method).filter { seen.insert($0).inserted }
  }

  /// The results of a method, one a seed.
  public func results(of method: String) -> [MethodResult] {
    results.filter { $0.method == method }
  }

  /// The divergences of a method's best strategies in nats, one a seed.
  public func divergences(of method: String) -> [Double] {
    results(of: method).compactMap(\.best.measurement.divergence)
  }

  /// The least divergence that any method found with any seed.
  public var leastDivergence: Double {
    results.compactMap(\.best.measurement.divergence).min() ?? 0
  }

  /// How often a method's divergence is below another's with the same seed.
  public func signTest(_ method: String, against other: String) -> SignTest {
    let others = Dictionary(
      results(of: other).map { ($0.seed, $0.best.measurement.divergence) },
      uniquingKeysWith: { first, _ in first })
    return SignTest(
      results(of: method).compactMap { result in
        guard let own = result.best.measurement.divergence, let other = others[result.seed] ?? nil
        else { return nil }
        return (own, other)
      })
  }

  // MARK: Files

  /// One row for each method, seed and point of the budget.
  public var csv: String {
    var rows = [
      "method,seed,looked_at,kl,accuracy,images,macs,resolved_kl,resolved_accuracy,seconds"
    ]
    for result in results {
      for (place, point) in result.points.enumerated() {
        let (cost, found) = (point.best.measurement.cost, point.best.measurement)
        let isLast = place == result.points.count - 1
        let resolved = isLast ? result.resolved : nil
        rows.append(
          [
            result.method, "\(result.seed)", "\(point.images)",
            found.divergence?.fixed(6) ?? "", found.accuracy.fraction.fixed(6),
            "\(found.accuracy.images)", "\(cost.macs)", resolved?.divergence?.fixed(6) ?? "",
            resolved?.accuracy.fraction.fixed(6) ?? "", isLast ? result.seconds.fixed(2) : "",
          ].joined(separator: ","))
      }
    }
    return rows.joined(separator: "\n") + "\n"
  }

  /// The median divergence of each method against the images that were looked at, from the least to the most of its
  /// seeds, as a drawing on its own.
  public var svg: String {
    let curves = methods.map { method in
      let results = results(of: method)
      let length = results.map(\.points.count).min() ?? 0
      return (
        method: method,
        points: (0..<length).map { place in
          let points = results.map { $0.points[$0.points.count - length + place] }
          let divergences = points.compactMap(\.best.measurement.divergence)
          return (
            images: points.map { Double($0.images) }.median, median: divergences.median,
            range: (divergences.min() ?? 0)...(divergences.max() ?? 0)
          )
        }
      )
    }.sorted { ($0.points.last?.median ?? 0) < ($1.points.last?.median ?? 0) }
    let all = curves.flatMap(\.points)
    var chart = Chart(
      "Divergence on unseen images", x: Axis([0] + all.map(\.images)),
      y: Axis(all.flatMap { [$0.range.lowerBound, $0.range.upperBound] }),
      labels: ("images looked at", "KL from the dense model on unseen images, nats"))
    var legend: [Markup] = []
    for (place, curve) in curves.enumerated() {
      let kind = "m\(methods.firstIndex(of: curve.method) ?? 0)"
      chart.line(curve.points.map { ($0.images, $0.median) }, kind)
      for point in curve.points {
        chart.range(point.range, x: point.images, kind)
        chart.dot(
          (point.images, point.median), kind, radius: 2.5,
          note: "\(curve.method): \(point.median.fixed(4))")
      }
      let text = "\(curve.method) \((curve.points.last?.median ?? 0).fixed(3))"
      legend.append(
        Markup(
          "text", ["class": kind, "x": "468", "y": "\(44 + 16 * place)"], text: text))
    }
    return Markup(
      "svg", ["xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 600 280"],
      [
        Markup(style: Self.style(curves: curves.count)),
        Markup("svg", ["width": "460", "height": "280"], [chart.markup]),
      ] + legend
    ).source + "\n"
  }

  /// Colours that those who are colour-blind can tell apart as well (Okabe and Ito, 2008).
  private static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
  ]

  private static func style(curves count: Int) -> String {
    let kinds = (0..<count).map { place in
      let colour = colours[place % colours.count]
      return "polyline.m\(place) { stroke: \(colour) } .m\(place) { fill: \(colour) }\n"
    }
    return "svg { font: 12px sans-serif; background: white } polyline { stroke-width: 1.5 }\n"
      + ".grid { stroke: #ddd } .axis { stroke: #888 } .tick, .label { fill: #444 }\n"
      + kinds.joined() + "polyline[class] { fill: none }\n"
  }
}
