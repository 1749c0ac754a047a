internal import CLAPACK
internal import Dispatch

/// Sums of rows of observations and of their products, from which means and covariances follow.
///
/// A row holds `groups * features` features, then `groups * targets` targets; products are formed
/// of the features of a group with each other and with the group's targets. Products of one panel
/// of rows are formed in single precision (OpenBLAS), panels are added in double: panels should
/// have no more than a few thousand rows. The number of threads has no influence on the sums.
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
    guard rows > 0, features > 0, let base = panel.baseAddress else { return }
    _ = BLAS.isSingleThreaded
    count += rows
    for row in 0..<rows {
      for column in 0..<width { sums[column] += Double(base[row * width + column]) }
    }
    let shape = Shape(groups: groups, features: features, targets: targets)
    let blocks = (features + Self.columnsPerJob - 1) / Self.columnsPerJob
    let jobs = groups * blocks
    let workers = min(max(threads, 1), jobs)
    products.withUnsafeMutableBufferPointer { products in
      guard let products = products.baseAddress else { return }
      // Jobs write disjoint parts of the products.
      nonisolated(unsafe) let (source, target) = (base, products)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        var scratch: [Float] = []
        for job in stride(from: worker, to: jobs, by: workers) {
          let first = job % blocks * Self.columnsPerJob
          shape.addProducts(
            first..<min(first + Self.columnsPerJob, shape.features), ofGroup: job / blocks, source,
            rows, to: target, &scratch)
        }
      }
    }
  }
}

/// How many values of which kind a row holds.
private struct Shape: Sendable {
  let groups: Int
  let features: Int
  let targets: Int

  /// Adds the products of some features of a group with the features from the first of them on, and
  /// with the group's targets.
  func addProducts(
    _ columns: Range<Int>, ofGroup group: Int, _ panel: UnsafePointer<Float>, _ rows: Int,
    to products: UnsafeMutablePointer<Double>, _ scratch: inout [Float]
  ) {
    let width = Int32(groups * (features + targets))
    let start = panel + group * features + columns.lowerBound
    let products = products + (group * features + columns.lowerBound) * (features + targets)
    func add(_ other: UnsafePointer<Float>, _ count: Int, at place: Int) {
      guard count > 0 else { return }
      scratch = [Float](repeating: 0, count: columns.count * count)
      cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(columns.count), Int32(count), Int32(rows), 1,
        start, width, other, width, 0, &scratch, Int32(count))
      scratch.withUnsafeBufferPointer { scratch in
        for row in 0..<columns.count {
          let target = products + row * (features + targets) + place
          for column in 0..<count { target[column] += Double(scratch[row * count + column]) }
        }
      }
    }
    add(start, features - columns.lowerBound, at: columns.lowerBound)
    add(panel + groups * features + group * targets, targets, at: features)
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
    var values = [Double](repeating: 0, count: features * features)
    for row in 0..<features {
      for column in row..<features {
        let product = products[(group * features + row) * stride + column] / Double(max(count, 1))
        let value = product - means[group * features + row] * means[group * features + column]
        values[row * features + column] = value
        values[column * features + row] = value
      }
    }
    return SymmetricMatrix(order: features, values: values)
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
