import ModelGraph

/// One pass over memory. Buffers are indices into the program's buffers; what is called an offset in
/// `constants` or `tables` is one into the program's arrays of that name.
enum Step: Hashable, Sendable {
  case convolve(ConvolveStep)
  case pool(PoolStep)
  case affine(AffineStep)
  case activate(ActivateStep)
  case combine(CombineStep)
  case normalize(NormalizeStep)
  case normalizeGroups(NormalizeGroupsStep)
  case multiply(MultiplyStep)
  case attend(AttendStep)
  case move(MoveStep)
  case interpolate(InterpolateStep)
  case argMax(ArgMaxStep)

  /// Buffers that it reads.
  var sources: [Int] {
    switch self {
    case .convolve(let step): [step.source] + (step.residual.map { [$0] } ?? [])
    case .pool(let step): [step.source]
    case .affine(let step): [step.source] + (step.residual.map { [$0] } ?? [])
    case .activate(let step): [step.source]
    case .combine(let step): [step.source, step.other]
    case .normalize(let step): [step.source]
    case .normalizeGroups(let step): [step.source]
    case .multiply(let step): [step.left, step.right]
    case .attend(let step): [step.queries, step.keys, step.values]
    case .move(let step): [step.source]
    case .interpolate(let step): [step.source]
    case .argMax(let step): [step.source]
    }
  }

  /// The buffer that it writes.
  var destination: Int {
    switch self {
    case .convolve(let step): step.destination
    case .pool(let step): step.destination
    case .affine(let step): step.destination
    case .activate(let step): step.destination
    case .combine(let step): step.destination
    case .normalize(let step): step.destination
    case .normalizeGroups(let step): step.destination
    case .multiply(let step): step.destination
    case .attend(let step): step.destination
    case .move(let step): step.destination
    case .interpolate(let step): step.destination
    case .argMax(let step): step.destination
    }
  }

  /// What it computes of a convolution or linear layer, if it does.
  var layer: ConvolveStep? {
    if case .convolve(let step) = self { step } else { nil }
  }
}
