import Formats
import ModelGraph
import Tensors
import Testing

@testable import Training

@Suite struct AugmentationTests {
  private static let draws = 20_000

  private func changes(_ augmentation: Augmentation) -> [ImageChange] {
    var generator = SeededGenerator(seed: 5)
    return (0..<Self.draws).map { _ in
      augmentation.change(height: 28, width: 20, using: &generator)
    }
  }

  /// Whether `count` of all draws is what a probability leads to, to five standard deviations.
  private func isLikely(_ count: Int, _ probability: Double) -> Bool {
    let expected = probability * Double(Self.draws)
    return abs(Double(count) - expected) < 5 * (expected * (1 - probability)).squareRoot()
  }

  @Test func cropsAreUniform() {
    let changes = changes(Augmentation(crop: 2))
    for shift in -2...2 {
      #expect(isLikely(changes.count { $0.rowShift == shift }, 0.2))
      #expect(isLikely(changes.count { $0.columnShift == shift }, 0.2))
    }
    #expect(isLikely(changes.count { $0.rowShift == 1 && $0.columnShift == -2 }, 0.04))
    #expect(changes.allSatisfy { !$0.isFlipped && $0.holeRows.isEmpty })
  }

  @Test func halfAreFlipped() {
    #expect(isLikely(changes(Augmentation(isFlipping: true)).count(where: \.isFlipped), 0.5))
  }

  @Test func holesAreSquaresClippedAtTheBorder() {
    let changes = changes(Augmentation(cutout: 8))
    #expect(changes.allSatisfy { $0.holeRows.clamped(to: 0..<28) == $0.holeRows })
    #expect(changes.allSatisfy { $0.holeColumns.clamped(to: 0..<20) == $0.holeColumns })
    #expect(changes.allSatisfy { (4...8).contains($0.holeRows.count) })
    // The centre is in 4...24 of 28 rows and 4...16 of 20 columns if nothing is clipped.
    #expect(isLikely(changes.count { $0.holeRows.count == 8 }, 21.0 / 28))
    #expect(isLikely(changes.count { $0.holeColumns.count == 8 }, 13.0 / 20))
  }

  @Test(arguments: [0.08, 0.25, 1] as [Float])
  func piecesLieWithinTheImage(leastArea: Float) {
    for piece in changes(Augmentation(resizedCrop: leastArea)).compactMap(\.piece) {
      let (rows, columns) = (Double(piece.rows.count), Double(piece.columns.count))
      #expect(piece.rows.clamped(to: 0..<28) == piece.rows)
      #expect(piece.columns.clamped(to: 0..<20) == piece.columns)
      // Sides are rounded, by at most half a pixel.
      #expect((rows + 0.5) * (columns + 0.5) >= Double(leastArea) * 560)
      #expect((columns - 0.5) / 20 <= (rows + 0.5) / 28 * 4 / 3)
      #expect((columns + 0.5) / 20 >= (rows - 0.5) / 28 * 3 / 4)
    }
  }

