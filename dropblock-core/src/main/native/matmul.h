/*
 * Products of matrices. The right-hand one is packed into panels: [panel][depth][column of the panel],
 * a panel being two vectors wide, and the last one, where that is enough, one. A tile of TILE_ROWS
 * rows and a panel's columns stays in registers while it is summed.
 */
#include "lanes.h"

#if defined __AVX512F__
enum { TILE_ROWS = 8 };
#define STREAM(to, v) _mm512_stream_ps(to, (__m512)(v))
#elif defined __AVX2__
enum { TILE_ROWS = 6 };
#define STREAM(to, v) _mm256_stream_ps(to, (__m256)(v))
#else
enum { TILE_ROWS = 4 };
#define STREAM(to, v) _mm_stream_ps(to, (__m128)(v))
#endif

enum { PANEL = 2 * LANES };

static int panelsOf(int columns) { return (columns + PANEL - 1) / PANEL; }

/* Columns of a panel as it lies in memory, of which the last ones may be 0. */
static int panelWidth(int columns, int panel) {
  return columns - panel * PANEL > LANES ? PANEL : LANES;
}

static int64_t packedSize(int depth, int columns) {
  return (int64_t)panelsOf(columns) * depth * PANEL;
}

/* What is done with the sums before they are stored: y = sums + bias + added, cut off below 0. */
typedef struct {
  const float *bias;  /* one a column, or NULL */
  const float *added; /* in memory as y is, or NULL */
  int relu;
  int past; /* whether y is written past the caches: then its vectors begin where they may */
} Finish;

static const Finish NOTHING = {NULL, NULL, 0, 0};

/* The same for what begins with this column, and so many floats behind y's first. */
INLINE Finish finishFrom(const Finish *f, int column, int64_t place) {
  return (Finish){f->bias == NULL ? NULL : f->bias + column,
                  f->added == NULL ? NULL : f->added + place, f->relu, f->past};
}

/* sums = a[rows][depth] b, of a panel of so many vectors */
INLINE void sumTile(int rows, int vectors, const float *a, int64_t lda, const float *b, int depth,
                    Lanes sums[TILE_ROWS][2]) {
  for (int i = 0; i < rows; i++) {
    sums[i][0] = sums[i][1] = (Lanes){0};
  }
  for (int k = 0; k < depth; k++) {
    Lanes b0 = load(b), b1 = vectors > 1 ? load(b + LANES) : b0;
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
      Lanes factor = all(a[i * lda + k]);
      sums[i][0] += factor * b0;
      if (vectors > 1) {
        sums[i][1] += factor * b1;
      }
    }
    b += vectors * LANES;
  }
}

INLINE Lanes finishSome(Lanes sum, const Finish *f, int column, int64_t place, int lanes) {
  if (f->bias != NULL) {
    sum += loadSome(f->bias + column, lanes);
  }
  if (f->added != NULL) {
    sum += loadSome(f->added + place, lanes);
  }
  return f->relu ? positive(sum) : sum;
}

INLINE Lanes finish(Lanes sum, const Finish *f, int column, int64_t place) {
  return finishSome(sum, f, column, place, LANES);
}

INLINE float finishOne(float sum, const Finish *f, int column, int64_t place) {
  sum += f->bias == NULL ? 0 : f->bias[column];
  sum += f->added == NULL ? 0 : f->added[place];
  return f->relu && sum < 0 ? 0 : sum;
}

INLINE void storeTile(int rows, int vectors, Lanes sums[TILE_ROWS][2], float *c, int64_t ldc) {
  for (int i = 0; i < rows; i++) {
    for (int v = 0; v < vectors; v++) {
      store(c + i * ldc + v * LANES, sums[i][v]);
    }
  }
}

INLINE void productTile(int rows, int vectors, const float *a, int64_t lda, const float *b,
                        int depth, float *c, int64_t ldc, int columns, const Finish *f) {
  Lanes sums[TILE_ROWS][2];
  sumTile(rows, vectors, a, lda, b, depth, sums);
  if (columns >= vectors * LANES) {
    for (int i = 0; i < rows; i++) {
      for (int v = 0; v < vectors; v++) {
        int64_t place = i * ldc + v * LANES;
        Lanes y = finish(sums[i][v], f, v * LANES, place);
        if (f->past) {
          STREAM(c + place, y);
        } else {
          store(c + place, y);
        }
      }
    }
  } else {
    float rest[TILE_ROWS][PANEL];
    storeTile(rows, vectors, sums, rest[0], PANEL);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        c[i * ldc + j] = finishOne(rest[i][j], f, j, i * ldc + j);
      }
    }
  }
}

/*
 * A tile's work with its number of rows, and of vectors, as constants, so that its sums stay in
 * registers.
 */
#define ROWS(n, wide, TILE) \
  case n:                   \
    if (wide) {             \
      TILE(n, 2);           \
    } else {                \
      TILE(n, 1);           \
    }                       \
    break;
#if defined __AVX512F__
#define MORE_ROWS(wide, TILE) \
  ROWS(5, wide, TILE) ROWS(6, wide, TILE) ROWS(7, wide, TILE) ROWS(8, wide, TILE)
#elif defined __AVX2__
#define MORE_ROWS(wide, TILE) ROWS(5, wide, TILE) ROWS(6, wide, TILE)
#else
#define MORE_ROWS(wide, TILE)
#endif
#define FOR_ROWS(rows, wide, TILE)                                                    \
  switch (rows) {                                                                     \
    ROWS(1, wide, TILE) ROWS(2, wide, TILE) ROWS(3, wide, TILE) ROWS(4, wide, TILE) \
    MORE_ROWS(wide, TILE)                                                             \
  }

/* c[rows][columns] = a[rows][depth] b, finished */
static void product(const float *a, int64_t lda, int rows, const float *packed, int depth, float *c,
                    int64_t ldc, int columns, const Finish *f) {
  for (int panel = 0; panel < panelsOf(columns); panel++) {
    int first = panel * PANEL, here = (int)least(columns - first, PANEL);
    const float *b = packed + (int64_t)panel * depth * PANEL;
    int wide = panelWidth(columns, panel) == PANEL;
    for (int row = 0; row < rows; row += TILE_ROWS) {
      const float *aHere = a + row * lda;
      int64_t place = row * ldc + first;
      float *cHere = c + place;
      Finish ofTile = finishFrom(f, first, place);
#define TILE(n, vectors) productTile(n, vectors, aHere, lda, b, depth, cHere, ldc, here, &ofTile)
      FOR_ROWS(least(rows - row, TILE_ROWS), wide, TILE)
#undef TILE
    }
  }
}
