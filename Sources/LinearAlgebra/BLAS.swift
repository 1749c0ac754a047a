internal import CLAPACK

/// OpenBLAS as Sculpt uses it: one thread a call, as the callers have threads of their own.
enum BLAS {
  /// To be read before the first call.
  static let isSingleThreaded: Void = openblas_set_num_threads(1)
}
