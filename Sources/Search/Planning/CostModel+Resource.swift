internal import Patterns

extension CostModel {
  /// Counts a resource.
  /// - Throws: `SearchError` if it is time and choices were never timed.
  init(
    of resource: Target.Resource, _ space: PruningSpace, _ latencies: LatencyTable?
  ) throws(SearchError) {
    switch resource {
    case .macs: self.init(macsOf: space)
    case .latency:
      guard let latencies else {
        throw SearchError("a target of latency needs the time of every choice, which is not known")
      }
      self.init(latenciesOf: space, latencies)
    }
  }
}
