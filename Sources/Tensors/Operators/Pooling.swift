public import ModelGraph

extension Variable {
  /// The largest value of each window of images [N, H, W, C]; the first of equal ones takes the gradient.
  ///
  /// - Parameter output: rows and columns of the result, which `pooling` alone leaves open.
  public func maxPooled(_ pooling: Pooling, to output: Extent) -> Variable {
    let windows = PoolingWindows(pooling: pooling, shape: value.shape, output: output)
    let threads = tape.threads
    let (values, places) = windows.largest(value, threads: threads)
    return tape.record(values, from: self) { g, inputs in
      inputs.add(to: 0, windows.pullingBackLargest(g, places: places, threads: threads))
    }
  }

  /// The mean of each window of images [N, H, W, C], likewise.
  public func averagePooled(_ pooling: Pooling, to output: Extent) -> Variable {
    let windows = PoolingWindows(pooling: pooling, shape: value.shape, output: output)
    let threads = tape.threads
    return tape.record(windows.means(value, threads: threads), from: self) { g, inputs in
      inputs.add(to: 0, windows.pullingBackMeans(g, threads: threads))
    }
  }
}
