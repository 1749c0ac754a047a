package import Patterns
package import Search

/// The front from small to large targets as the planner draws it, without a search for each.
package struct Sweep: Hashable, Sendable {
  /// A target and the planner's strategy for it.
  package struct Point: Hashable, Sendable, Codable {
    /// The target.
    package let target: Target
    /// Its strategy, on the images of the search.
    package let step: SearchStep
  }

  /// The points so far, ascending.
  package private(set) var points: [Point] = []
  /// Targets that are left.
  package private(set) var left: Int

  /// A sweep of so many targets.
  init(of count: Int) { left = count }

  /// One that is done, of some points, ascending.
  init(_ points: [Point]) { (self.points, left) = (points, 0) }

  /// The targets that are swept: a quarter to three quarters of what the search aims at.
  static func targets(of resource: Target.Resource) -> [Target] {
    stride(from: 25, through: 75, by: 5).map { Target(Double($0) / 100, of: resource) }
  }

  /// Takes a point.
  mutating func take(_ point: Point, left: Int) {
    points.removeAll { $0.target == point.target }
    let place = points.firstIndex { $0.target.share > point.target.share } ?? points.endIndex
    points.insert(point, at: place)
    self.left = left
  }

  /// Stops it where it is.
  mutating func stop() { left = 0 }
}
