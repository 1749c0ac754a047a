#pragma once
// Eight lanes at a time, and the functions that the engine needs of them, accurate to about 2e-7.
#include <stdint.h>

// The functions below are always inlined: no vector crosses a call.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpsabi"
#endif

typedef float v8 __attribute__((vector_size(32), aligned(4)));
typedef int32_t v8i __attribute__((vector_size(32), aligned(4)));

#define ALL(x) ((x) - (v8){0})
#define INLINE_V8 static inline __attribute__((always_inline))

// Where `mask` is set the lanes of `yes`, elsewhere those of `no`.
INLINE_V8 v8 choose(v8i mask, v8 yes, v8 no) { return (v8)((mask & (v8i)yes) | (~mask & (v8i)no)); }

// The sum of the lanes, always in this order.
INLINE_V8 float total(v8 x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

// One version a processor generation, chosen when the program is loaded.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define CLONES
#endif

// e^x = 2^n e^r with |r| <= ln 2 / 2, e^r by its Taylor polynomial of degree 7.
INLINE_V8 v8 exp8(v8 x) {
  const v8i isLarge = x > 88.72284f, isNaN = x != x;
  x = __builtin_elementwise_max(__builtin_elementwise_min(x, ALL(88.72284f)), ALL(-87.33654f));
  const v8 n = __builtin_elementwise_floor(x * ALL(1.44269504f) + ALL(0.5f));
  const v8 r = (x - n * ALL(0.693359375f)) + n * ALL(2.12194440e-4f);
  v8 p = ALL(1.0f / 5040);
  p = p * r + ALL(1.0f / 720);
  p = p * r + ALL(1.0f / 120);
  p = p * r + ALL(1.0f / 24);
  p = p * r + ALL(1.0f / 6);
  p = p * r + ALL(0.5f);
  p = p * r + ALL(1);
  p = p * r + ALL(1);
  // In two factors, as 2^128 has no representation of its own.
  const v8i whole = __builtin_convertvector(n, v8i), half = whole >> 1;
  p = p * (v8)((half + 127) << 23) * (v8)((whole - half + 127) << 23);
  return choose(isNaN, ALL(__builtin_nanf("")), choose(isLarge, ALL(__builtin_inff()), p));
}

INLINE_V8 v8 sigmoid8(v8 x) { return ALL(1) / (ALL(1) + exp8(-x)); }

// For small x by its Taylor series, as 1 - 2 / (e^2x + 1) cancels there.
INLINE_V8 v8 tanh8(v8 x) {
  const v8 square = x * x;
  const v8 series = x * (ALL(1) + square * (ALL(-1.0f / 3) + square * (ALL(2.0f / 15)
                    + square * (ALL(-17.0f / 315) + square * ALL(62.0f / 2835)))));
  const v8 closed = ALL(1) - ALL(2) / (exp8(x + x) + ALL(1));
  return choose(square < 0.04f, series, closed);
}

// Near zero by its Taylor series; elsewhere Abramowitz and Stegun 7.1.26, whose error is 1.5e-7.
INLINE_V8 v8 erf8(v8 x) {
  const v8 square = x * x;
  const v8 series = x * ALL(1.12837917f) * (ALL(1) + square * (ALL(-1.0f / 3) + square * (ALL(0.1f)
                    + square * (ALL(-1.0f / 42) + square * ALL(1.0f / 216)))));
  const v8 size = __builtin_elementwise_max(x, -x);
  const v8 t = ALL(1) / (ALL(1) + ALL(0.3275911f) * size);
  v8 p = ALL(1.061405429f);
  p = p * t + ALL(-1.453152027f);
  p = p * t + ALL(1.421413741f);
  p = p * t + ALL(-0.284496736f);
  p = p * t + ALL(0.254829592f);
  const v8 closed = ALL(1) - p * t * exp8(-square);
  return choose(square < 0.09f, series, choose(x < 0, -closed, closed));
}
