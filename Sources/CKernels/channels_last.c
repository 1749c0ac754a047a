#include "CKernels.h"
#include "vectors.h"
#include <math.h>

// Of eight channels or fewer at `x`.
INLINE_V8 v8 some(const float *x, int lanes) {
  if (lanes == 8) return *(const v8 *)x;
  v8 result = {0};
  for (int i = 0; i < lanes; i++) result[i] = x[i];
  return result;
}

INLINE_V8 void put(float *x, v8 value, int lanes) {
  if (lanes == 8) *(v8 *)x = value;
  else for (int i = 0; i < lanes; i++) x[i] = value[i];
}

// Does as told with each block of eight channels; `lanes` of them exist.
#define EACH_BLOCK(...)                                                        \
  for (int c = 0; c < channels; c += 8) {                                      \
    const int lanes = channels - c < 8 ? channels - c : 8;                     \
    if (lanes == 8) { const int lanes = 8; __VA_ARGS__ } else { __VA_ARGS__ }                \
  }

CLONES void sculpt_channel_moments(
    const float *x, ptrdiff_t pixels, int32_t channels, double *sums, double *squares) {
  EACH_BLOCK({
    v8 sum[4] = {{0}}; v8 square[4] = {{0}};
    ptrdiff_t p = 0;
    const float *at = x + c;
    for (; p + 4 <= pixels; p += 4, at += 4 * channels)
      for (int i = 0; i < 4; i++) {
        const v8 value = some(at + i * channels, lanes);
        sum[i] += value;
        square[i] += value * value;
      }
    for (; p < pixels; p++, at += channels) {
      const v8 value = some(at, lanes);
      sum[0] += value;
      square[0] += value * value;
    }
    const v8 values = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    const v8 powers = (square[0] + square[1]) + (square[2] + square[3]);
    for (int i = 0; i < lanes; i++) {
      sums[c + i] += (double)values[i];
      squares[c + i] += (double)powers[i];
    }
  })
}

CLONES void sculpt_channel_affine(
    const float *x, const float *residual, ptrdiff_t pixels, int32_t channels,
    const float *scale, const float *shift, float low, float high, float *y) {
  for (ptrdiff_t p = 0; p < pixels; p++, x += channels, y += channels) {
    EACH_BLOCK({
      v8 value = some(x + c, lanes) * some(scale + c, lanes) + some(shift + c, lanes);
      if (residual) value += some(residual + c, lanes);
      value = __builtin_elementwise_max(value, ALL(low));
      put(y + c, __builtin_elementwise_min(value, ALL(high)), lanes);
    })
    if (residual) residual += channels;
  }
}

// What was clamped: `y` at a place, or the affine function of `x` there.
#define CLAMPED                                                                \
  (y ? some(y + at, lanes)                                                     \
     : some(x + at, lanes) * some(y_scale + c, lanes) + some(y_shift + c, lanes))

// The gradient before a clamp whose argument or result was `y`.
INLINE_V8 v8 passed(v8 gradient, v8 y, float low, float high) {
  return (v8)((v8i)gradient & (y > ALL(low)) & (y < ALL(high)));
}

CLONES void sculpt_channel_gradient_sums(
    const float *gradient, const float *y, const float *y_scale, const float *y_shift, float low,
    float high, const float *x, ptrdiff_t pixels, int32_t channels, double *sums, double *products) {
  EACH_BLOCK({
    v8 sum[2] = {{0}}; v8 product[2] = {{0}};
    for (ptrdiff_t p = 0; p < pixels; p++) {
      const ptrdiff_t at = p * channels + c;
      const v8 g = passed(some(gradient + at, lanes), CLAMPED, low, high);
      sum[p & 1] += g;
      product[p & 1] += g * some(x + at, lanes);
    }
    const v8 values = sum[0] + sum[1], crossed = product[0] + product[1];
    for (int i = 0; i < lanes; i++) {
      sums[c + i] += (double)values[i];
      products[c + i] += (double)crossed[i];
    }
  })
}

CLONES void sculpt_channel_gradient(
    const float *gradient, const float *y, const float *y_scale, const float *y_shift, float low,
    float high, const float *x, ptrdiff_t pixels, int32_t channels, const float *scale,
    const float *slope, const float *shift, float *x_gradient, float *residual_gradient) {
  for (ptrdiff_t p = 0; p < pixels; p++) {
    EACH_BLOCK({
      const ptrdiff_t at = p * channels + c;
      const v8 g = passed(some(gradient + at, lanes), CLAMPED, low, high);
      put(x_gradient + at,
          g * some(scale + c, lanes) + some(x + at, lanes) * some(slope + c, lanes)
              + some(shift + c, lanes), lanes);
      if (residual_gradient) put(residual_gradient + at, g, lanes);
    })
  }
}

