internal import ModelGraph

/// What masks have left of a model, as it is printed.
struct Nonzero: Encodable {
  var macs: Int
  var parameters: Int

  /// Nil without weights.
  init?(_ model: Model) {
    guard let nonzero = model.nonzero else { return nil }
    (macs, parameters) = nonzero
  }

  /// It beside the MACs in all; nil if no weight is zero.
  func line(of all: Int) -> String? {
    guard macs < all else { return nil }
    return "without weights that are zero \(macs.grouped) MACs (\(macs.share(of: all).percent)), "
      + "\(parameters.grouped) parameters"
  }
}
