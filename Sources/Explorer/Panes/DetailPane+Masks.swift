internal import ModelGraph
internal import Patterns
internal import TerminalKit

extension DetailPane {
  /// The kernel's masks with the number of filters that have each, as grids where there is room.
  ///
  /// - Returns: the rows that they take.
  func drawMasks(of node: Int, on frame: inout Frame, in rect: Rect) -> Int {
    guard case .convolution(let conv) = model.space.graph.nodes[node].op, conv.kernel.area > 1,
      let unit = model.space.weightUnit[node], rect.height >= 1
    else { return 0 }
    let entries = masks(of: node, unit: unit, conv)
    guard !entries.isEmpty else { return 0 }
    let kernel = conv.kernel
    // A grid with the mask's name and its number of filters beside it.
    let gridWidth = 2 * kernel.width + 6
    guard rect.height >= kernel.height, rect.width >= gridWidth else {
      drawMaskLine(entries, on: &frame, in: rect)
      return 1
    }
    var place = rect.origin
    func hasRoom() -> Bool {
      if place.x + gridWidth > rect.maxX + 1 {
        place = Point(x: rect.x, y: place.y + kernel.height + 1)
      }
      return place.y + kernel.height <= rect.maxY
    }
    for entry in entries where hasRoom() {
      drawGrid(entry.mask, on: &frame, at: place)
      let label = Point(x: place.x + 2 * kernel.width + 1, y: place.y)
      if kernel.width <= 3 { frame.put("\(entry.mask)", at: label) }
      frame.put("×\(entry.filters)", at: Point(x: label.x, y: label.y + 1), style: .muted)
      place.x += gridWidth
    }
    let height = { place.y + kernel.height - rect.y }
    guard let energy = model.weights?.tapEnergy[node], hasRoom() else { return height() }
    let size = Size(width: 2 * kernel.width, height: kernel.height)
    frame.draw(HeatGrid(energy.rows(of: kernel.width)), in: Rect(origin: place, size: size))
    frame.put(
      "heat", at: Point(x: place.x + 2 * kernel.width + 1, y: place.y), style: .muted)
    return height()
  }

  private func masks(of node: Int, unit: Int, _ conv: Convolution) -> [MaskSummary.Entry] {
    let pattern = run.shown.choices[unit]
    if let mask = pattern.fixedMask(of: conv.kernel) {
      let filters = model.space.keptChannels(ofNode: node, run.shown)
      return [MaskSummary.Entry(mask: mask, filters: filters)]
    }
    return model.masks(ofNode: node, run.shown)
  }

  private func drawMaskLine(
    _ entries: [MaskSummary.Entry], on frame: inout Frame, in rect: Rect
  ) {
    let glyphs = frame.glyphs
    let text = entries.map { entry in
      (glyphs == .ascii ? "" : entry.mask.glyph + " ") + "\(entry.mask)×\(entry.filters)"
    }
    frame.put(text.joined(separator: "  "), in: rect.row(0))
  }

  private func drawGrid(_ mask: TapMask, on frame: inout Frame, at origin: Point) {
    for y in 0..<mask.kernel.height {
      let line = (0..<mask.kernel.width).map { mask[y, $0] ? "██" : "· " }.joined()
      frame.put(line, at: Point(x: origin.x, y: origin.y + y), style: .accent)
    }
  }
}

extension [Double] {
  /// The values as rows of that length.
  func rows(of length: Int) -> [[Double]] {
    stride(from: 0, to: count, by: Swift.max(1, length)).map {
      Array(self[$0..<Swift.min($0 + length, count)])
    }
  }
}
