#include "CKernels.h"

// Twelve independent accumulators hide the latency of a multiply-add; the empty assembly keeps the
// compiler from folding the loop.
#define PEAK(NAME, TARGET, LANES)                                                    \
  typedef float NAME##_vector __attribute__((vector_size(LANES * 4)));               \
  TARGET __attribute__((noinline)) static double NAME(int64_t iterations) {          \
    NAME##_vector sums[12], x, y;                                                    \
    for (int i = 0; i < LANES; i++) x[i] = 1.0000001f, y[i] = 1e-9f;                 \
    for (int i = 0; i < 12; i++) sums[i] = x * (float)i;                             \
    for (int64_t k = 0; k < iterations; k++)                                         \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < 12; i++) {              \
        sums[i] = sums[i] * x + y;                                                   \
        __asm__ volatile("" : "+" REGISTER (sums[i]));                                \
      }                                                                              \
    return 2.0 * 12 * LANES * (double)iterations;                                    \
  }

#if defined(__x86_64__)
#define REGISTER "x"
PEAK(avx2_peak, __attribute__((target("avx2,fma"))), 8)
#undef REGISTER
#define REGISTER "v"
PEAK(avx512_peak, __attribute__((target("avx512f"))), 16)
#undef REGISTER
#define REGISTER "x"
#else
#define REGISTER "w"
#endif
PEAK(baseline_peak, , 4)

double sculpt_peak(sculpt_instruction_set set, int64_t iterations) {
#if defined(__x86_64__)
  if (set == sculpt_avx512) return avx512_peak(iterations);
  if (set == sculpt_avx2) return avx2_peak(iterations);
#endif
  (void)set;
  return baseline_peak(iterations);
}
