// The tile-list convolution, written once and included for each instruction set with
//   NAME(x)   the function's name      TARGET   its target attribute
//   LANES     floats in a vector
//   PIXELS32, PIXELS16, PIXELS8   the most pixels in a register tile of 32, 16 or 8 filters, where it has them
// Each pixel of a register tile holds width / LANES accumulators. Every output is summed in the order of
// the entries and lanes whatever the tile, so results do not depend on how pixels are grouped.

typedef float NAME(vector) __attribute__((ext_vector_type(LANES), aligned(4)));

#if LANES == 16
typedef float NAME(half) __attribute__((ext_vector_type(8), aligned(4)));
#endif

// Without this the sums live in memory, not in registers.
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline)) TARGET
// Vectors of the widest tile of filters.
#define MOST (16 / LANES > 2 ? 16 / LANES : 2)

// Adds one input lane's products to the sums of `count` pixels.
INLINE void NAME(accumulate)(
    const int count, const int vectors, const float *const *inputs, ptrdiff_t offset,
    const float *weights, NAME(vector) (*sums)[MOST]) {
  NAME(vector) tile[MOST];
  UNROLL for (int v = 0; v < vectors; v++)
    tile[v] = *(const NAME(vector) *)(weights + v * LANES);
  UNROLL for (int p = 0; p < count; p++) {
    const NAME(vector) input = inputs[p][offset] - (NAME(vector)){0};
    UNROLL for (int v = 0; v < vectors; v++) sums[p][v] += tile[v] * input;
  }
}

// Adds one tap's products of 8 channels with 8 weights, each channel its own.
INLINE void NAME(accumulate_depthwise)(
    const int count, const int vectors, const float *const *inputs, ptrdiff_t offset,
    const float *weights, NAME(vector) (*sums)[MOST]) {
  UNROLL for (int v = 0; v < vectors; v++) {
    const NAME(vector) weight = *(const NAME(vector) *)(weights + v * LANES);
    UNROLL for (int p = 0; p < count; p++)
      sums[p][v] += weight * *(const NAME(vector) *)(inputs[p] + offset + v * LANES);
  }
}

// Vector `v` of a pixel's filters, whose blocks of 8 stand apart.
#if LANES == 16
#define HALF(v, half) (block[2 * (v) + (half)])
INLINE NAME(vector) NAME(load)(const float *pixel, const ptrdiff_t *block, int v) {
  const NAME(half) first = *(const NAME(half) *)(pixel + HALF(v, 0));
  const NAME(half) second = *(const NAME(half) *)(pixel + HALF(v, 1));
  return __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE void NAME(store)(float *pixel, const ptrdiff_t *block, int v, NAME(vector) value) {
  *(NAME(half) *)(pixel + HALF(v, 0)) = __builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7);
  *(NAME(half) *)(pixel + HALF(v, 1)) = __builtin_shufflevector(value, value, 8, 9, 10, 11, 12, 13, 14, 15);
}
#undef HALF
#else
#define PLACE(v) (block[(v) / (8 / LANES)] + (v) % (8 / LANES) * LANES)
INLINE NAME(vector) NAME(load)(const float *pixel, const ptrdiff_t *block, int v) {
  return *(const NAME(vector) *)(pixel + PLACE(v));
}
INLINE void NAME(store)(float *pixel, const ptrdiff_t *block, int v, NAME(vector) value) {
  *(NAME(vector) *)(pixel + PLACE(v)) = value;
}
#undef PLACE
#endif

