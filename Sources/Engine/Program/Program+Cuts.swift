import ModelGraph

extension Program {
  /// A place between two steps where a single activation holds all that the rest needs.
  struct Cut: Hashable, Sendable {
    /// The first step behind it.
    let step: Int
    /// The activation's buffer.
    let buffer: Int
    /// The fingerprint of the steps before: equal for programs that begin with the same computation.
    let fingerprint: Fingerprint
  }

  /// The cuts, from the input to the output.
  ///
  /// - Parameter influences: what else has a part in what a step computes.
  func cuts(influences: (Step) -> [Double] = { _ in [] }) -> [Cut] {
    let lifetimes = lifetimes
    // Buffers that are alive behind each step.
    var changes = [Int](repeating: 0, count: steps.count + 2)
    for lifetime in lifetimes where !lifetime.isEmpty {
      changes[lifetime.lowerBound + 1] += 1
      changes[lifetime.upperBound + 1] -= 1
    }
    var alive = changes[0]
    var result: [Cut] = []
    var hasher = Fingerprinter()
    hasher.combine(inputShape.hashValue)
    hasher.combine(input.hashValue)
    var (constant, table) = (0, 0)
    for index in steps.indices {
      let extent = extents[index]
      constants.withUnsafeBytes {
        hasher.combine(
          bytes: UnsafeRawBufferPointer(rebasing: $0[constant * 4..<extent.constants * 4]))
      }
      tables.withUnsafeBytes {
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[table * 4..<extent.tables * 4]))
      }
      hasher.combine(steps[index].hashValue)
      influences(steps[index]).withUnsafeBytes { hasher.combine(bytes: $0) }
      (constant, table) = (extent.constants, extent.tables)
      // `changes` counts from the input, which is written before the first step.
      alive += changes[index + 1]
      guard alive == 1, index + 1 < steps.count,
        let buffer = lifetimes.firstIndex(where: {
          $0.lowerBound <= index && index < $0.upperBound
        })
      else { continue }
      result.append(
        Cut(
          step: index + 1, buffer: buffer,
          fingerprint: hasher.fingerprint))
    }
    return result
  }
}
