/// Which strategy is shown.
package enum Viewing: Hashable, Sendable {
  /// The latest step, or what the user has made of it.
  case live
  /// A step of a past episode; both count from 0.
  case past(episode: Int, step: Int)
}

/// How far loading has come.
package enum Loading: Hashable, Sendable {
  /// Weights and images are being read.
  case underWay
  /// Everything is there.
  case done
  /// The model cannot be evaluated: why.
  case failed(String)
}
