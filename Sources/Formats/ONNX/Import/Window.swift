internal import ModelGraph

/// The sliding window of a convolution or pooling; over a line it has one row.
struct Window {
  var kernel: Extent
  var strides: Extent
  var pads: Pads
  var dilations: Extent

  /// - Parameters:
  ///   - kernel: its rows and columns, or its length.
  ///   - input: the extents of a feature map `[N, C, H, W]`.
  init(_ node: ONNXNode, kernel: [Int], input: [Int]) throws {
    let isLine = kernel.count == 1
    func pair(_ name: String) throws -> [Int] {
      let given = try node.integers(name) ?? kernel.map { _ in 1 }
      let values = isLine ? [1] + given : given
      guard values.count == 2, values.allSatisfy({ (1...1 << 20).contains($0) }) else {
        throw ConstantFolding.Failure(reason: "has \(name) \(values)")
      }
      return values
    }
    let (strides, dilations) = (try pair("strides"), try pair("dilations"))
    let kernel = isLine ? [1] + kernel : kernel
    guard kernel.count == 2, kernel.allSatisfy({ (1...1 << 20).contains($0) }) else {
      throw ConstantFolding.Failure(reason: "has a kernel \(kernel)")
    }
    var pads = try node.integers("pads") ?? [0, 0, 0, 0]
    if isLine, pads.count == 2 { pads = [0, pads[0], 0, pads[1]] }
    let mode = try node.string("auto_pad") ?? "NOTSET"
    if mode.hasPrefix("SAME") {
      // As many outputs as strides fit, the odd row of zeros at the end or the beginning.
      for axis in 0..<2 {
        let extent = input[2 + axis]
        let places = (extent + strides[axis] - 1) / strides[axis]
        let span = (kernel[axis] - 1) * dilations[axis] + 1
        let total = max(0, (places - 1) * strides[axis] + span - extent)
        pads[axis] = mode == "SAME_LOWER" ? total - total / 2 : total / 2
        pads[2 + axis] = total - pads[axis]
      }
    } else if mode == "VALID" {
      pads = [0, 0, 0, 0]
    }
    guard pads.count == 4 else { throw ConstantFolding.Failure(reason: "has pads \(pads)") }
    self.kernel = Extent(kernel[0], kernel[1])
    self.strides = Extent(strides[0], strides[1])
    self.dilations = Extent(dilations[0], dilations[1])
    self.pads = Pads(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
  }
}
