extension Convolution {
  /// The rows and columns at the edges of the kernel that can be left out: each of them takes away the padding that
  /// it alone reads.
  var margins: Pads {
    Pads(
      top: pads.top / dilations.height, left: pads.left / dilations.width,
      bottom: pads.bottom / dilations.height, right: pads.right / dilations.width)
  }

  /// Whether the input is padded so that the middle of the kernel alone would yield as many outputs.
  public var isCentred: Bool { margins.union(KernelBox.centred(kernel)) == margins }

  /// One box or two without a tap in common that hold all taps of `mask`, so few in all as can be; nil if that is the
  /// whole kernel. A second convolution has a price, so that two are taken only where they save an eighth.
  ///
  /// - Parameter most: one or two.
  public func boxes(holding mask: TapMask, most: Int = 2) -> [KernelBox]? {
    let boxes = KernelBox.all(of: kernel, within: margins).map {
      (box: $0, bits: $0.mask(of: kernel).bits)
    }
    func smallest(holding bits: UInt64, outside: UInt64 = 0) -> KernelBox? {
      boxes.first { bits & ~$0.bits == 0 && $0.bits & outside == 0 }?.box
    }
    guard let whole = smallest(holding: mask.bits) else { return nil }
    var best = (boxes: [whole], area: whole.extent.area)
    for first in boxes where most > 1 && first.bits & mask.bits != 0 {
      guard let second = smallest(holding: mask.bits & ~first.bits, outside: first.bits) else {
        continue
      }
      let area = first.box.extent.area + second.extent.area
      if area < best.area, 8 * area <= 7 * whole.extent.area { best = ([first.box, second], area) }
    }
    return best.area < kernel.area ? best.boxes : nil
  }

  /// The convolution of a box of this one's kernel, for the same places of the input.
  public func convolution(of box: KernelBox) -> Convolution {
    var part = self
    part.kernel = box.extent
    part.dilations = Extent(dilations.height * box.steps.height, dilations.width * box.steps.width)
    part.pads.top -= box.rows[0] * dilations.height
    part.pads.left -= box.columns[0] * dilations.width
    part.pads.bottom -= (kernel.height - 1 - box.rows[box.rows.count - 1]) * dilations.height
    part.pads.right -= (kernel.width - 1 - box.columns[box.columns.count - 1]) * dilations.width
    return part
  }
}
