/// The trainable tensors of a model, in the order they were added.
///
/// Layers hold keys and the optimiser sees the list: so a model can be a plain description, and its weights a
/// value that is copied, compared and stored.
public struct Parameters: Sendable, Equatable, Codable {
  /// The place of one parameter.
  public struct Key: Sendable, Hashable {
    let index: Int
  }

  /// A unique name for each parameter.
  public private(set) var names: [String] = []
  /// The values.
  public internal(set) var tensors: [Tensor<Float>] = []

  /// Creates an empty list.
  public init() {}

  /// Appends a parameter.
  public mutating func add(_ name: String, _ value: Tensor<Float>) -> Key {
    precondition(!names.contains(name), "two parameters are called \(name)")
    names.append(name)
    tensors.append(value)
    return Key(index: tensors.count - 1)
  }

  /// The value of a parameter; a new one must have the old one's shape.
  public subscript(key: Key) -> Tensor<Float> {
    get { tensors[key.index] }
    set {
      precondition(newValue.shape == tensors[key.index].shape, "a parameter keeps its shape")
      tensors[key.index] = newValue
    }
  }

  /// Whether every scalar is finite.
  public var isFinite: Bool { tensors.allSatisfy { $0.scalars.allSatisfy(\.isFinite) } }

  /// The number of scalars in all parameters.
  public var scalarCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Whether names and shapes agree, so that one list can stand in for the other.
  public func hasSameLayout(as other: Parameters) -> Bool {
    names == other.names && tensors.map(\.shape) == other.tensors.map(\.shape)
  }

  /// Puts all parameters on a tape: as variables, or those alone that are called so, the others as constants.
  public func bound(to tape: Tape<Float>, learning learned: Set<String>? = nil) -> BoundParameters {
    let variables = zip(names, tensors).map { name, tensor in
      learned?.contains(name) ?? true ? tape.variable(tensor) : tape.constant(tensor)
    }
    return BoundParameters(tape: tape, names: names, variables: variables)
  }
}

/// Parameters as variables of one tape.
public struct BoundParameters {
  /// The tape that the variables are on.
  public let tape: Tape<Float>
  let names: [String]
  let variables: [Variable<Float>]

  /// The variable of a parameter.
  public subscript(key: Parameters.Key) -> Variable<Float> { variables[key.index] }

  /// The gradient of each parameter, in the order they were added.
  public func gradients(in gradients: Gradients<Float>) -> [Tensor<Float>] {
    variables.map { gradients[$0] }
  }

  /// The gradients of those that are variables, by name.
  public func namedGradients(in gradients: Gradients<Float>) -> [(name: String, Tensor<Float>)] {
    zip(names, variables).filter { $1.index != nil }.map { ($0, gradients[$1]) }
  }
}
