package import Metrics

/// What some images of a choice say of the dense model.
package struct DataTrial: Hashable, Sendable {
  /// How far it is.
  package enum Outcome: Hashable, Sendable {
    /// The images are being read.
    case reading
    /// The accuracy on a few of so many images, and what is peculiar about them.
    case accuracy(Accuracy, of: Int, remark: String?)
    /// It cannot be tried: why, in one line.
    case failed(String)
  }

  /// What is tried.
  package let choice: DataChoice
  /// How far it is.
  package let outcome: Outcome

  /// A trial.
  package init(_ choice: DataChoice, _ outcome: Outcome) {
    self.choice = choice
    self.outcome = outcome
  }
}
