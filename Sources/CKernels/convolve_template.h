// The tile-list convolution, written once and included for each instruction set with
//   NAME(x)   the function's name      TARGET   its target attribute
//   LANES     floats in a vector       PIXELS16, PIXELS8   pixels in a register tile of 16 or 8 filters
// Each pixel of a register tile holds width / LANES accumulators. Every output is summed in the order of
// the entries and lanes whatever the tile, so results do not depend on how pixels are grouped.

typedef float NAME(vector) __attribute__((vector_size(LANES * 4), aligned(4)));

// Without this the sums live in memory, not in registers.
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline)) TARGET

// Adds one input lane's products to the sums of `count` pixels.
INLINE void NAME(accumulate)(
    const int count, const int vectors, const float *const *inputs, ptrdiff_t offset,
    const float *weights, NAME(vector) (*sums)[16 / 4]) {
  NAME(vector) tile[16 / 4];
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
    const float *weights, NAME(vector) (*sums)[16 / 4]) {
  UNROLL for (int v = 0; v < vectors; v++) {
    const NAME(vector) weight = *(const NAME(vector) *)(weights + v * LANES);
    UNROLL for (int p = 0; p < count; p++)
      sums[p][v] += weight * *(const NAME(vector) *)(inputs[p] + offset + v * LANES);
  }
}

// One register tile: `count` pixels by `vectors` vectors of filters over all entries.
INLINE void NAME(register_tile)(
    const int count, const int vectors, const int is_depthwise, const sculpt_tiles *tiles,
    const float *source,
    const int32_t *source_pixels, const sculpt_destination *destination,
    const int32_t *destination_pixels, const sculpt_residual *residual,
    const int32_t *residual_pixels, float low, float high) {
  NAME(vector) sums[16][16 / 4];
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
      if (vectors * LANES == 16) {
        UNROLL for (int lane = 0; lane < 8; lane++)
          NAME(accumulate)(count, vectors, inputs, offset + lane, weights + lane * 16, sums);
      } else {
        // Unrolled, this loop spills: half the speed.
        _Pragma("clang loop unroll(disable)")
        for (int lane = 0; lane < 8; lane++)
          NAME(accumulate)(count, vectors, inputs, offset + lane, weights + lane * 8, sums);
      }
    }
  } else {
    for (int e = 0; e < tiles->entries; e++, weights += lanes * vectors * LANES)
      _Pragma("clang loop unroll(disable)")
      for (int lane = 0; lane < lanes; lane++)
        NAME(accumulate)(count, vectors, inputs, tiles->offsets[e] + lane,
                         weights + lane * vectors * LANES, sums);
  }
#if LANES == 16
  // One vector spans both blocks of 8: its halves go to different places.
  UNROLL for (int p = 0; p < count; p++) {
    NAME(vector) sum = sums[p][0];
    float both[16] __attribute__((aligned(64)));
    if (residual->data)
      for (int half = 0; half < 2; half++)
        for (int i = 0; i < 8; i++)
          sum[half * 8 + i] += residual->data[residual_pixels[p] + residual->block[half] + i];
    for (int i = 0; i < 16; i++) {
      const float value = sum[i];
      both[i] = value < low ? low : value > high ? high : value;
    }
    for (int half = 0; half < 2; half++)
      __builtin_memcpy(destination->data + destination_pixels[p] + destination->block[half],
                       both + half * 8, 32);
  }
#else
  // Each step in a loop of its own: what is not asked for costs nothing.
#define PLACE(to, v) ((to)->data + (to)->block[(v) / (8 / LANES)] + (v) % (8 / LANES) * LANES)
  if (residual->data)
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *addends = PLACE(residual, v);
      UNROLL for (int p = 0; p < count; p++)
        sums[p][v] += *(const NAME(vector) *)(addends + residual_pixels[p]);
    }
  if (low > -__builtin_inff())
    UNROLL for (int p = 0; p < count; p++)
      UNROLL for (int v = 0; v < vectors; v++)
        sums[p][v] = __builtin_elementwise_max(sums[p][v], low - (NAME(vector)){0});
  if (high < __builtin_inff())
    UNROLL for (int p = 0; p < count; p++)
      UNROLL for (int v = 0; v < vectors; v++)
        sums[p][v] = __builtin_elementwise_min(sums[p][v], high - (NAME(vector)){0});
  UNROLL for (int v = 0; v < vectors; v++) {
    float *outputs = PLACE(destination, v);
    UNROLL for (int p = 0; p < count; p++)
      *(NAME(vector) *)(outputs + destination_pixels[p]) = sums[p][v];
  }
#undef PLACE
#endif
}

#define TILE(count, vectors, is_depthwise)                                                        \
  NAME(register_tile)(count, vectors, is_depthwise, tiles, source, source_pixels + p, destination, \
                      destination->pixels + p, residual, residual->data ? residual->pixels + p : 0, \
                      low, high)
#define TAIL(count, vectors, is_depthwise) case count: TILE(count, vectors, is_depthwise); break;
#define NARROW(is_depthwise)                                                                      \
  for (; p + PIXELS8 <= pixels; p += PIXELS8) TILE(PIXELS8, 8 / LANES, is_depthwise);             \
  switch (pixels - p) {                                                                           \
    TAIL(1, 8 / LANES, is_depthwise) TAIL(2, 8 / LANES, is_depthwise)                             \
    TAIL(3, 8 / LANES, is_depthwise) TAIL(4, 8 / LANES, is_depthwise)                             \
    TAIL(5, 8 / LANES, is_depthwise) NARROW_REST(is_depthwise)                                    \
  }
#if defined(PIXELS8) && PIXELS8 > 6
#define NARROW_REST(is_depthwise)                                                                 \
  TAIL(6, 8 / LANES, is_depthwise) TAIL(7, 8 / LANES, is_depthwise)
#else
#define NARROW_REST(is_depthwise)
#endif

TARGET static void NAME(convolve)(
    const sculpt_tiles *tiles, const float *source, const int32_t *source_pixels,
    const sculpt_destination *destination, const sculpt_residual *residual,
    float low, float high, int32_t pixels) {
  int p = 0;
  if (tiles->width == 16) {
    for (; p + PIXELS16 <= pixels; p += PIXELS16) TILE(PIXELS16, 16 / LANES, 0);
    switch (pixels - p) {
      TAIL(1, 16 / LANES, 0) TAIL(2, 16 / LANES, 0)
#if PIXELS16 > 3
      TAIL(3, 16 / LANES, 0) TAIL(4, 16 / LANES, 0) TAIL(5, 16 / LANES, 0)
#endif
#if PIXELS16 > 6
      TAIL(6, 16 / LANES, 0) TAIL(7, 16 / LANES, 0) TAIL(8, 16 / LANES, 0) TAIL(9, 16 / LANES, 0)
      TAIL(10, 16 / LANES, 0) TAIL(11, 16 / LANES, 0)
#endif
    }
  } else {
#if LANES < 16
    if (tiles->lanes == 0) {
      NARROW(1)
    } else {
      NARROW(0)
    }
#else
    avx2_convolve(tiles, source, source_pixels, destination, residual, low, high, pixels);
#endif
  }
}

#undef TILE
#undef TAIL
#undef NARROW
#undef NARROW_REST
#undef INLINE
#undef UNROLL
#undef NAME
#undef TARGET
#undef LANES
#undef PIXELS16
#undef PIXELS8
