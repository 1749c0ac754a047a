#include "CKernels.h"

#define NAME(x) baseline_##x
#define TARGET
#define LANES 4
#if defined(__aarch64__)
#define PIXELS16 6
#define PIXELS8 8
#else
#define PIXELS16 3
#define PIXELS8 6
#endif
#include "convolve_template.h"

#if defined(__x86_64__)
#define NAME(x) avx2_##x
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define PIXELS16 6
#define PIXELS8 8
#include "convolve_template.h"

#define NAME(x) avx512_##x
#define TARGET __attribute__((target("avx512f,avx512vl,avx2,fma")))
#define LANES 16
#define PIXELS32 12
#define PIXELS16 12
#include "convolve_template.h"
#endif

sculpt_instruction_set sculpt_best_instruction_set(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return sculpt_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return sculpt_avx2;
#endif
  return sculpt_baseline;
}

sculpt_convolve_function *sculpt_convolve(sculpt_instruction_set set) {
  if (set > sculpt_best_instruction_set()) return 0;
  switch (set) {
  case sculpt_baseline: return baseline_convolve;
#if defined(__x86_64__)
  case sculpt_avx2: return avx2_convolve;
  case sculpt_avx512: return avx512_convolve;
#else
  default: return 0;
#endif
  }
  return 0;
}

void sculpt_convolve_reference(
    const sculpt_tiles *tiles, const float *source, const int32_t *source_pixels,
    const sculpt_destination *destination, const sculpt_residual *residual,
    float low, float high, int32_t pixels) {
  for (int p = 0; p < pixels; p++)
    for (int k = 0; k < tiles->width; k++) {
      double sum = tiles->bias[k];
      for (int e = 0; e < tiles->entries && tiles->lanes == 0; e++)
        sum += (double)tiles->weights[e * 8 + k] * source[source_pixels[p] + tiles->offsets[e] + k];
      for (int e = 0; e < tiles->entries; e++)
        for (int i = 0; i < tiles->lanes; i++)
          sum += (double)tiles->weights[(e * tiles->lanes + i) * tiles->width + k]
                 * source[source_pixels[p] + tiles->offsets[e] + i];
      if (residual->data) sum += residual->data[residual->pixels[p] + residual->block[k / 8] + k % 8];
      destination->data[destination->pixels[p] + destination->block[k / 8] + k % 8] =
          sum < low ? low : sum > high ? high : (float)sum;
    }
}
