public import ModelGraph

/// The weight of a convolution or linear layer, `[filters][inputs][taps]`.
public struct WeightShape: Hashable, Sendable {
  /// Filters, or features of a linear layer.
  public var filters: Int
  /// Channels that a filter reads, those of its group; features that a linear layer reads.
  public var inputs: Int
  /// Rows and columns of a kernel; 1x1 for a linear layer.
  public let kernel: Extent
  /// Whether the input is padded so that the middle of the kernel alone would yield as many outputs.
  public let isCentred: Bool

  /// A weight of the given extents.
  public init(filters: Int, inputs: Int, kernel: Extent = .one, isCentred: Bool = true) {
    self.filters = filters
    self.inputs = inputs
    self.kernel = kernel
    self.isCentred = isCentred
  }

  /// The weights in it.
  public var count: Int { filters * inputs * kernel.area }
}

extension Graph {
  /// The weight of node `index`; nil if it is no convolution or linear layer.
  package func weightShape(of index: Int) -> WeightShape? {
    let node = nodes[index]
    guard let source = node.inputs.first.map({ nodes[$0].shape }) else { return nil }
    switch node.op {
    case .convolution(let conv):
      return WeightShape(
        filters: conv.outputChannels, inputs: source.channels / conv.groups, kernel: conv.kernel,
        isCentred: conv.isCentred)
    case .linear(let linear):
      return WeightShape(filters: linear.outputFeatures, inputs: source.dimensions.last ?? 1)
    default: return nil
    }
  }

  /// Whether node `index` is a convolution whose filters read a part of the channels each.
  package func isGrouped(_ index: Int) -> Bool {
    guard case .convolution(let conv) = nodes[index].op else { return false }
    return conv.groups > 1
  }
}
