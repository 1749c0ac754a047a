public import ModelGraph

/// The error of each filter of a convolution under each of some masks: the variance of what its output loses
/// after reconstruction, as the batch-norm behind it scales it.
public struct MaskErrors: Hashable, Sendable {
  /// The masks to choose from; never empty.
  public let masks: [TapMask]
  /// `[filters][masks]`.
  public let errors: [[Float]]

  /// Errors of some masks, `[filters][masks]`.
  public init(masks: [TapMask], errors: [[Float]]) {
    precondition(!masks.isEmpty && errors.allSatisfy { $0.count == masks.count })
    self.masks = masks
    self.errors = errors
  }

  /// Some of the filters, in that order.
  func selecting(_ filters: [Int]) -> MaskErrors {
    MaskErrors(masks: masks, errors: filters.map { errors[$0] })
  }

  /// The total error of an assignment, whose masks must be among those to choose from.
  public func total(_ assignment: [TapMask]) -> Float {
    zip(errors, assignment).reduce(0) { sum, filter in
      sum + (masks.firstIndex(of: filter.1).map { filter.0[$0] } ?? .infinity)
    }
  }
}
