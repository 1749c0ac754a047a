#include "CKernels.h"
#include "vectors.h"
#include <math.h>

INLINE_V8 v8 filled(v8 x, int lanes, float filling) {
  for (int i = lanes; i < 8; i++) x[i] = filling;
  return x;
}

#define AT(pointer, block_stride, b) (*(v8 *)((pointer) + (b) * (block_stride)))

CLONES void sculpt_layer_norm(const float *source, ptrdiff_t source_block, float *destination,
    ptrdiff_t destination_block, int32_t channels, const float *scale, const float *shift,
    float epsilon, int32_t pixels) {
  const int blocks = (channels + 7) / 8, last = channels - (blocks - 1) * 8;
  for (int p = 0; p < pixels; p++, source += 8, destination += 8) {
    v8 sum = {0};
    for (int b = 0; b < blocks; b++)
      sum += filled(AT((float *)source, source_block, b), b == blocks - 1 ? last : 8, 0);
    const float mean = total(sum) / (float)channels;
    v8 squares = {0};
    for (int b = 0; b < blocks; b++) {
      const v8 difference = AT((float *)source, source_block, b) - ALL(mean);
      squares += filled(difference * difference, b == blocks - 1 ? last : 8, 0);
    }
    const float factor = 1 / sqrtf(total(squares) / (float)channels + epsilon);
    for (int b = 0; b < blocks; b++) {
      const v8 value = (AT((float *)source, source_block, b) - ALL(mean)) * ALL(factor);
      AT(destination, destination_block, b) =
          value * *(const v8 *)(scale + b * 8) + *(const v8 *)(shift + b * 8);
    }
  }
}

CLONES void sculpt_softmax(const float *source, ptrdiff_t source_block, float *destination,
    ptrdiff_t destination_block, int32_t channels, int32_t pixels) {
  const int blocks = (channels + 7) / 8, last = channels - (blocks - 1) * 8;
  for (int p = 0; p < pixels; p++, source += 8, destination += 8) {
    v8 largest = ALL(-__builtin_inff());
    for (int b = 0; b < blocks; b++)
      largest = __builtin_elementwise_max(
          largest, filled(AT((float *)source, source_block, b), b == blocks - 1 ? last : 8,
                          -__builtin_inff()));
    float top = largest[0];
    for (int i = 1; i < 8; i++) top = largest[i] > top ? largest[i] : top;
    v8 sum = {0};
    for (int b = 0; b < blocks; b++) {
      const v8 value = filled(exp8(AT((float *)source, source_block, b) - ALL(top)),
                              b == blocks - 1 ? last : 8, 0);
      AT(destination, destination_block, b) = value;
      sum += value;
    }
    const v8 factor = ALL(1 / total(sum));
    for (int b = 0; b < blocks; b++) AT(destination, destination_block, b) *= factor;
  }
}
