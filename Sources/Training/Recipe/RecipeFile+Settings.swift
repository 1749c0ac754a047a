internal import Formats

extension OptimizerSettings {
  /// Reads the object that a recipe holds; no other keys may be there.
  init(_ reader: inout ObjectReader) throws(FormatError) {
    switch try reader.string("kind") {
    case "sgd":
      self = .sgd(
        momentum: try reader.float("momentum", default: 0.9),
        isNesterov: try reader.flag("nesterov", default: true))
    case "adamw":
      self = .adamW(
        beta1: try reader.float("beta1", default: 0.9),
        beta2: try reader.float("beta2", default: 0.999),
        epsilon: try reader.float("epsilon", default: 1e-8))
    case let kind:
      throw reader.error("there is no 'kind' \(kind.quoted)", remedy: "use sgd or adamw")
    }
    try reader.finish()
  }
}

extension LearningRateSchedule {
  /// Reads the object that a recipe holds; no other keys may be there.
  init(_ reader: inout ObjectReader) throws(FormatError) {
    switch try reader.string("kind") {
    case "constant":
      self = .constant(warmupEpochs: try reader.float("warmup_epochs", default: 0))
    case "cosine":
      self = .cosine(
        warmupEpochs: try reader.float("warmup_epochs", default: 0),
        final: try reader.float("final", default: 0))
    case "one_cycle":
      self = .oneCycle(peakAt: try reader.float("peak_at", default: 0.25))
    case let kind:
      throw reader.error(
        "there is no 'kind' \(kind.quoted)", remedy: "use constant, cosine or one_cycle")
    }
    try reader.finish()
  }
}

extension Augmentation {
  /// Reads the object that a recipe holds; no other keys may be there.
  init(_ reader: inout ObjectReader) throws(FormatError) {
    self.init(
      crop: try reader.integer("crop", default: 0),
      resizedCrop: try reader.optionalFloat("resized_crop"),
      isFlipping: try reader.flag("flip", default: false),
      color: try reader.float("color", default: 0),
      cutout: try reader.integer("cutout", default: 0),
      mixup: try reader.optionalFloat("mixup"))
    try reader.finish()
  }
}

extension ObjectReader {
  /// A finite number, or nil if the key is missing.
  mutating func optionalFloat(_ key: String) throws(FormatError) -> Float? {
    guard has(key) else {
      _ = optional(key)
      return nil
    }
    return try float(key)
  }
}
