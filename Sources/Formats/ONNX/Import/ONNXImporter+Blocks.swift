internal import ModelGraph

extension ONNXImporter {
  /// `DepthToSpace`: channels become pixels of blocks, which lie outside of the other channels (`DCR`) or inside
  /// (`CRD`, PyTorch's pixel shuffle).
  mutating func depthToSpace(_ node: ONNXNode, _ name: String) throws -> Value {
    let (value, block) = try blocks(node)
    let (channels, height, width) = (value.extents[1], value.extents[2], value.extents[3])
    guard channels.isMultiple(of: block * block) else {
      throw Failure(reason: "makes blocks of \(block) from \(channels) channels")
    }
    let rest = channels / (block * block)
    let isOutside = try node.string("mode") ?? "DCR" == "DCR"
    return try regrouped(
      value,
      as: isOutside ? [block, block, rest, height, width] : [rest, block, block, height, width],
      by: isOutside ? [2, 3, 0, 4, 1] : [0, 3, 1, 4, 2],
      to: [rest, height * block, width * block], name)
  }

  /// `SpaceToDepth`: pixels of blocks become channels, outside of the others.
  mutating func spaceToDepth(_ node: ONNXNode, _ name: String) throws -> Value {
    let (value, block) = try blocks(node)
    let (channels, height, width) = (value.extents[1], value.extents[2], value.extents[3])
    guard height.isMultiple(of: block), width.isMultiple(of: block) else {
      throw Failure(reason: "makes blocks of \(block) from \(height)x\(width) pixels")
    }
    let (rows, columns) = (height / block, width / block)
    return try regrouped(
      value, as: [channels, rows, block, columns, block], by: [2, 4, 0, 1, 3],
      to: [channels * block * block, rows, columns], name)
  }

  private mutating func blocks(_ node: ONNXNode) throws -> (Value, Int) {
    let value = try dropping(0, of: try activation(node))
    guard let block = try node.integer("blocksize"), (1...1 << 10).contains(block),
      value.rank == 4
    else { throw Failure(reason: "has no blocks, or no feature maps to make them from") }
    return (value, block)
  }

  /// The same elements reshaped, transposed and reshaped again, the batch left out of all of it.
  private mutating func regrouped(
    _ value: Value, as outer: [Int], by permutation: [Int], to extents: [Int], _ name: String
  ) throws -> Value {
    let blocks = try reshaped(value, to: [1] + outer, batchAxis: 0, "\(name).blocks")
    let moved = try transposed(blocks, [0] + permutation.map { $0 + 1 }, "\(name).moved")
    return try reshaped(moved, to: [1] + extents, batchAxis: 0, name)
  }
}
