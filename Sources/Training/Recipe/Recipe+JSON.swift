package import Formats

extension Recipe {
  /// The recipe as a file holds it; `Recipe.read` reads it back as it is.
  public var json: String { jsonValue.rendered() }

  /// The recipe as a file holds it. What is optional and absent is left out.
  package var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [
      .init("format", .string(Self.format)),
      .init("version", .integer(Self.version)),
      .init("model", .string(model)),
      .init("data", .object([.init("train", train.json), .init("holdout", .integer(holdout))])),
      .init("seed", .number(String(seed))),
      .init("epochs", .integer(epochs)),
      .init("batch", .integer(batch)),
      .init("optimizer", optimizer.json),
      .init("learning_rate", .float(learningRate)),
      .init("weight_decay", .float(weightDecay)),
      .init("schedule", schedule.json),
    ]
    if let clipNorm { members.append(.init("clip_norm", .float(clipNorm))) }
    if labelSmoothing != 0 { members.append(.init("label_smoothing", .float(labelSmoothing))) }
    if let averageDecay { members.append(.init("ema", .float(averageDecay))) }
    if augmentation != Augmentation() { members.append(.init("augmentation", augmentation.json)) }
    return .object(members)
  }
}

extension OptimizerSettings {
  fileprivate var json: JSONValue {
    switch self {
    case .sgd(let momentum, let isNesterov):
      .object([
        .init("kind", .string("sgd")), .init("momentum", .float(momentum)),
        .init("nesterov", .bool(isNesterov)),
      ])
    case .adamW(let beta1, let beta2, let epsilon):
      .object([
        .init("kind", .string("adamw")), .init("beta1", .float(beta1)),
        .init("beta2", .float(beta2)), .init("epsilon", .float(epsilon)),
      ])
    }
  }
}

extension LearningRateSchedule {
  fileprivate var json: JSONValue {
    switch self {
    case .constant(let warmupEpochs):
      .object([
        .init("kind", .string("constant")), .init("warmup_epochs", .float(warmupEpochs)),
      ])
    case .cosine(let warmupEpochs, let final):
      .object([
        .init("kind", .string("cosine")), .init("warmup_epochs", .float(warmupEpochs)),
        .init("final", .float(final)),
      ])
    case .oneCycle(let peakAt):
      .object([.init("kind", .string("one_cycle")), .init("peak_at", .float(peakAt))])
    }
  }
}

extension Augmentation {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    if crop != 0 { members.append(.init("crop", .integer(crop))) }
    if let resizedCrop { members.append(.init("resized_crop", .float(resizedCrop))) }
    if isFlipping { members.append(.init("flip", .bool(true))) }
    if color != 0 { members.append(.init("color", .float(color))) }
    if cutout != 0 { members.append(.init("cutout", .integer(cutout))) }
    if let mixup { members.append(.init("mixup", .float(mixup))) }
    return .object(members)
  }
}
