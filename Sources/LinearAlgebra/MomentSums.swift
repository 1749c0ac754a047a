internal import CKernels
internal import Kernels
internal import Threads

/// Sums of rows of observations and of their products, from which means and covariances follow.
///
/// A row holds `groups * features` features, then `groups * targets` targets; products are formed
/// of the features of a group with each other and with the group's targets. Products of one panel
/// of rows are formed in single precision, by the kernel that training has for its weights' gradients;
/// panels are added in double: they should have no more than a few thousand rows. The number of threads
/// has no influence on the sums.
public struct MomentSums: Sendable {
  /// Groups that know nothing of each other.
  public let groups: Int
  /// Features of a group.
  public let features: Int
  /// Targets of a group.
  public let targets: Int
  /// Rows seen.
  public private(set) var count = 0
  private var sums: [Double]
  /// For each group and feature the products with its features, those before it left out, and targets.
  private var products: [Double]

  /// Values in a row.
  public var width: Int { groups * (features + targets) }

  /// Features whose products one job forms.
  private static let columnsPerJob = 96

  /// Sums of no rows.
  public init(groups: Int = 1, features: Int, targets: Int = 0) {
    self.groups = groups
    self.features = features
    self.targets = targets
    sums = [Double](repeating: 0, count: groups * (features + targets))
    products = [Double](repeating: 0, count: groups * features * (features + targets))
  }

  /// Adds rows of `width` values, one after the other.
  public mutating func add(_ panel: UnsafeBufferPointer<Float>, threads: Int) {
    let rows = panel.count / max(width, 1)
    precondition(rows * width == panel.count, "rows have another width")
    guard rows > 0, features > 0 else { return }
    count += rows
    // The kernel reads whole vectors: some values more than there are.
    let (width, stride) = (width, width + 8)
    let padded = [Float](unsafeUninitializedCapacity: rows * stride) { padded, count in
      padded.initialize(repeating: 0)
      for row in 0..<rows {
        for column in 0..<width { padded[row * stride + column] = panel[row * width + column] }
      }
      count = rows * stride
    }
    sums.withUnsafeMutableBufferPointer { sums in
      for row in 0..<rows {
        for column in 0..<width { sums[column] += Double(panel[row * width + column]) }
      }
    }
    let places = (0..<rows).map { Int32($0 * stride) }
    let shape = Shape(groups: groups, features: features, targets: targets)
    let blocks = (features + Self.columnsPerJob - 1) / Self.columnsPerJob
    let jobs = groups * blocks
    products.withUnsafeMutableBufferPointer { products in
      guard let products = products.baseAddress else { return }
      // Jobs write disjoint parts of the products.
      nonisolated(unsafe) let target = products
      parallel(jobs, threads: threads, scratch: { [Float]() }) { job, scratch in
        let first = job % blocks * Self.columnsPerJob
        shape.addProducts(
          first..<min(first + Self.columnsPerJob, shape.features), ofGroup: job / blocks, padded,
          places, to: target, &scratch)
      }
    }
  }
}

/// How many values of which kind a row holds.
private struct Shape: Sendable {
  let groups: Int
  let features: Int
  let targets: Int

  private static let rowsPerPass = 256

  /// Adds the products of some features of a group with the features from the first of them on, and
  /// with the group's targets.
  func addProducts(
    _ columns: Range<Int>, ofGroup group: Int, _ panel: [Float], _ places: [Int32],
    to products: UnsafeMutablePointer<Double>, _ scratch: inout [Float]
  ) {
    let kernel = sculpt_outer(InstructionSet.best.cValue)
    let products = products + (group * features + columns.lowerBound) * (features + targets)
    let start = group * features + columns.lowerBound
    func add(from other: Int, _ count: Int, at place: Int) {
      guard count > 0 else { return }
      let stride = (count + 7) / 8 * 8
      scratch = [Float](repeating: 0, count: columns.count * stride)
      // So many rows stay in cache while the tiles of the product pass by.
      for first in Swift.stride(from: 0, to: places.count, by: Self.rowsPerPass) {
        let rows = min(Self.rowsPerPass, places.count - first)
        panel.withUnsafeBufferPointer { panel in
          places.withUnsafeBufferPointer { places in
            guard let panel = panel.baseAddress, let places = places.baseAddress else { return }
            kernel?(
              panel + start, places + first, panel + other, places + first, Int32(rows),
              Int32(columns.count), Int32(stride), &scratch, stride)
          }
        }
      }
      scratch.withUnsafeBufferPointer { scratch in
        for row in 0..<columns.count {
          let target = products + row * (features + targets) + place
          for column in 0..<count { target[column] += Double(scratch[row * stride + column]) }
        }
      }
    }
    add(from: start, features - columns.lowerBound, at: columns.lowerBound)
    add(from: groups * features + group * targets, targets, at: features)
  }
}

extension MomentSums {
  /// The means of the features, `[groups][features]`.
  public var featureMeans: [Double] {
    sums.prefix(groups * features).map { $0 / Double(max(count, 1)) }
  }

  /// The means of the targets, `[groups][targets]`.
  public var targetMeans: [Double] {
    sums.dropFirst(groups * features).map { $0 / Double(max(count, 1)) }
  }

  /// The covariances of the features of each group about their means.
  public func covariance(ofGroup group: Int) -> SymmetricMatrix {
    let (means, stride) = (featureMeans, features + targets)
    var triangle = [Double](
      repeating: 0, count: SymmetricMatrix.triangleCount(order: features))
    for row in 0..<features {
      for column in row..<features {
        let product = products[(group * features + row) * stride + column] / Double(max(count, 1))
        triangle[SymmetricMatrix.place(row, column)] =
          product - means[group * features + row] * means[group * features + column]
      }
    }
    return SymmetricMatrix(order: features, triangle: triangle)
  }

  /// The covariances of each target of a group with its features, `[targets][features]`.
  public func targetCovariance(ofGroup group: Int) -> [Double] {
    let (means, targetMeans, stride) = (featureMeans, targetMeans, features + targets)
    return (0..<targets).flatMap { target in
      (0..<features).map { feature in
        products[(group * features + feature) * stride + features + target] / Double(max(count, 1))
          - means[group * features + feature] * targetMeans[group * targets + target]
      }
    }
  }
}
