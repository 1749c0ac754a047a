/// Images classified correctly, of how many.
///
///     let accuracy = Accuracy(correct: 93, images: 100)
///     let interval = accuracy.interval  // 0.863 to 0.966, at 95 %
public struct Accuracy: Hashable, Sendable, Codable {
  /// Images whose largest logit was the label.
  public var correct: Int
  /// Images looked at.
  public var images: Int

  /// `correct` of `images`.
  public init(correct: Int, images: Int) {
    self.correct = correct
    self.images = images
  }

  /// The share of correct images, 0 to 1.
  public var fraction: Double { images == 0 ? 0 : Double(correct) / Double(images) }

  /// Wilson's 95 % score interval (Wilson 1927) of the accuracy on images like these, 0 to 1.
  public var interval: ClosedRange<Double> {
    guard images > 0 else { return 0...1 }
    let n = Double(images)
    let z = 1.959964
    let centre = (fraction + z * z / (2 * n)) / (1 + z * z / n)
    let half =
      z / (1 + z * z / n)
      * (fraction * (1 - fraction) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, centre - half)...min(1, centre + half)
  }
}

extension Accuracy {
  /// How many rows of logits, `[N, classes]`, have their largest value at the label.
  package static func correct(_ logits: [Float], labels: ArraySlice<Int32>) -> Int {
    let classes = logits.count / max(labels.count, 1)
    return zip(labels, stride(from: 0, to: logits.count, by: max(classes, 1))).count {
      label, row in
      let best = (row..<row + classes).max { logits[$0] < logits[$1] } ?? row
      return best - row == Int(label)
    }
  }
}
