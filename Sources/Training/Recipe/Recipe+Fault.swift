extension Recipe {
  /// A fault that no training could follow, by the file's names; nil without any.
  public var fault: String? {
    faultOfData ?? faultOfRates ?? optimizer.fault ?? schedule.fault ?? augmentation.fault
  }

  private var faultOfData: String? {
    if holdout < 1 { return "'holdout' must be at least 1, it is \(holdout)" }
    if !(1...100_000).contains(epochs) {
      return "'epochs' must be from 1 to 100000, it is \(epochs)"
    }
    if !(1...65_536).contains(batch) { return "'batch' must be from 1 to 65536, it is \(batch)" }
    return nil
  }

  private var faultOfRates: String? {
    if !(learningRate > 0 && learningRate.isFinite) {
      return "'learning_rate' must be positive, it is \(learningRate)"
    }
    if !(weightDecay >= 0 && weightDecay.isFinite) {
      return "'weight_decay' must not be negative, it is \(weightDecay)"
    }
    if let clipNorm, !(clipNorm > 0 && clipNorm.isFinite) {
      return "'clip_norm' must be positive, it is \(clipNorm)"
    }
    if !(0..<1).contains(labelSmoothing) {
      return "'label_smoothing' must be from 0 to below 1, it is \(labelSmoothing)"
    }
    if let averageDecay, !(averageDecay > 0 && averageDecay < 1) {
      return "'ema' must be above 0 and below 1, it is \(averageDecay)"
    }
    return nil
  }
}

extension OptimizerSettings {
  fileprivate var fault: String? {
    switch self {
    case .sgd(let momentum, _):
      (0..<1).contains(momentum) ? nil : "'momentum' must be from 0 to below 1, it is \(momentum)"
    case .adamW(let beta1, let beta2, let epsilon):
      if !(0..<1).contains(beta1) {
        "'beta1' must be from 0 to below 1, it is \(beta1)"
      } else if !(0..<1).contains(beta2) {
        "'beta2' must be from 0 to below 1, it is \(beta2)"
      } else {
        epsilon > 0 && epsilon.isFinite ? nil : "'epsilon' must be positive, it is \(epsilon)"
      }
    }
  }
}

extension LearningRateSchedule {
  fileprivate var fault: String? {
    func fault(ofWarmup epochs: Float) -> String? {
      epochs >= 0 && epochs <= 100_000
        ? nil : "'warmup_epochs' must be from 0 to 100000, it is \(epochs)"
    }
    switch self {
    case .constant(let warmupEpochs): return fault(ofWarmup: warmupEpochs)
    case .cosine(let warmupEpochs, let final):
      return fault(ofWarmup: warmupEpochs)
        ?? ((0...1).contains(final) ? nil : "'final' must be from 0 to 1, it is \(final)")
    case .oneCycle(let peakAt):
      return peakAt > 0 && peakAt < 1
        ? nil : "'peak_at' must be above 0 and below 1, it is \(peakAt)"
    }
  }
}

extension Augmentation {
  fileprivate var fault: String? {
    let sides = 0...65_536
    if !sides.contains(crop) { return "'crop' must be from 0 to 65536, it is \(crop)" }
    if let resizedCrop {
      guard resizedCrop > 0, resizedCrop <= 1 else {
        return "'resized_crop' must be above 0 and at most 1, it is \(resizedCrop)"
      }
      guard crop == 0 else { return "'crop' and 'resized_crop' exclude each other" }
    }
    if !(0...1).contains(color) { return "'color' must be from 0 to 1, it is \(color)" }
    if !sides.contains(cutout) { return "'cutout' must be from 0 to 65536, it is \(cutout)" }
    if let mixup, !(mixup > 0 && mixup <= 1000) {
      return "'mixup' must be above 0 and at most 1000, it is \(mixup)"
    }
    return nil
  }
}
