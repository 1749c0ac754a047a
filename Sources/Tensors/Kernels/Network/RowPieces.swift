internal import Threads

/// The rows of a tensor (all axes but the last taken as one) in pieces of about 64 KiB, which are the same
/// whatever the number of threads.
struct RowPieces {
  let rows: Int
  let width: Int
  private let rowsPerPiece: Int

  init(_ tensor: Tensor<Float>) {
    rows = tensor.rowCount
    width = tensor.rowLength
    rowsPerPiece = max(1, (1 << 14) / max(width, 1))
  }

  var count: Int { (rows + rowsPerPiece - 1) / rowsPerPiece }

  /// Calls `body` with each piece's number, its first element and its rows.
  func forEach(threads: Int, _ body: (_ piece: Int, _ first: Int, _ rows: Int) -> Void) {
    parallel(count, threads: threads) { piece in
      let row = piece * rowsPerPiece
      body(piece, row * width, min(rowsPerPiece, rows - row))
    }
  }

  /// Sums of `count` values that each piece adds to zeros, added up in order.
  func sums<Value: BinaryFloatingPoint>(
    of count: Int, threads: Int,
    _ body: (_ sums: UnsafeMutablePointer<Value>, _ first: Int, _ rows: Int) -> Void
  ) -> [Value] {
    var partial = [Value](repeating: 0, count: self.count * count)
    partial.withUnsafeMutableBufferPointer { partial in
      guard let base = partial.baseAddress else { return }
      forEach(threads: threads) { piece, first, rows in body(base + piece * count, first, rows) }
    }
    return (0..<count).map { index in
      stride(from: index, to: partial.count, by: count).reduce(0) { $0 + partial[$1] }
    }
  }
}

extension Tensor {
  /// Calls `body` with the elements.
  func withPointer<Result>(_ body: (UnsafePointer<Scalar>) -> Result) -> Result {
    scalars.withUnsafeBufferPointer { scalars in
      guard let base = scalars.baseAddress else {
        // An empty array may have no address, and nothing is read from it.
        var nothing = Scalar.zero
        return body(&nothing)
      }
      return body(base)
    }
  }
}
