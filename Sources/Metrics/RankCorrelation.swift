/// Spearman's correlation of the ranks of pairs of values, -1...1; ties have their mean rank.
public func rankCorrelation(_ pairs: [(Double, Double)]) -> Double {
  let (first, second) = (ranks(pairs.map(\.0)), ranks(pairs.map(\.1)))
  let mean = Double(pairs.count - 1) / 2
  var (product, squares, others) = (0.0, 0.0, 0.0)
  for (first, second) in zip(first, second) {
    product += (first - mean) * (second - mean)
    squares += (first - mean) * (first - mean)
    others += (second - mean) * (second - mean)
  }
  return product / max((squares * others).squareRoot(), .leastNormalMagnitude)
}

private func ranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var end = first + 1
    while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
    for place in order[first..<end] { ranks[place] = Double(first + end - 1) / 2 }
    first = end
  }
  return ranks
}
