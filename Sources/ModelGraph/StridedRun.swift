/// Elements of an axis that stand equally far apart. An axis is a product of runs, outermost first, so
/// that splitting and joining axes moves nothing.
package protocol StridedRun: Hashable {
  /// The number of elements.
  var extent: Int { get }
  /// The distance between two of them.
  var stride: Int { get }
  /// The same kind of run with other numbers.
  func with(extent: Int, stride: Int) -> Self
}

extension Array where Element: StridedRun {
  /// The same elements in as few runs as possible.
  package func joined() -> [Element] {
    var result: [Element] = []
    for run in self where run.extent > 1 {
      if let last = result.last, last.stride == run.stride * run.extent,
        last.with(extent: run.extent, stride: run.stride) == run
      {
        result[result.count - 1] = run.with(extent: last.extent * run.extent, stride: run.stride)
      } else {
        result.append(run)
      }
    }
    return result
  }

  /// The runs of axes with other extents, or nil if an axis would begin inside a run.
  package func regrouped(into extents: [Int]) -> [[Element]]? {
    var rest = self[...]
    var result: [[Element]] = []
    for extent in extents {
      var needed = extent
      var runs: [Element] = []
      while needed > 1 {
        guard let run = rest.popFirst() else { return nil }
        if needed.isMultiple(of: run.extent) {
          runs.append(run)
          needed /= run.extent
        } else if run.extent.isMultiple(of: needed) {
          let inner = run.extent / needed
          runs.append(run.with(extent: needed, stride: run.stride * inner))
          rest = [run.with(extent: inner, stride: run.stride)] + rest
          needed = 1
        } else {
          return nil
        }
      }
      result.append(runs)
    }
    return result
  }
}
