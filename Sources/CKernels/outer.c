#include "CKernels.h"

#define NAME(x) baseline_##x
#define TARGET
#define LANES 4
#define VECTORS 2
#define ROWS 6
#include "outer_template.h"

#if defined(__x86_64__)
#define NAME(x) avx2_##x
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define VECTORS 2
#define ROWS 6
#include "outer_template.h"

#define NAME(x) avx512_##x
#define TARGET __attribute__((target("avx512f,avx512vl,avx2,fma")))
#define LANES 16
#define VECTORS 2
#define ROWS 12
#include "outer_template.h"
#endif

sculpt_outer_function *sculpt_outer(sculpt_instruction_set set) {
  if (set > sculpt_best_instruction_set()) return 0;
  switch (set) {
  case sculpt_baseline: return baseline_outer;
#if defined(__x86_64__)
  case sculpt_avx2: return avx2_outer;
  case sculpt_avx512: return avx512_outer;
#else
  default: return 0;
#endif
  }
  return 0;
}
