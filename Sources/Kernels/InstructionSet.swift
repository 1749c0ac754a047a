package import CKernels
internal import Metrics

/// The processor features that a kernel is written for.
public enum InstructionSet: String, CaseIterable, Sendable {
  /// The baseline of the architecture: SSE2 or NEON.
  case baseline
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512F.
  case avx512

  /// The best that this processor has.
  public static var best: InstructionSet {
    allCases.last { $0.isAvailable } ?? .baseline
  }

  /// Whether this build and this processor have it.
  public var isAvailable: Bool { sculpt_convolve(cValue) != nil }

  /// Floating-point operations a second that one thread reaches at most, a multiply-add counted as
  /// two, seen over about 10 ms.
  public func measuredPeak() -> Double {
    var operations = 0.0
    let time = ContinuousClock().measure { operations = sculpt_peak(cValue, 1 << 18) }
    return operations / time.seconds
  }

  /// Filters that one call of the convolution's kernel computes at most.
  package var widestTile: Int { self == .avx512 ? 32 : 16 }

  /// The kernels' name for it.
  package var cValue: sculpt_instruction_set {
    switch self {
    case .baseline: sculpt_baseline
    case .avx2: sculpt_avx2
    case .avx512: sculpt_avx512
    }
  }
}
