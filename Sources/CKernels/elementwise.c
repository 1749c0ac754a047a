#include "CKernels.h"
#include "vectors.h"
#include <math.h>

CLONES void sculpt_affine(const float *source, ptrdiff_t source_row, const float *residual, ptrdiff_t residual_row,
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

typedef double d8 __attribute__((vector_size(64), aligned(8)));

CLONES void sculpt_plane_moments(
    const float *source, ptrdiff_t source_row, int32_t rows, int32_t columns, double *sums, double *squares) {
  d8 sum = *(const d8 *)sums, square = *(const d8 *)squares;
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++) {
      const d8 value = __builtin_convertvector(*(const v8 *)(source + y * source_row + x * 8), d8);
      sum += value;
      square += value * value;
    }
  *(d8 *)sums = sum;
  *(d8 *)squares = square;
}

// Lanes of channels that do not exist stay zero, whatever the function makes of zero.
static inline v8 only(v8 value, int lanes) {
  for (int i = lanes; i < 8; i++) value[i] = 0;
  return value;
}

#define EACH(expression)                                                                     \
  for (int y = 0; y < rows; y++)                                                             \
    for (int x = 0; x < columns; x++) {                                                      \
      const v8 value = *(const v8 *)(source + y * source_row + x * 8);                       \
      const v8 result = expression;                                                          \
      *(v8 *)(destination + y * destination_row + x * 8) = lanes < 8 ? only(result, lanes) : result; \
    }

INLINE_V8 v8 clamp(v8 x, float low, float high) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, ALL(low)), ALL(high));
}

INLINE_V8 v8 root(v8 x) {
  for (int i = 0; i < 8; i++) x[i] = sqrtf(x[i]);
  return x;
}

CLONES void sculpt_activate(sculpt_activation kind, float alpha, float beta,
    const float *source, ptrdiff_t source_row, float *destination, ptrdiff_t destination_row,
    int32_t rows, int32_t columns, int32_t lanes) {
  switch (kind) {
  case sculpt_clip: EACH(clamp(value, alpha, beta)) break;
  case sculpt_leaky_relu: EACH(choose(value < 0, value * ALL(alpha), value)) break;
  case sculpt_sigmoid: EACH(sigmoid8(value)) break;
  case sculpt_hard_sigmoid: EACH(clamp(value * ALL(alpha) + ALL(beta), 0, 1)) break;
  case sculpt_hard_swish:
    EACH(value * clamp(value * ALL(1.0f / 6) + ALL(0.5f), 0, 1)) break;
  case sculpt_silu: EACH(value * sigmoid8(value)) break;
  case sculpt_gelu: EACH(value * ALL(0.5f) * (ALL(1) + erf8(value * ALL(0.70710678f)))) break;
  case sculpt_gelu_tanh:
    EACH(value * ALL(0.5f)
         * (ALL(1) + tanh8(ALL(0.79788456f) * (value + ALL(0.044715f) * value * value * value))))
    break;
  case sculpt_tanh: EACH(tanh8(value)) break;
  case sculpt_erf: EACH(erf8(value)) break;
  case sculpt_exp: EACH(exp8(value)) break;
  case sculpt_sqrt: EACH(root(value)) break;
  }
}

INLINE_V8 v8 power(v8 x, v8 y) {
  for (int i = 0; i < 8; i++) x[i] = powf(x[i], y[i]);
  return x;
}

#define OTHER (*(const v8 *)(other + y * other_row + x * other_step))

CLONES void sculpt_arithmetic(sculpt_arithmetic_kind kind,
    const float *source, ptrdiff_t source_row, const float *other, ptrdiff_t other_row, ptrdiff_t other_step,
    float *destination, ptrdiff_t destination_row, int32_t rows, int32_t columns, int32_t lanes) {
  switch (kind) {
  case sculpt_add: EACH(value + OTHER) break;
  case sculpt_subtract: EACH(value - OTHER) break;
  case sculpt_subtract_from: EACH(OTHER - value) break;
  case sculpt_multiply: EACH(value * OTHER) break;
  case sculpt_divide: EACH(value / OTHER) break;
  case sculpt_divide_into: EACH(OTHER / value) break;
  case sculpt_power: EACH(power(value, OTHER)) break;
  case sculpt_power_of: EACH(power(OTHER, value)) break;
  case sculpt_maximum: EACH(choose(value > OTHER, value, OTHER)) break;
  case sculpt_minimum: EACH(choose(value < OTHER, value, OTHER)) break;
  case sculpt_parametric_relu: EACH(choose(value < 0, value * OTHER, value)) break;
  }
}

// The derivative of each function at x.
INLINE_V8 v8 slope(sculpt_activation kind, float alpha, float beta, v8 x) {
  const v8 one = ALL(1), zero = ALL(0);
  switch (kind) {
  case sculpt_clip: return choose((x > ALL(alpha)) & (x < ALL(beta)), one, zero);
  case sculpt_leaky_relu: return choose(x > 0, one, ALL(alpha));
  case sculpt_sigmoid: { const v8 y = sigmoid8(x); return y * (one - y); }
  case sculpt_hard_sigmoid: {
    const v8 y = x * ALL(alpha) + ALL(beta);
    return choose((y > 0) & (y < one), ALL(alpha), zero);
  }
  case sculpt_hard_swish:
    return choose(x <= ALL(-3), zero, choose(x >= ALL(3), one, x * ALL(1.0f / 3) + ALL(0.5f)));
  case sculpt_silu: { const v8 y = sigmoid8(x); return y * (one + x * (one - y)); }
  case sculpt_gelu:
    return ALL(0.5f) * (one + erf8(x * ALL(0.70710678f)))
           + x * ALL(0.39894228f) * exp8(x * x * ALL(-0.5f));
  case sculpt_gelu_tanh: {
    const v8 y = tanh8(ALL(0.79788456f) * (x + ALL(0.044715f) * x * x * x));
    return ALL(0.5f) * (one + y)
           + ALL(0.5f) * x * (one - y * y) * ALL(0.79788456f) * (one + ALL(0.134145f) * x * x);
  }
  case sculpt_tanh: { const v8 y = tanh8(x); return one - y * y; }
  case sculpt_erf: return ALL(1.1283792f) * exp8(-x * x);
  case sculpt_exp: return exp8(x);
  case sculpt_sqrt: return ALL(0.5f) / root(x);
  }
  return zero;
}

CLONES void sculpt_activation_gradient(sculpt_activation kind, float alpha, float beta,
    const float *x, const float *gradient, float *x_gradient, ptrdiff_t count) {
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8)
    *(v8 *)(x_gradient + i) =
        *(const v8 *)(gradient + i) * slope(kind, alpha, beta, *(const v8 *)(x + i));
  if (i == count) return;
  v8 rest = {0};
  for (int lane = 0; i + lane < count; lane++) rest[lane] = x[i + lane];
  rest = slope(kind, alpha, beta, rest);
  for (int lane = 0; i + lane < count; lane++) x_gradient[i + lane] = gradient[i + lane] * rest[lane];
}

CLONES void sculpt_widen(const int16_t *restrict numbers, ptrdiff_t count, float *restrict floats) {
  for (ptrdiff_t i = 0; i < count; i++) floats[i] = numbers[i];
}
