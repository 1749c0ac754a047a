public import ModelGraph
public import Patterns

/// Says that calibration images are few for what is to be learnt from them.
public struct CalibrationAdvice: Hashable, Sendable, CustomStringConvertible {
  /// The images there are.
  public let images: Int
  /// The images that would do.
  public let wanted: Int
  /// Layers that the images tell little of.
  public let layers: Int

  /// Samples that a layer's inputs should be seen in, for each of them.
  private static let samplesPerFeature = 2
  /// Images for the mean and deviation of a channel.
  private static let matchedImages = 64

  /// Nil if the images are enough for a correction of the model's layers: a layer is to be seen in twice as many samples,
  /// images times output pixels, as it has inputs. Layers with one output pixel, which would need thousands of images,
  /// are left out.
  public init?(_ graph: Graph, images: Int, for correction: Correction) {
    let wanted = graph.nodes.indices.compactMap { node -> Int? in
      guard let weight = graph.weight(of: node), correction != .none else { return nil }
      guard correction.decisions == .reconstructed else { return Self.matchedImages }
      let shape = graph.nodes[node].shape
      let pixels = shape.count / max(weight.shape[0], 1)
      let features = weight.shape.dropFirst().reduce(1, *)
      guard pixels > 1 else { return nil }
      // A fifth is held out.
      return (Self.samplesPerFeature * features * 5 / 4 + pixels - 1) / pixels
    }
    layers = wanted.count { $0 > images }
    guard layers > 0 else { return nil }
    self.images = images
    self.wanted = wanted.max() ?? 0
  }

  /// One line for the user.
  public var description: String {
    "\(images) calibration images tell little of \(layers) layer\(layers == 1 ? "" : "s"), which \(layers == 1 ? "stays" : "stay") near "
      + "the dense weights; \(wanted) would do"
  }
}
