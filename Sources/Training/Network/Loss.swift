public import Tensors

/// The loss that training minimises, averaged over a batch.
public struct Loss: Sendable {
  /// The share of the teacher in the loss, 0 to 1.
  public var distillation: Float
  /// The temperature by which both networks' logits are divided where they are compared.
  public var temperature: Float

  /// Cross-entropy with the targets; with a teacher so much of it is replaced by the divergence from the
  /// teacher's softened probabilities (Hinton et al., arXiv 1503.02531, section 2).
  public init(distillation: Float = 0, temperature: Float = 2) {
    self.distillation = distillation
    self.temperature = temperature
  }

  /// (1 - d) cross-entropy(targets, logits) + d t^2 KL(teacher / t || logits / t), a single number.
  ///
  /// - Parameters:
  ///   - targets: probabilities, [N, classes].
  ///   - teacher: logits, [N, classes].
  public func callAsFunction<Scalar>(
    _ logits: Variable<Scalar>, targets: Tensor<Scalar>, teacher: Tensor<Scalar>? = nil
  ) -> Variable<Scalar> {
    let tape = logits.tape
    let count = Scalar(targets.shape[0])
    let (share, temperature) = (Scalar(distillation), Scalar(temperature))
    func crossEntropy(
      _ logits: Variable<Scalar>, _ targets: Tensor<Scalar>
    ) -> Variable<Scalar> {
      -((logits.logSoftmax() * tape.constant(targets)).sum() / count)
    }
    let plain = crossEntropy(logits, targets)
    guard let teacher, distillation > 0 else { return plain }
    let soft = tape.constant(teacher) / temperature
    let probabilities = soft.softmax().value
    // KL differs from the cross-entropy by the teacher's entropy, which moves no gradient.
    let entropy = crossEntropy(soft, probabilities).value.scalar
    let divergence = crossEntropy(logits / temperature, probabilities) - entropy
    return plain * (1 - share) + divergence * (share * temperature * temperature)
  }
}
