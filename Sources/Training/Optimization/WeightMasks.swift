public import Tensors

/// Which elements of parameters stay when a pruned network is trained on; all others are zero and remain so.
public struct WeightMasks: Sendable, Equatable {
  /// A flag for each element of a parameter; parameters without flags are free.
  public let kept: [Parameters.Key: [Bool]]

  /// Masks of the given flags, as many for each parameter as it has elements.
  public init(_ kept: [Parameters.Key: [Bool]]) {
    self.kept = kept
  }

  /// Masks that keep what is not zero in the parameters at `keys`.
  public init(nonzeroOf parameters: Parameters, at keys: [Parameters.Key]) {
    let flags = keys.map { key in (key, parameters[key].scalars.map { $0 != 0 }) }
    kept = Dictionary(flags) { first, _ in first }
  }

  /// Zeroes what does not stay; belongs after every step.
  public func apply(to parameters: inout Parameters) {
    for (key, flags) in kept { parameters.clear(key, except: flags) }
  }

  /// Zeroes what the optimiser gathered for what does not stay, so that no momentum can revive it.
  public func apply(to optimizer: inout Optimizer) {
    for (key, flags) in kept { optimizer.clearState(of: key, except: flags) }
  }
}