  /// What the network reads is half as wide as high here, whatever the photograph is.
  @Test func piecesOfPhotographsHaveTheAspectOfWhatIsRead() {
    var generator = SeededGenerator(seed: 5)
    for (height, width) in [(480, 640), (50, 1000), (1000, 50)] {
      for _ in 0..<200 {
        let piece = Augmentation(resizedCrop: 0.08).change(
          height: 28, width: 14, of: (height, width), using: &generator
        ).piece
        guard let piece else { return }
        #expect(piece.rows.clamped(to: 0..<height) == piece.rows)
        #expect(piece.columns.clamped(to: 0..<width) == piece.columns)
        let (rows, columns) = (Double(piece.rows.count), Double(piece.columns.count))
        #expect(
          (columns - 0.5) / (rows + 0.5) <= 2.0 / 3 && (columns + 0.5) / (rows - 0.5) >= 3.0 / 8)
      }
    }
  }

  /// An image whose value is linear in its places: pieces of it are linear too, and end in the centres of their pixels.
  @Test func aPieceIsMadeAsLargeAsTheImage() throws {
    let (height, width) = (8, 12)
    let bytes = (0..<height * width).map { UInt8(10 * ($0 / width) + 4 * ($0 % width)) }
    let set = TrainingSet(
      Dataset(images: bytes, labels: [0], shape: Shape([1, height, width])),
      input: InputDescription(scale: 1))
    let piece = PieceOfImage(rows: 2..<6, columns: 3..<9)
    for isFlipped in [false, true] {
      var change = ImageChange()
      (change.piece, change.isFlipped) = (piece, isFlipped)
      let values = set.values(at: [0]) { change }
      for y in 0..<height {
        for x in 0..<width {
          let row = min(max((Float(y) + 0.5) * 4 / 8 - 0.5, 0), 3) + 2
          let column = min(max((Float(x) + 0.5) * 6 / 12 - 0.5, 0), 5) + 3
          let place = y * width + (isFlipped ? width - 1 - x : x)
          #expect(abs(values[place] - (10 * row + 4 * column)) < 1e-4)
        }
      }
    }
    var whole = ImageChange()
    whole.piece = PieceOfImage(rows: 0..<height, columns: 0..<width)
    #expect(set.values(at: [0]) { whole } == bytes.map(Float.init))
  }

  /// By hand, as torchvision's `adjust_brightness`, `adjust_contrast` and `adjust_saturation` are defined.
  @Test func coloursChangeByTheirFactors() {
    let pixels: [Float] = [200, 100, 50, 0, 10, 250]
    func changed(_ change: ColorChange) -> [Float] {
      var result = pixels
      change.apply(to: &result, channels: 3)
      return result
    }
    func isNear(_ values: [Float], _ expected: [Float]) -> Bool {
      zip(values, expected).allSatisfy { abs($0 - $1) < 1e-3 }
    }
    #expect(isNear(changed(ColorChange(brightness: 1.5)), [255, 150, 75, 0, 15, 255]))
    // Greys are 124.2 and 34.37, their mean 79.285.
    #expect(
      isNear(
        changed(ColorChange(contrast: 0.5)),
        [139.6425, 89.6425, 64.6425, 39.6425, 44.6425, 164.6425]))
    #expect(
      isNear(
        changed(ColorChange(saturation: 0)), [124.2, 124.2, 124.2, 34.37, 34.37, 34.37]))
    #expect(changed(ColorChange()) == pixels)
  }

  /// Colours are those of bytes, so that they are changed before bytes are normalised.
  @Test func coloursAreChangedBeforeTheyAreNormalised() throws {
    let bytes: [UInt8] = [200, 0, 100, 10, 50, 250]
    let set = TrainingSet(
      Dataset(images: bytes, labels: [0], shape: Shape([3, 1, 2])),
      input: InputDescription(scale: 1, mean: [1, 2, 3], deviation: [2, 4, 8]))
    var change = ImageChange()
    change.colors = ColorChange(brightness: 0.5)
    let values = set.values(at: [0]) { change }
    let expected: [Float] = [99 / 2, 48 / 4, 22 / 8, -1.0 / 2, 3.0 / 4, 122.0 / 8]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func nothingIsTheDefault() {
    #expect(
      changes(Augmentation()).allSatisfy {
        $0.rowShift == 0 && $0.columnShift == 0 && !$0.isFlipped && $0.holeRows.isEmpty
          && $0.piece == nil && $0.colors == nil
      })
  }

  /// Mean 1/2 and variance 1 / (4 (2 alpha + 1)) of Beta(alpha, alpha).
  @Test(arguments: [0.001, 0.1, 0.2, 0.4, 1, 2.5, 100])
  func sharesAreOfTheBetaDistribution(alpha: Double) {
    var generator = SeededGenerator(seed: 6)
    let shares = (0..<Self.draws).map { _ in generator.beta(alpha) }
    #expect(shares.allSatisfy { 0 <= $0 && $0 <= 1 })
    let mean = shares.reduce(0, +) / Double(Self.draws)
    let variance = shares.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(Self.draws)
    let expected = 1 / (4 * (2 * alpha + 1))
    #expect(abs(mean - 0.5) < 5 * (expected / Double(Self.draws)).squareRoot())
    #expect(abs(variance / expected - 1) < 0.05)
  }
}
