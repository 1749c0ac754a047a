import TerminalKit
import Testing

struct GeometryTests {
  @Test func sizesAreNeverNegative() {
    #expect(Size(width: -3, height: .min) == .zero)
    #expect(Rect(x: 2, y: 2, width: -1, height: 5).isEmpty)
  }

  @Test(arguments: [-5, 0, 1, 7, 10, 11, Int.max, .min])
  func splitsCoverTheRegionExactly(amount: Int) {
    let rect = Rect(x: 3, y: -2, width: 10, height: 7)
    let (left, right) = rect.splitLeft(amount)
    #expect(left.width + right.width == 10)
    #expect(left.maxX == right.x)
    let (top, bottom) = rect.splitBottom(amount)
    #expect(top.height + bottom.height == 7)
    #expect(top.maxY == bottom.y)
  }

  @Test(arguments: [[1, 1, 1], [3, 2], [], [0, 0], [1, -4, 2], [Int.max, Int.max]])
  func weightsCoverTheRegionExactly(weights: [Int]) {
    for width in 0...30 {
      let parts = Rect(x: 5, y: 0, width: width, height: 2).columns(weights: weights)
      #expect(parts.count == weights.count)
      if weights.contains(where: { $0 > 0 }) {
        #expect(parts.reduce(0) { $0 + $1.width } == width)
      }
      for (left, right) in zip(parts, parts.dropFirst()) { #expect(left.maxX == right.x) }
    }
  }

  @Test(arguments: [0, 1, 2, 3, 50])
  func insetsStayInside(margin: Int) {
    let rect = Rect(x: 0, y: 0, width: 5, height: 3)
    let inner = rect.inset(columns: margin, rows: margin)
    #expect(inner.intersection(rect) == inner)
    #expect(inner.width == max(0, 5 - 2 * margin))
  }

  @Test func extremesDoNotOverflow() {
    let rect = Rect(x: .max, y: .min, width: .max, height: .max)
    #expect(rect.intersection(Rect(Size(width: 80, height: 24))).isEmpty)
    #expect(rect.centred(Size(width: 2, height: 2)).size == Size(width: 2, height: 2))
  }
}
