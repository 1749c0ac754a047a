/// The record of a computation, from which gradients are computed in reverse.
///
/// Operators on `Variable` append one entry each: which variables they read, and how a gradient of their
/// result becomes gradients of those. New operators, also outside this module, need nothing but `record`.
/// A tape is used by one thread, for one computation, and then dropped.
///
///     let tape = Tape<Float>()
///     let x = tape.variable(Tensor(shape: [3], scalars: [1, 2, 3]))
///     let loss = (x * x).sum()
///     let gradient = tape.gradients(of: loss)[x]  // 2, 4, 6
public final class Tape<Scalar: TensorScalar> {
  /// Turns the gradient of an operator's result into gradients of its inputs.
  public typealias Pullback = (_ gradient: Tensor<Scalar>, _ inputs: inout InputGradients<Scalar>)
    -> Void

  struct Entry {
    var inputs: [Int?]
    var shape: [Int]
    var pullback: Pullback?
  }

  private(set) var entries: [Entry] = []

  /// Whether operators are recorded. A tape that does not record computes values only, and keeps nothing.
  public let isRecording: Bool

  /// How many threads the operators of networks use; no result depends on it.
  public let threads: Int

  /// Creates an empty tape.
  public init(isRecording: Bool = true, threads: Int = 1) {
    self.isRecording = isRecording
    self.threads = threads
  }

  /// A value to differentiate with respect to.
  public func variable(_ value: Tensor<Scalar>) -> Variable<Scalar> {
    guard isRecording else { return constant(value) }
    return append(value, Entry(inputs: [], shape: value.shape, pullback: nil))
  }

  /// A value that gets no gradient.
  public func constant(_ value: Tensor<Scalar>) -> Variable<Scalar> {
    Variable(tape: self, index: nil, value: value)
  }

  /// The result of an operator on `inputs`.
  ///
  /// `pullback` must not capture variables, which would keep the tape alive forever: it captures the tensors
  /// it needs and names the inputs by their position.
  public func record(
    _ value: Tensor<Scalar>, from inputs: Variable<Scalar>..., pullback: @escaping Pullback
  ) -> Variable<Scalar> {
    record(value, from: inputs, pullback: pullback)
  }

  /// The result of an operator on any number of `inputs`.
  public func record(
    _ value: Tensor<Scalar>, from inputs: [Variable<Scalar>], pullback: @escaping Pullback
  ) -> Variable<Scalar> {
    precondition(inputs.allSatisfy { $0.tape === self }, "an operator mixes two tapes")
    guard inputs.contains(where: { $0.index != nil }) else { return constant(value) }
    return append(
      value, Entry(inputs: inputs.map(\.index), shape: value.shape, pullback: pullback))
  }

  private func append(_ value: Tensor<Scalar>, _ entry: Entry) -> Variable<Scalar> {
    entries.append(entry)
    return Variable(tape: self, index: entries.count - 1, value: value)
  }

  /// The gradients of `loss`, a single number, with respect to every variable it was computed from.
  ///
  /// Those of intermediate results are released as soon as they have been used.
  /// Complexity: one pullback for each recorded operator that the loss depends on.
  public func gradients(of loss: Variable<Scalar>) -> Gradients<Scalar> {
    precondition(loss.tape === self, "the loss is on another tape")
    precondition(loss.value.count == 1, "a loss of shape \(loss.value.shape) is no single number")
    var gradients = Gradients<Scalar>(count: entries.count, threads: threads)
    guard let last = loss.index else { return gradients }
    gradients.add(Tensor(shape: loss.value.shape, repeating: 1), at: last)
    for index in stride(from: last, through: 0, by: -1) {
      let entry = entries[index]
      guard let pullback = entry.pullback, let gradient = gradients.take(at: index) else {
        continue
      }
      precondition(gradient.shape == entry.shape)
      var inputs = InputGradients(inputs: entry.inputs, gradients: gradients)
      gradients = Gradients(count: 0, threads: threads)
      pullback(gradient, &inputs)
      gradients = inputs.gradients
    }
    return gradients
  }
}
