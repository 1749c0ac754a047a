internal import ModelGraph

extension Pattern {
  /// Whether the engine runs what this pattern leaves faster than the whole.
  public func pays(on engine: TargetEngine) -> Bool {
    switch self {
    case .dense, .filter, .head, .neuron: true
    case .stripe, .taps, .masks, .tile: engine == .native
    case .thirds, .boxes: engine == .onnx || engine == .openvino
    case .nOfM(let density): engine == .tensorrt && density == Density(2, 4)
    }
  }
}

extension PatternLibrary {
  /// The patterns that make a model faster on `engine`.
  public func offered(on engine: TargetEngine) -> PatternLibrary {
    PatternLibrary(patterns.filter { $0.pays(on: engine) })
  }

  /// The choices legal for a weight, dense first.
  func menu(for shape: WeightShape) -> [Pattern] {
    menu { $0.fits(shape) ? $0 : nil }
  }

  /// The choices legal for a group of channels, dense first. Of those that keep equally many
  /// channels the first one stays.
  func menu(for group: ChannelGroup) -> [Pattern] {
    var seen: Set<Int> = [group.channels]
    return menu { pattern in
      guard pattern.fits(group), seen.insert(pattern.keptChannels(of: group)).inserted
      else { return nil }
      return pattern
    }
  }

  private func menu(_ legal: (Pattern) -> Pattern?) -> [Pattern] {
    var menu: [Pattern] = [.dense]
    for pattern in patterns.compactMap(legal) where !menu.contains(pattern) {
      menu.append(pattern)
    }
    return menu
  }
}
