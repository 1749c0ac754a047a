internal import Foundation

/// How far a network's logits are from another's on the same images.
public struct LogitDistance: Hashable, Sendable, Codable {
  /// The mean squared difference over the variance of the reference's logits.
  public let error: Double
  /// The mean over images of the Kullback-Leibler divergence of the classes' probabilities from the
  /// reference's, in nats.
  public let divergence: Double

  /// The distance of `logits` from those of a reference, both `[images][classes]`.
  public init(_ logits: [Float], from reference: [Float], classes: Int) {
    precondition(logits.count == reference.count && classes > 0)
    error = Self.error(of: logits, from: reference)
    let divergences = Self.divergences(of: logits[...], from: reference[...], classes: classes)
    divergence = divergences.reduce(0, +) / Double(max(divergences.count, 1))
  }

  /// The divergence of each image's classes from the reference's, in nats; both are `[images][classes]`.
  public static func divergences(
    of logits: ArraySlice<Float>, from reference: ArraySlice<Float>, classes: Int
  ) -> [Double] {
    zip(
      stride(from: reference.startIndex, to: reference.endIndex, by: classes),
      stride(from: logits.startIndex, to: logits.endIndex, by: classes)
    ).map { row, other in
      divergence(reference[row..<row + classes], logits[other..<other + classes])
    }
  }

  /// The squared differences of each image's logits from the reference's, both less their means over the classes, on
  /// which no probability depends; summed over the classes.
  public static func squares(
    of logits: ArraySlice<Float>, from reference: ArraySlice<Float>, classes: Int
  ) -> [Double] {
    let differences = zip(logits, reference).map { $0 - $1 }
    return stride(from: 0, to: differences.count, by: classes).map {
      spread(of: differences[$0..<$0 + classes])
    }
  }

  /// The mean squared difference of outputs from those of a reference, over the variance of the latter.
  public static func error(of outputs: [Float], from reference: [Float]) -> Double {
    let squares = zip(outputs, reference).reduce(0.0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
    return squares / max(spread(of: reference), .leastNormalMagnitude)
  }

  /// The sum of the squared deviations of some outputs from their mean.
  public static func spread(of outputs: some Collection<Float>) -> Double {
    let mean = outputs.reduce(0.0) { $0 + Double($1) } / Double(max(outputs.count, 1))
    return outputs.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
  }

  private static func divergence(_ p: ArraySlice<Float>, _ q: ArraySlice<Float>) -> Double {
    let (logP, logQ) = (logProbabilities(p), logProbabilities(q))
    return zip(logP, logQ).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
  }

  private static func logProbabilities(_ logits: ArraySlice<Float>) -> [Double] {
    let most = Double(logits.max() ?? 0)
    let total = logits.reduce(0.0) { $0 + exp(Double($1) - most) }
    return logits.map { Double($0) - most - log(total) }
  }
}
