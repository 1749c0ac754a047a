#include "CKernels.h"
#include "vectors.h"

void sculpt_pool(const sculpt_pooling *p, const float *source, float *destination) {
  for (int y = 0; y < p->output[0]; y++)
    for (int x = 0; x < p->output[1]; x++) {
      const int top = y * p->strides[0] - p->pads[0], left = x * p->strides[1] - p->pads[1];
      const int bottom = top + (p->kernel[0] - 1) * p->dilations[0] + 1;
      const int right = left + (p->kernel[1] - 1) * p->dilations[1] + 1;
      v8 result = p->is_average ? (v8){0} : -__builtin_inff() - (v8){0};
      int inside = 0;
      for (int r = top; r < bottom; r += p->dilations[0])
        for (int c = left; c < right && r >= 0 && r < p->input[0]; c += p->dilations[1]) {
          if (c < 0 || c >= p->input[1]) continue;
          const v8 value = *(const v8 *)(source + r * p->input_row + c * 8);
          result = p->is_average ? result + value : __builtin_elementwise_max(result, value);
          inside++;
        }
      if (p->is_average) {
        // The places of the window inside the padded image, whether or not a value stands there.
        int rows = 0, columns = 0;
        for (int r = top; r < bottom; r += p->dilations[0]) rows += r < p->padded[0] - p->pads[0];
        for (int c = left; c < right; c += p->dilations[1]) columns += c < p->padded[1] - p->pads[1];
        const float divisor = (float)(p->counts_pads ? rows * columns : inside);
        result /= divisor - (v8){0};
      }
      *(v8 *)(destination + y * p->output_row + x * 8) = result;
    }
}
