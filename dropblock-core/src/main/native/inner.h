/* Products with the left-hand matrix turned: sums over the rows of both. After matmul.h. */

/* c += a' b of a tile: so many rows of c, columns of a */
INLINE void innerTile(int rows, int vectors, const float *a, int64_t lda, const float *b,
                      int64_t ldb, int depth, float *c, int64_t ldc, int fresh) {
  Lanes sums[TILE_ROWS][2];
  for (int i = 0; i < rows; i++) {
    for (int v = 0; v < vectors; v++) {
      sums[i][v] = fresh ? (Lanes){0} : load(c + i * ldc + v * LANES);
    }
  }
  for (int k = 0; k < depth; k++) {
    Lanes b0 = load(b), b1 = vectors > 1 ? load(b + LANES) : b0;
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
      Lanes factor = all(a[i]);
      sums[i][0] += factor * b0;
      if (vectors > 1) {
        sums[i][1] += factor * b1;
      }
    }
    a += lda;
    b += ldb;
  }
  storeTile(rows, vectors, sums, c, ldc);
}

/*
 * c[rows][columns] = a[depth][rows]' b[depth][columns], added to what is there unless "fresh".
 * columns: a multiple of LANES.
 */
static void inner(const float *a, int64_t lda, int rows, const float *b, int64_t ldb, int columns,
                  int depth, float *c, int64_t ldc, int fresh) {
  for (int row = 0; row < rows; row += TILE_ROWS) {
    for (int column = 0; column < columns; column += PANEL) {
      int wide = columns - column >= PANEL;
      const float *bHere = b + column;
      float *cHere = c + row * ldc + column;
#define TILE(n, vectors) innerTile(n, vectors, a + row, lda, bHere, ldb, depth, cHere, ldc, fresh)
      FOR_ROWS(least(rows - row, TILE_ROWS), wide, TILE)
#undef TILE
    }
  }
}
