// Sums of outer products, written once and included for each instruction set with
//   NAME(x)   the function's name      TARGET   its target attribute
//   LANES     floats in a vector       VECTORS  vectors of columns in a register tile
//   ROWS      the most rows in a register tile
// Every sum runs over the pixels in order, so that it does not depend on the tile it is computed in.

typedef float NAME(wide) __attribute__((ext_vector_type(LANES), aligned(4)));

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE void NAME(outer_tile)(
    const int rows, const int vectors, const float *left, const int32_t *left_pixels,
    const float *right, const int32_t *right_pixels, int32_t pixels, float *sums, ptrdiff_t stride) {
  NAME(wide) tile[ROWS][VECTORS];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++)
      tile[r][v] = *(const NAME(wide) *)(sums + r * stride + v * LANES);
  for (int p = 0; p < pixels; p++) {
    const float *const x = left + left_pixels[p], *const y = right + right_pixels[p];
    NAME(wide) columns[VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) columns[v] = *(const NAME(wide) *)(y + v * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const NAME(wide) factor = x[r] - (NAME(wide)){0};
      UNROLL for (int v = 0; v < vectors; v++) tile[r][v] += columns[v] * factor;
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++)
      *(NAME(wide) *)(sums + r * stride + v * LANES) = tile[r][v];
}

#define TILE(count, vectors)                                                                  \
  case count:                                                                                 \
    if (count <= ROWS)                                                                        \
      NAME(outer_tile)(count, vectors, left + r, left_pixels, right + c, right_pixels, pixels, \
                       sums + r * stride + c, stride);                                        \
    break;
#define TILES(vectors)                                                                        \
  TILE(1, vectors) TILE(2, vectors) TILE(3, vectors) TILE(4, vectors) TILE(5, vectors)        \
  TILE(6, vectors) TILE(7, vectors) TILE(8, vectors) TILE(9, vectors) TILE(10, vectors)       \
  TILE(11, vectors) TILE(12, vectors)

// In as few register tiles as hold all rows, of about the same size.
#define ALL_ROWS(vectors)                                                                     \
  for (int r = 0, tiles = (rows + ROWS - 1) / ROWS; tiles > 0; tiles--) {                     \
    const int count = (rows - r + tiles - 1) / tiles;                                         \
    switch (count) { TILES(vectors) }                                                         \
    r += count;                                                                               \
  }

TARGET static void NAME(outer)(
    const float *left, const int32_t *left_pixels, const float *right, const int32_t *right_pixels,
    int32_t pixels, int32_t rows, int32_t columns, float *sums, ptrdiff_t stride) {
  int c = 0;
  for (; c + VECTORS * LANES <= columns; c += VECTORS * LANES) ALL_ROWS(VECTORS)
#if VECTORS > 1
  for (; c + LANES <= columns; c += LANES) ALL_ROWS(1)
#endif
#if LANES == 16
  if (c < columns)
    avx2_outer(left, left_pixels, right + c, right_pixels, pixels, rows, columns - c, sums + c, stride);
#endif
}

#undef UNROLL
#undef INLINE
#undef TILE
#undef TILES
#undef ALL_ROWS
#undef NAME
#undef TARGET
#undef LANES
#undef VECTORS
#undef ROWS
