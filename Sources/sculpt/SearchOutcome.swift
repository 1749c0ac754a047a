internal import Engine
internal import Metrics
internal import Patterns
internal import Search

/// The best strategy that a method found, as it is printed.
struct SearchOutcome: Encodable {
  var method: String
  /// Nil where there is one for the whole command.
  var seed: UInt64?
  var evaluations: Int
  var accuracy: Double
  var correct: Int
  var images: Int
  /// From the dense model's classes, in nats.
  var divergence: Double?
  /// The same with its layers solved again, and the accuracy then.
  var resolvedDivergence: Double?
  var resolvedAccuracy: Double?
  /// What a compared method had found after so many images.
  var points: [Point]?
  /// That a compared method took.
  var seconds: Double?
  var macs: Int
  var parameters: Int
  var macsKept: Double
  /// The correction of the pruned model for that accuracy.
  var correction: Correction?
  /// The predicted time of an image, as a share of the dense model's; nil if choices were not timed.
  var latency: Double?
  /// The same as it was measured at the end, in turn with the dense model.
  var measuredLatency: Timings?
  /// What the tables of other devices say.
  var devices: [Device] = []

  struct Point: Encodable {
    var images: Int
    var divergence: Double?
    var accuracy: Double
  }

  /// The predicted time on a device, as a share of the dense model's there.
  struct Device: Encodable {
    var device: String
    var latency: Double
  }

  init(method: String, evaluations: Int, _ best: SearchStep, of dense: Cost) {
    self.method = method
    self.evaluations = evaluations
    accuracy = best.measurement.accuracy.fraction
    correct = best.measurement.accuracy.correct
    images = best.measurement.accuracy.images
    divergence = best.measurement.divergence
    macs = best.measurement.cost.macs
    parameters = best.measurement.cost.parameters
    macsKept = macs.share(of: dense.macs)
    latency = best.latency
  }

  init(_ result: MethodResult, of dense: Cost) {
    self.init(method: result.method, evaluations: result.evaluations, result.best, of: dense)
    seed = result.seed
    resolvedDivergence = result.resolved?.divergence
    resolvedAccuracy = result.resolved?.accuracy.fraction
    points = result.points.map {
      Point(
        images: $0.images, divergence: $0.best.measurement.divergence,
        accuracy: $0.best.measurement.accuracy.fraction)
    }
    seconds = result.seconds
  }

  var line: String {
    "\(method.padded(to: 8)) \(evaluations) evaluations: \(accuracy.percent) of \(images) images"
      + "\(correction == .resolved ? ", resolved" : ""), "
      + (seed == nil ? "" : divergence.map { "KL \($0.decimals(4)), " } ?? "")
      + (resolvedDivergence.map { "resolved \($0.decimals(4)), " } ?? "")
      + "\(macs.grouped) MACs (\(macsKept.percent)), \(parameters.grouped) parameters"
      + (latency.map { ", \($0.percent) of the latency predicted" } ?? "")
      + (measuredLatency.map { ", \($0.median.percent) measured" } ?? "")
      + devices.map { "\n\($0.device): \($0.latency.percent) of its dense latency" }.joined()
  }
}
