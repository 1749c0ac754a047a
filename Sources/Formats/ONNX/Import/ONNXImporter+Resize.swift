internal import ModelGraph

extension ONNXImporter {
  mutating func resize(_ node: ONNXNode, _ name: String) throws -> Value {
    let (value, isLine) = try featureMap(node, name)
    guard !isLine else { throw Failure(reason: "resizes a line") }
    let target = try ResizeTarget(node, value.extents, in: self)
    guard try node.integer("antialias") ?? 0 == 0 else {
      throw Failure(reason: "smooths what it makes smaller (antialias)")
    }
    let isOld = target.isOld
    let rounding = try node.string("nearest_mode") ?? (isOld ? "floor" : "round_prefer_floor")
    let coordinates =
      try node.string("coordinate_transformation_mode") ?? (isOld ? "asymmetric" : "half_pixel")
    guard let rounding = Resize.Rounding(rawValue: rounding),
      let coordinates = Resize.Coordinates(rawValue: coordinates)
    else { throw Failure(reason: "finds pixels by \(coordinates.quoted)") }
    let mode = try node.string("mode") ?? "nearest"
    let size = Extent(target.sizes[2], target.sizes[3])
    let scales = target.scales.map { Resize.Scales(height: $0[2], width: $0[3]) }
    if mode == "cubic" {
      guard size.height > 0, size.width > 0,
        size.height * value.extents[2] <= ConstantFolding.largestCount,
        size.width * value.extents[3] <= ConstantFolding.largestCount
      else { throw Failure(reason: "interpolates \(value.extents) to \(size)") }
      let cubic = CubicInterpolation(
        slope: Double(try node.float("cubic_coeff_a") ?? -0.75),
        excludesOutside: try node.integer("exclude_outside") == 1, coordinates: coordinates)
      return try resized(value, to: size, scales, by: cubic, name)
    }
    guard let mode = ["nearest": Resize.Mode.nearest(rounding), "linear": .linear][mode] else {
      throw Failure(reason: "interpolates by \(mode.quoted)")
    }
    let resize = Resize(mode: mode, coordinates: coordinates, size: size, scales: scales)
    return try emit(name, .resize(resize), [value], batchAxis: 0)
  }
}

/// How large a `Resize` makes a feature map `[N, C, H, W]`.
private struct ResizeTarget {
  var sizes: [Int]
  /// The factor of the extents, if that decides where pixels lie.
  var scales: [Float]?
  /// Whether it is that of opset 10 or `Upsample`, whose second input are the scales.
  let isOld: Bool

  init(_ node: ONNXNode, _ extents: [Int], in importer: ONNXImporter) throws {
    isOld = importer.source.opset < 11 || node.kind == "Upsample"
    let axes = try Rules.axes(
      try node.integers("axes") ?? Array(extents.indices), rank: extents.count)
    sizes = extents
    let given = try node.floats("scales") ?? importer.tensor(node, isOld ? 1 : 2)?.floats ?? []
    if !given.isEmpty {
      try scale(extents, axes, by: given)
    } else {
      guard let wanted = try isOld ? nil : importer.integers(node, 3), wanted.count == axes.count,
        wanted.allSatisfy({ (1...1 << 20).contains($0) })
      else { throw ConstantFolding.Failure(reason: "names neither scales nor sizes") }
      for (place, axis) in axes.enumerated() { sizes[axis] = wanted[place] }
      if sizes[0] == importer.source.batch { sizes[0] = 1 }
      try keepAspectRatio(node, extents, axes)
    }
    guard sizes[0] == 1, sizes[1] == extents[1] else {
      throw ConstantFolding.Failure(reason: "resizes the batch or the channels")
    }
  }

  private mutating func scale(_ extents: [Int], _ axes: [Int], by given: [Float]) throws {
    guard given.count == axes.count, given.allSatisfy({ $0 > 0 && $0 < 65536 }) else {
      throw ConstantFolding.Failure(reason: "has scales \(given.prefix(8))")
    }
    var scales = extents.map { _ in Float(1) }
    for (place, axis) in axes.enumerated() {
      scales[axis] = given[place]
      sizes[axis] = Int(Float(extents[axis]) * given[place])
    }
    self.scales = scales
  }

  /// One scale for all axes, the least or the greatest that the sizes ask for.
  private mutating func keepAspectRatio(_ node: ONNXNode, _ extents: [Int], _ axes: [Int]) throws {
    let policy = try node.string("keep_aspect_ratio_policy") ?? "stretch"
    guard policy != "stretch" else { return }
    let ratios = axes.map { Float(sizes[$0]) / Float(extents[$0]) }
    guard ["not_larger", "not_smaller"].contains(policy),
      let ratio = policy == "not_larger" ? ratios.min() : ratios.max()
    else { throw ConstantFolding.Failure(reason: "keeps the aspect ratio by \(policy.quoted)") }
    try scale(extents, axes, by: axes.map { _ in ratio })
    for axis in axes { sizes[axis] = Int((Float(extents[axis]) * ratio).rounded()) }
  }
}
