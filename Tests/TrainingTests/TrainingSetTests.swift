import Formats
import ModelGraph
import Tensors
import Testing

@testable import Training

@Suite struct TrainingSetTests {
  @Test(arguments: [Shape([1, 4, 5]), Shape([3, 4, 5]), Shape([7]), Shape([4, 3])])
  func normalisesAndPutsChannelsLast(shape: Shape) {
    var generator = SeededGenerator(seed: 3)
    let dataset = generator.dataset(count: 6, shape: shape)
    guard case .bytes(let bytes) = dataset.pixels else { return }
    let input = InputDescription(
      scale: 1 / 255, mean: (0..<shape.channels).map { 0.1 * Float($0 + 1) },
      deviation: (0..<shape.channels).map { 0.2 * Float($0 + 1) })
    let set = TrainingSet(dataset, input: input)
    let images = set.images(at: [4, 0])
    let area = shape.count / shape.channels
    #expect(
      images.shape == (shape.isFeatureMap ? [2, 4, 5, shape.channels] : [2] + shape.dimensions))
    for (place, image) in [4, 0].enumerated() {
      for pixel in 0..<area {
        for channel in 0..<shape.channels {
          let last = pixel * shape.channels + channel
          let offset = shape.isFeatureMap ? channel * area + pixel : last
          let byte = bytes[image * shape.count + offset]
          #expect(
            images.scalars[place * shape.count + last]
              == (Float(byte) * input.scale - input.mean[channel]) / input.deviation[channel])
        }
      }
    }
  }

  @Test func valuesStayAsTheyAre() {
    let values = (0..<24).map { Float($0) - 3.5 }
    let dataset = Dataset(pixels: .values(values), labels: [0, 1], shape: Shape([3, 2, 2]))
    let set = TrainingSet(dataset, input: InputDescription(mean: [5], deviation: [2]))
    let order = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    #expect(set.images(at: [1]).scalars == order.map { values[12 + $0] })
  }

  /// Against a plain implementation that makes each step's array in turn.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func changesAgreeWithAPlainImplementation(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let shape = Shape([
      1 + generator.index(below: 3), 1 + generator.index(below: 6), 1 + generator.index(below: 6),
    ])
    let set = TrainingSet(
      generator.dataset(count: 1, shape: shape),
      input: InputDescription(scale: 1, mean: [10], deviation: [2]))
    let augmentation = Augmentation(
      crop: generator.index(below: 8), isFlipping: true, cutout: generator.index(below: 9))
    let change = augmentation.change(
      height: shape.height, width: shape.width, using: &generator)
    let found = [Float](unsafeUninitializedCapacity: shape.count) { buffer, filled in
      set.write(0, change, to: UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]))
      filled = shape.count
    }
    #expect(found == plain(set, change, pad: augmentation.crop))
  }

  private func plain(_ set: TrainingSet, _ change: ImageChange, pad: Int) -> [Float] {
    let image = set.images(at: [0]).scalars
    let black = [Float](repeating: -5, count: set.channels)
    let rows = (0..<set.height).map { y in
      (0..<set.width).map { x in
        Array(image[(y * set.width + x) * set.channels..<(y * set.width + x + 1) * set.channels])
      }
    }
    let side = [[Float]](repeating: black, count: pad)
    let blank = [[[Float]]](
      repeating: [[Float]](repeating: black, count: set.width + 2 * pad), count: pad)
    let padded = blank + rows.map { side + $0 + side } + blank
    var result = padded[(pad + change.rowShift)...].prefix(set.height).map { row in
      Array(row[(pad + change.columnShift)...].prefix(set.width))
    }
    if change.isFlipped { result = result.map { $0.reversed() } }
    for y in change.holeRows {
      for x in change.holeColumns { result[y][x] = [Float](repeating: 0, count: set.channels) }
    }
    return result.flatMap { $0.flatMap { $0 } }
  }
}