// One register tile: `count` pixels by `vectors` vectors of filters over all entries.
INLINE void NAME(register_tile)(
    const int count, const int vectors, const int is_depthwise, const sculpt_tiles *tiles,
    const float **ahead, const float *source,
    const int32_t *source_pixels, const sculpt_destination *destination,
    const int32_t *destination_pixels, const sculpt_residual *residual,
    const int32_t *residual_pixels, float low, float high) {
  NAME(vector) sums[16][MOST];
  const float *inputs[16];
  UNROLL for (int p = 0; p < count; p++) {
    inputs[p] = source + source_pixels[p];
    UNROLL for (int v = 0; v < vectors; v++) sums[p][v] = *(const NAME(vector) *)(tiles->bias + v * LANES);
  }
  const float *weights = tiles->weights;
  const int lanes = tiles->lanes;
  if (is_depthwise) {
    for (int e = 0; e < tiles->entries; e++, weights += 8)
      NAME(accumulate_depthwise)(count, vectors, inputs, tiles->offsets[e], weights, sums);
  } else if (lanes == 8) {
    for (int e = 0; e < tiles->entries; e++, weights += 8 * vectors * LANES) {
      const ptrdiff_t offset = tiles->offsets[e];
      // One cache line a tile of weights, so that all are there when their turn comes.
      __builtin_prefetch(*ahead, 0, 2);
      *ahead += *ahead < tiles->ahead_end ? 16 : 0;
      if (vectors * LANES == 16) {
        UNROLL for (int lane = 0; lane < 8; lane++)
          NAME(accumulate)(count, vectors, inputs, offset + lane, weights + lane * 16, sums);
      } else {
        // Unrolled, this loop spills: half the speed.
        _Pragma("clang loop unroll(disable)")
        for (int lane = 0; lane < 8; lane++)
          NAME(accumulate)(count, vectors, inputs, offset + lane,
                           weights + lane * vectors * LANES, sums);
      }
    }
  } else {
    for (int e = 0; e < tiles->entries; e++, weights += lanes * vectors * LANES)
      _Pragma("clang loop unroll(disable)")
      for (int lane = 0; lane < lanes; lane++)
        NAME(accumulate)(count, vectors, inputs, tiles->offsets[e] + lane,
                         weights + lane * vectors * LANES, sums);
  }
  // Each step in a loop of its own: what is not asked for costs nothing. NaN stays NaN.
  const NAME(vector) lows = low - (NAME(vector)){0}, highs = high - (NAME(vector)){0};
  if (residual->data)
    UNROLL for (int v = 0; v < vectors; v++)
      UNROLL for (int p = 0; p < count; p++)
        sums[p][v] += NAME(load)(residual->data + residual_pixels[p], residual->block, v);
  if (low > -__builtin_inff())
    UNROLL for (int p = 0; p < count; p++)
      UNROLL for (int v = 0; v < vectors; v++)
        sums[p][v] = lows > sums[p][v] ? lows : sums[p][v];
  if (high < __builtin_inff())
    UNROLL for (int p = 0; p < count; p++)
      UNROLL for (int v = 0; v < vectors; v++)
        sums[p][v] = highs < sums[p][v] ? highs : sums[p][v];
  UNROLL for (int v = 0; v < vectors; v++)
    UNROLL for (int p = 0; p < count; p++)
      NAME(store)(destination->data + destination_pixels[p], destination->block, v, sums[p][v]);
}

#define TILE(count, width, is_depthwise)                                                        \
  case count:                                                                                   \
    NAME(register_tile)(count, (width) / LANES, is_depthwise, tiles, &ahead, source, source_pixels + p, \
                        destination, destination->pixels + p, residual,                         \
                        residual->data ? residual->pixels + p : 0, low, high);                  \
    break;
#define TILES(most, width, is_depthwise)                                       \
  TILE(1, width, is_depthwise) TILE(2, width, is_depthwise)                    \
  TILE(3, width, is_depthwise) TILES_TO_##most(width, is_depthwise)
#define TILES_TO_3(width, is_depthwise)
#define TILES_TO_6(width, is_depthwise)                                        \
  TILE(4, width, is_depthwise) TILE(5, width, is_depthwise) TILE(6, width, is_depthwise)
#define TILES_TO_8(width, is_depthwise)                                        \
  TILES_TO_6(width, is_depthwise) TILE(7, width, is_depthwise) TILE(8, width, is_depthwise)
#define TILES_TO_12(width, is_depthwise)                                       \
  TILES_TO_8(width, is_depthwise) TILE(9, width, is_depthwise)                 \
  TILE(10, width, is_depthwise) TILE(11, width, is_depthwise) TILE(12, width, is_depthwise)

// In as few register tiles as hold all pixels, of about the same size: a last tile of one pixel would
// take as long as one of six, as its sums wait for each other.
#define ALL_TILES(most, width, is_depthwise) ALL_TILES_(most, width, is_depthwise)
#define ALL_TILES_(most, width, is_depthwise)                                  \
  for (int p = 0, left = (pixels + most - 1) / most; left > 0; left--) {       \
    const int count = (pixels - p + left - 1) / left;                          \
    switch (count) { TILES(most, width, is_depthwise) }                        \
    p += count;                                                                \
  }

TARGET static void NAME(convolve)(
    const sculpt_tiles *tiles, const float *source, const int32_t *source_pixels,
    const sculpt_destination *destination, const sculpt_residual *residual,
    float low, float high, int32_t pixels) {
  const float *ahead = tiles->ahead;
#ifdef PIXELS32
  if (tiles->width == 32) {
    ALL_TILES(PIXELS32, 32, 0)
    return;
  }
#endif
  if (tiles->width == 16) {
    ALL_TILES(PIXELS16, 16, 0)
    return;
  }
#ifdef PIXELS8
  if (tiles->lanes == 0) {
    ALL_TILES(PIXELS8, 8, 1)
  } else {
    ALL_TILES(PIXELS8, 8, 0)
  }
#else
  avx2_convolve(tiles, source, source_pixels, destination, residual, low, high, pixels);
#endif
}

#undef TILE
#undef TILES
#undef TILES_TO_3
#undef TILES_TO_6
#undef TILES_TO_8
#undef TILES_TO_12
#undef ALL_TILES
#undef ALL_TILES_
#undef MOST
#undef INLINE
#undef UNROLL
#undef NAME
#undef TARGET
#undef LANES
#undef PIXELS16
#undef PIXELS32
#undef PIXELS8