CLONES void sculpt_depthwise_outer(
    const float *left, const int32_t *left_pixels, const int32_t *offsets, int32_t taps,
    const float *right, const int32_t *right_pixels, int32_t pixels, float *sums, ptrdiff_t stride) {
  for (int t = 0; t < taps; t++) {
    const float *x = left + offsets[t];
    v8 sum[4] = {{0}};
    int p = 0;
    for (; p + 4 <= pixels; p += 4)
      for (int i = 0; i < 4; i++)
        sum[i] += *(const v8 *)(x + left_pixels[p + i]) * *(const v8 *)(right + right_pixels[p + i]);
    for (; p < pixels; p++)
      sum[0] += *(const v8 *)(x + left_pixels[p]) * *(const v8 *)(right + right_pixels[p]);
    *(v8 *)(sums + t * stride) += (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
}

// Four rows of sixteen columns at a time; what is left in ever smaller tiles.
INLINE_V8 void product_tile(
    const int rows, int lanes0, int lanes1, int inner, float factor,
    const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
    float *c, ptrdiff_t c_row) {
  v8 sums[4][2] = {{{0}}};
  for (int k = 0; k < inner; k++) {
    const v8 b0 = some(b + k * b_row, lanes0);
    const v8 b1 = lanes1 > 0 ? some(b + k * b_row + 8, lanes1) : (v8){0};
    for (int r = 0; r < rows; r++) {
      const v8 x = ALL(a[r * a_row + k * a_column]);
      sums[r][0] += x * b0;
      if (lanes1 > 0) sums[r][1] += x * b1;
    }
  }
  for (int r = 0; r < rows; r++) {
    float *at = c + r * c_row;
    put(at, sums[r][0] * ALL(factor), lanes0);
    if (lanes1 > 0) put(at + 8, sums[r][1] * ALL(factor), lanes1);
  }
}

CLONES void sculpt_product(
    int32_t rows, int32_t columns, int32_t inner, float factor,
    const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
    float *c, ptrdiff_t c_row) {
  for (int j = 0; j < columns; j += 16) {
    const int left = columns - j;
    const int lanes0 = left < 8 ? left : 8, lanes1 = left < 8 ? 0 : left < 16 ? left - 8 : 8;
    int i = 0;
    if (lanes1 == 8)
      for (; i + 4 <= rows; i += 4)
        product_tile(4, 8, 8, inner, factor, a + i * a_row, a_row, a_column, b + j, b_row,
                     c + i * c_row + j, c_row);
    for (; i < rows; i++) {
      if (lanes1 == 8)
        product_tile(1, 8, 8, inner, factor, a + i * a_row, a_row, a_column, b + j, b_row,
                     c + i * c_row + j, c_row);
      else
        product_tile(1, lanes0, lanes1, inner, factor, a + i * a_row, a_row, a_column, b + j, b_row,
                     c + i * c_row + j, c_row);
    }
  }
}

CLONES void sculpt_normalize_rows(
    const float *x, int32_t rows, int32_t channels, const float *gain, const float *bias,
    float epsilon, float *y, float *means, float *scales) {
  for (int r = 0; r < rows; r++, x += channels, y += channels) {
    v8 sum = {0};
    EACH_BLOCK({ sum += some(x + c, lanes); })
    const float mean = total(sum) / (float)channels;
    v8 squares = {0};
    EACH_BLOCK({
      v8 difference = some(x + c, lanes) - ALL(mean);
      for (int i = lanes; i < 8; i++) difference[i] = 0;
      squares += difference * difference;
    })
    const float scale = 1 / sqrtf(total(squares) / (float)channels + epsilon);
    EACH_BLOCK({
      const v8 value = (some(x + c, lanes) - ALL(mean)) * ALL(scale);
      put(y + c, value * some(gain + c, lanes) + some(bias + c, lanes), lanes);
    })
    means[r] = mean;
    scales[r] = scale;
  }
}

CLONES void sculpt_normalize_rows_gradient(
    const float *gradient, const float *x, int32_t rows, int32_t channels, const float *gain,
    const float *means, const float *scales, float *x_gradient, float *gain_gradient,
    float *bias_gradient) {
  for (int r = 0; r < rows; r++, gradient += channels, x += channels, x_gradient += channels) {
    const v8 mean = ALL(means[r]), scale = ALL(scales[r]);
    v8 sum = {0}, product = {0};
    EACH_BLOCK({
      const v8 g = some(gradient + c, lanes);
      const v8 normal = (some(x + c, lanes) - mean) * scale;
      put(bias_gradient + c, some(bias_gradient + c, lanes) + g, lanes);
      put(gain_gradient + c, some(gain_gradient + c, lanes) + g * normal, lanes);
      const v8 scaled = g * some(gain + c, lanes);
      sum += scaled;
      product += scaled * normal;
    })
    const float shift = total(sum) / (float)channels;
    const float slope = total(product) / (float)channels;
    EACH_BLOCK({
      const v8 normal = (some(x + c, lanes) - mean) * scale;
      const v8 scaled = some(gradient + c, lanes) * some(gain + c, lanes);
      put(x_gradient + c, scale * (scaled - ALL(shift) - normal * ALL(slope)), lanes);
    })
  }
}

CLONES void sculpt_softmax_gradient(
    float *gradient, const float *probabilities, int32_t rows, int32_t columns, ptrdiff_t stride,
    float factor) {
  for (int r = 0; r < rows; r++, gradient += stride, probabilities += stride) {
    v8 sum = {0};
    for (int c = 0; c < columns; c += 8)
      sum += *(const v8 *)(gradient + c) * *(const v8 *)(probabilities + c);
    const v8 mean = ALL(total(sum));
    for (int c = 0; c < columns; c += 8)
      *(v8 *)(gradient + c) = *(const v8 *)(probabilities + c)
                              * (*(const v8 *)(gradient + c) - mean) * ALL(factor);
  }
}
