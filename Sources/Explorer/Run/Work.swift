package import Patterns

/// The work of other threads on a run: how far it is, and why some of it cannot be done.
package struct Work: Hashable, Sendable {
  /// How far loading has come.
  package var loading = Loading.underWay
  /// Whether a search is under way.
  package var isSearching = false
  /// Why the search gave up, if it did.
  package var failure: String?
  /// The choices of the strategy being measured for the user.
  package var measuring: [Pattern]?
  /// Whether the best strategy so far is being looked for, to be shown.
  package var isFindingBest = false
  /// Promising strategies that were measured on every image, while that is under way.
  package var finalists: ChoiceCount?
  /// Whether the layers of a strategy are being solved again.
  package var isResolving = false
  /// Choices whose loss was measured, while that is under way.
  package var losses: ChoiceCount?
  /// Choices that were timed, while that is under way.
  package var timing: ChoiceCount?
  /// Why choices cannot be timed, if so.
  package var timingFailure: String?

  /// Ends what makes a strategy ready to be written.
  mutating func endFinishing() {
    finalists = nil
    (isResolving, isFindingBest) = (false, false)
  }

  /// Whether strategies can be measured.
  var canMeasure: Bool { loading == .done && failure == nil }
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

/// How many choices or strategies are done, of how many.
package struct ChoiceCount: Hashable, Sendable {
  /// Those that are done.
  package private(set) var done: Int
  /// All of them.
  package private(set) var of: Int
  /// The first number that was told, and when.
  private let first: Int
  private let start: Duration
  /// When the last one was told.
  private var now: Duration

  /// The first number that is told, at a time since the program began.
  private init(_ done: Int, of: Int, at time: Duration) {
    (self.done, self.of) = (done, of)
    (first, start, now) = (done, time, time)
  }

  /// A number that follows on those told before, if there were any.
  static func count(_ before: ChoiceCount?, _ done: Int, of: Int, at time: Duration) -> ChoiceCount
  {
    guard var count = before, done >= count.done, of == count.of else {
      return ChoiceCount(done, of: of, at: time)
    }
    (count.done, count.now) = (done, time)
    return count
  }

  /// The time that the rest takes if it goes on like that; nil before that can be told.
  var left: Duration? {
    let elapsed = now - start
    guard done > first, elapsed >= .seconds(1) else { return nil }
    return elapsed * Double(of - done) / Double(done - first)
  }

  /// As in `293 of 342, 12 s left`.
  package var text: String {
    "\(done) of \(of)"
      + (left.map { ", \(Numbers.duration(Int($0.components.seconds) + 1)) left" } ?? "")
  }
}
