internal import Synchronization

/// Some rows by some columns of a kernel, both evenly spaced: the taps that a smaller convolution computes, which is
/// dilated where rows or columns between them are left out.
public struct KernelBox: Hashable, Sendable {
  /// The kernel's rows in it, ascending; at least one.
  public let rows: [Int]
  /// The kernel's columns in it, likewise.
  public let columns: [Int]

  /// Its rows and columns.
  public var extent: Extent { Extent(rows.count, columns.count) }

  /// The steps from row to row and from column to column.
  public var steps: Extent { Extent(Self.step(rows), Self.step(columns)) }

  /// The taps in it.
  public func mask(of kernel: Extent) -> TapMask {
    var mask = TapMask(kernel: kernel, bits: 0)
    for row in rows {
      for column in columns { mask[row, column] = true }
    }
    return mask
  }

  private static func step(_ places: [Int]) -> Int { places.count > 1 ? places[1] - places[0] : 1 }
}

extension KernelBox {
  /// Every box of a kernel that begins within so many rows and columns from its edges, and ends likewise; small ones
  /// first.
  public static func all(of kernel: Extent, within margins: Pads) -> [KernelBox] {
    let rows = progressions(kernel.height, before: margins.top, after: margins.bottom)
    let columns = progressions(kernel.width, before: margins.left, after: margins.right)
    return rows.flatMap { rows in columns.map { KernelBox(rows: rows, columns: $0) } }
      .sorted { $0.extent.area < $1.extent.area }
  }

  /// The margins of a kernel in whose middle an output is: what is within them can be left out where the input is
  /// padded so that it keeps its extent.
  public static func centred(_ kernel: Extent) -> Pads {
    let (rows, columns) = ((kernel.height - 1) / 2, (kernel.width - 1) / 2)
    return Pads(top: rows, left: columns, bottom: rows, right: columns)
  }

  /// Evenly spaced places of so many of which at most `before` are in front and `after` behind.
  private static func progressions(_ length: Int, before: Int, after: Int) -> [[Int]] {
    (0...min(before, length - 1)).flatMap { first in
      (max(first, length - 1 - after)..<length).flatMap { last in
        let span = last - first
        return span == 0
          ? [[first]]
          : (1...span).filter { span % $0 == 0 }.map {
            Array(stride(from: first, through: last, by: $0))
          }
      }
    }
  }
}

extension TapMask {
  /// Every mask of a kernel with `count` taps that one box holds, or two that have no tap in common, in the order of
  /// their bits.
  public static func boxed(_ kernel: Extent, count: Int) -> [TapMask] {
    let masks = boxedMasks.withLock { known in
      if let masks = known[kernel] { return masks }
      let masks = Dictionary(grouping: allBoxed(kernel), by: \.count)
      known[kernel] = masks
      return masks
    }
    return masks[count] ?? []
  }

  /// What is asked for again and again: for each kernel the masks by the number of their taps.
  private static let boxedMasks = Mutex<[Extent: [Int: [TapMask]]]>([:])

  private static func allBoxed(_ kernel: Extent) -> [TapMask] {
    let boxes = KernelBox.all(of: kernel, within: KernelBox.centred(kernel)).map {
      $0.mask(of: kernel).bits
    }
    var found = Set(boxes)
    for (place, box) in boxes.enumerated() {
      for other in boxes[..<place] where box & other == 0 { found.insert(box | other) }
    }
    return found.sorted().map { TapMask(kernel: kernel, bits: $0) }
  }
}
