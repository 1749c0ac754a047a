internal import ModelGraph
internal import Threads

/// The windows of a pooling over images that are channels last, [N, H, W, C].
struct PoolingWindows {
  let pooling: Pooling
  let shape: [Int]
  let output: Extent

  private var input: Extent { Extent(shape[1], shape[2]) }
  private var channels: Int { shape[3] }
  var outputShape: [Int] { [shape[0], output.height, output.width, channels] }

  /// Calls `body` with each window: where its result stands, the pixels within the image, and what an
  /// average divides by.
  @inline(__always)
  private func forEach(
    ofImage image: Int, _ body: (_ target: Int, _ pixels: [Int], _ divisor: Int) -> Void
  ) {
    var pixels: [Int] = []
    for y in 0..<output.height {
      for x in 0..<output.width {
        pixels.removeAll(keepingCapacity: true)
        var counted = 0
        for ty in 0..<pooling.kernel.height {
          let row = y * pooling.strides.height + ty * pooling.dilations.height - pooling.pads.top
          for tx in 0..<pooling.kernel.width {
            let column =
              x * pooling.strides.width + tx * pooling.dilations.width - pooling.pads.left
            if row < input.height + pooling.pads.bottom,
              column < input.width + pooling.pads.right
            {
              counted += 1
            }
            guard 0..<input.height ~= row, 0..<input.width ~= column else { continue }
            pixels.append(((image * input.height + row) * input.width + column) * channels)
          }
        }
        body(
          ((image * output.height + y) * output.width + x) * channels, pixels,
          pooling.countsPads ? counted : pixels.count)
      }
    }
  }

  /// The largest value of each window, and where it was found.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func largest<Scalar>(
    _ x: Tensor<Scalar>, threads: Int
  ) -> (values: Tensor<Scalar>, places: [Int32]) {
    let count = outputShape.reduce(1, *)
    var places: [Int32] = []
    let values = x.scalars.withUnsafeBufferPointer { x in
      Tensor<Scalar>(shape: outputShape) { y in
        places = Array(unsafeUninitializedCapacity: count) { places, initialized in
          let places = UnsafeMutableBufferPointer(rebasing: places[..<count])
          parallel(shape[0], threads: threads) { image in
            forEach(ofImage: image) { target, pixels, _ in
              guard let first = pixels.first else {
                preconditionFailure("a window lies wholly outside the image")
              }
              for c in 0..<channels {
                y[target &+ c] = x[first &+ c]
                places[target &+ c] = Int32(truncatingIfNeeded: first &+ c)
              }
              for pixel in pixels.dropFirst() {
                for c in 0..<channels where x[pixel &+ c] > y[target &+ c] {
                  y[target &+ c] = x[pixel &+ c]
                  places[target &+ c] = Int32(truncatingIfNeeded: pixel &+ c)
                }
              }
            }
          }
          initialized = count
        }
      }
    }
    return (values, places)
  }

  /// The gradient of `largest`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullingBackLargest<Scalar>(
    _ gradient: Tensor<Scalar>, places: [Int32], threads: Int
  ) -> Tensor<Scalar> {
    let perImage = places.count / max(shape[0], 1)
    return gradient.scalars.withUnsafeBufferPointer { g in
      places.withUnsafeBufferPointer { places in
        Tensor<Scalar>(shape: shape) { x in
          x.initialize(repeating: 0)
          parallel(shape[0], threads: threads) { image in
            for i in image * perImage..<(image + 1) * perImage { x[Int(places[i])] += g[i] }
          }
        }
      }
    }
  }

  /// The mean of each window.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func means<Scalar>(_ x: Tensor<Scalar>, threads: Int) -> Tensor<Scalar> {
    x.scalars.withUnsafeBufferPointer { x in
      Tensor<Scalar>(shape: outputShape) { y in
        y.initialize(repeating: 0)
        parallel(shape[0], threads: threads) { image in
          forEach(ofImage: image) { target, pixels, divisor in
            for pixel in pixels {
              for c in 0..<channels { y[target &+ c] += x[pixel &+ c] }
            }
            let factor = 1 / Scalar(divisor)
            for c in 0..<channels { y[target &+ c] *= factor }
          }
        }
      }
    }
  }

  /// The gradient of `means`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullingBackMeans<Scalar>(_ gradient: Tensor<Scalar>, threads: Int) -> Tensor<Scalar> {
    gradient.scalars.withUnsafeBufferPointer { g in
      Tensor<Scalar>(shape: shape) { x in
        x.initialize(repeating: 0)
        parallel(shape[0], threads: threads) { image in
          forEach(ofImage: image) { target, pixels, divisor in
            let factor = 1 / Scalar(divisor)
            for pixel in pixels {
              for c in 0..<channels { x[pixel &+ c] += g[target &+ c] * factor }
            }
          }
        }
      }
    }
  }
}
