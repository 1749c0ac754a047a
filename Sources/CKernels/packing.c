#include "CKernels.h"

// One pixel's lanes after the other: what is written then stays in cache, and the planes that are read are few.
void sculpt_pack_bytes(const uint8_t *bytes, int32_t channels, int32_t rows, int32_t columns,
    const float *scale, const float *shift, float *destination, ptrdiff_t row) {
  const ptrdiff_t area = (ptrdiff_t)rows * columns;
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++, bytes++)
      for (int c = 0; c < channels; c++)
        destination[y * row + x * 8 + c] = bytes[c * area] * scale[c] + shift[c];
}

void sculpt_pack_values(const float *values, int32_t channels, int32_t rows, int32_t columns,
    float *destination, ptrdiff_t row) {
  const ptrdiff_t area = (ptrdiff_t)rows * columns;
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++, values++)
      for (int c = 0; c < channels; c++) destination[y * row + x * 8 + c] = values[c * area];
}
