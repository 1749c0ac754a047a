#include "CKernels.h"

typedef float v8 __attribute__((vector_size(32), aligned(4)));

void sculpt_pack_bytes(const uint8_t *bytes, int32_t channels, int32_t rows, int32_t columns,
    const float *scale, const float *shift, float *destination, ptrdiff_t row) {
  for (int c = 0; c < channels; c++)
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x++)
        destination[y * row + x * 8 + c] = *bytes++ * scale[c] + shift[c];
}

void sculpt_pool(const sculpt_pooling *p, const float *source, float *destination) {
  for (int y = 0; y < p->output[0]; y++)
    for (int x = 0; x < p->output[1]; x++) {
      const int top = y * p->strides[0] - p->pads[0], left = x * p->strides[1] - p->pads[1];
      const int bottom = top + p->kernel[0], right = left + p->kernel[1];
      const int y0 = top > 0 ? top : 0, y1 = bottom < p->input[0] ? bottom : p->input[0];
      const int x0 = left > 0 ? left : 0, x1 = right < p->input[1] ? right : p->input[1];
      v8 result = p->is_average ? (v8){0} : *(const v8 *)(source + y0 * p->input_row + x0 * 8);
      for (int r = y0; r < y1; r++)
        for (int c = x0; c < x1; c++) {
          const v8 value = *(const v8 *)(source + r * p->input_row + c * 8);
          result = p->is_average ? result + value : __builtin_elementwise_max(result, value);
        }
      if (p->is_average) {
        const int b = bottom < p->padded[0] - p->pads[0] ? bottom : p->padded[0] - p->pads[0];
        const int e = right < p->padded[1] - p->pads[1] ? right : p->padded[1] - p->pads[1];
        const int area = p->counts_pads ? (b - top) * (e - left) : (y1 - y0) * (x1 - x0);
        const float divisor = (float)area;
        result /= divisor - (v8){0};
      }
      *(v8 *)(destination + y * p->output_row + x * 8) = result;
    }
}

void sculpt_affine(const float *source, ptrdiff_t source_row, const float *residual, ptrdiff_t residual_row,
    float *destination, ptrdiff_t destination_row, int32_t rows, int32_t columns,
    const float *scale, const float *shift, float low, float high) {
  const v8 a = *(const v8 *)scale, b = *(const v8 *)shift;
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++) {
      v8 value = *(const v8 *)(source + y * source_row + x * 8) * a + b;
      if (residual) value += *(const v8 *)(residual + y * residual_row + x * 8);
      value = __builtin_elementwise_max(value, low - (v8){0});
      value = __builtin_elementwise_min(value, high - (v8){0});
      *(v8 *)(destination + y * destination_row + x * 8) = value;
    }
}
