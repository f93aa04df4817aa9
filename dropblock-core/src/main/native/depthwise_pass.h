/*
 * Kernels swept over maps, forward and, turned, back. Some pixels of a row are computed at a time, so
 * that what they read in common is read once; those at the borders one by one.
 */

/* Pixels at a time. */
enum { BLOCK = 4 };

/*
 * y[row][column] = the sum over the kernel of w * x at (row * stride + kernel's row - padTop) / apart,
 * where that divides and lies inside; columns likewise.
 */
typedef struct {
  const Depthwise *d;
  int32_t height, width, outHeight, outWidth; /* of the maps that are read and written */
  int32_t stride, apart, padTop, padLeft;
  int32_t relu;
} Sweep;

static int64_t weightsOf(const Depthwise *d) {
  return (int64_t)d->kernelHeight * d->kernelWidth * d->channels;
}

/* Each kernel by half a turn. */
static void turn(const Depthwise *d, float *turned, const float *w) {
  int places = d->kernelHeight * d->kernelWidth;
  for (int i = 0; i < places; i++) {
    memcpy(turned + (int64_t)i * d->channels, w + (int64_t)(places - 1 - i) * d->channels,
           (size_t)d->channels * sizeof(float));
  }
}

INLINE Lanes readSome(const float *from, int relu, int lanes) {
  Lanes v = loadSome(from, lanes);
  return relu ? positive(v) : v;
}

/* 0 where the gate is not above 0: the way back through a ReLU */
INLINE Lanes gated(Lanes v, const float *gate, int lanes) {
  typedef int32_t Bits __attribute__((vector_size(LANES * 4)));
  return gate == NULL ? v : (Lanes)((Bits)v & (Bits)(loadSome(gate, lanes) > (Lanes){0}));
}

/* A row of the kernel, and what it is multiplied with. */
typedef struct {
  const float *w, *x;
} Line;

/* Where a row of x lies inside, its line of the kernel; returns how many. */
static int linesOf(const Sweep *s, int row, const float *x, const float *w, Line *lines) {
  const Depthwise *d = s->d;
  int count = 0;
  for (int k = 0; k < d->kernelHeight; k++) {
    int at = row * s->stride + k - s->padTop;
    if (at >= 0 && at % s->apart == 0 && at / s->apart < s->height) {
      lines[count++] = (Line){w + (int64_t)k * d->kernelWidth * d->channels,
                              x + (int64_t)(at / s->apart) * s->width * d->channels};
    }
  }
  return count;
}

/* One vector of some pixels that see whole rows of the kernel, the first at "first" of x. */
INLINE void blockLanes(int kernel, int stride, int relu, const Line *lines, int count,
                       int64_t first, int channels, int c, int lanes, float *y, const float *gate) {
  Lanes sums[BLOCK];
  for (int p = 0; p < BLOCK; p++) {
    sums[p] = (Lanes){0};
  }
  for (int line = 0; line < count; line++) {
    const float *w = lines[line].w + c, *x = lines[line].x + first * channels + c;
#pragma GCC unroll 5
    for (int k = 0; k < kernel; k++) {
      Lanes factor = loadSome(w + k * channels, lanes);
#pragma GCC unroll 4
      for (int p = 0; p < BLOCK; p++) {
        sums[p] += factor * readSome(x + (p * stride + k) * channels, relu, lanes);
      }
    }
  }
  for (int p = 0; p < BLOCK; p++) {
    const float *open = gate == NULL ? NULL : gate + p * channels + c;
    storeSome(y + p * channels + c, gated(sums[p], open, lanes), lanes);
  }
}

#define BLOCK_OF(kernel, stride, relu)                                                        \
  static void block##kernel##stride##relu(const Line *lines, int count, int64_t first,        \
                                          int channels, float *y, const float *gate) {        \
    FOR_LANES(channels, BLOCK_LANES_##kernel##stride##relu)                                   \
  }
#define BLOCK_LANES(kernel, stride, relu, c, lanes) \
  blockLanes(kernel, stride, relu, lines, count, first, channels, c, lanes, y, gate)
#define BLOCK_LANES_310(c, lanes) BLOCK_LANES(3, 1, 0, c, lanes)
#define BLOCK_LANES_311(c, lanes) BLOCK_LANES(3, 1, 1, c, lanes)
#define BLOCK_LANES_320(c, lanes) BLOCK_LANES(3, 2, 0, c, lanes)
#define BLOCK_LANES_321(c, lanes) BLOCK_LANES(3, 2, 1, c, lanes)
#define BLOCK_LANES_510(c, lanes) BLOCK_LANES(5, 1, 0, c, lanes)
#define BLOCK_LANES_511(c, lanes) BLOCK_LANES(5, 1, 1, c, lanes)
#define BLOCK_LANES_520(c, lanes) BLOCK_LANES(5, 2, 0, c, lanes)
#define BLOCK_LANES_521(c, lanes) BLOCK_LANES(5, 2, 1, c, lanes)
BLOCK_OF(3, 1, 0)
BLOCK_OF(3, 1, 1)
BLOCK_OF(3, 2, 0)
BLOCK_OF(3, 2, 1)
BLOCK_OF(5, 1, 0)
BLOCK_OF(5, 1, 1)
BLOCK_OF(5, 2, 0)
BLOCK_OF(5, 2, 1)

typedef void Block(const Line *lines, int count, int64_t first, int channels, float *y,
                   const float *gate);

/* NULL where pixels are computed one by one. */
static Block *blockOf(const Sweep *s) {
  static Block *const BLOCKS[2][2][2] = {{{block310, block311}, {block320, block321}},
                                         {{block510, block511}, {block520, block521}}};
  int kernel = s->d->kernelWidth;
  if ((kernel != 3 && kernel != 5) || s->stride > 2 || s->apart > 1) {
    return NULL;
  }
  return BLOCKS[kernel == 5][s->stride - 1][s->relu != 0];
}

INLINE void pixelLanes(const Line *places, int count, int relu, int c, int lanes, float *y,
                       const float *gate) {
  Lanes sum = {0};
  for (int i = 0; i < count; i++) {
    sum += loadSome(places[i].w + c, lanes) * readSome(places[i].x + c, relu, lanes);
  }
  storeSome(y + c, gated(sum, gate == NULL ? NULL : gate + c, lanes), lanes);
}

/* One pixel, wherever it lies. "places" has room for as many as the kernel. */
static void pixel(const Sweep *s, const Line *lines, int count, int column, float *y,
                  const float *gate, Line *places) {
  int channels = s->d->channels, found = 0;
  for (int line = 0; line < count; line++) {
    for (int k = 0; k < s->d->kernelWidth; k++) {
      int at = column * s->stride + k - s->padLeft;
      if (at >= 0 && at % s->apart == 0 && at / s->apart < s->width) {
        places[found++] = (Line){lines[line].w + (int64_t)k * channels,
                                 lines[line].x + (int64_t)(at / s->apart) * channels};
      }
    }
  }
#define WORK(c, lanes) pixelLanes(places, found, s->relu, c, lanes, y, gate)
  FOR_LANES(channels, WORK)
#undef WORK
}

/* The columns of y that see whole rows of the kernel begin and end here. */
static int innerBegin(const Sweep *s) { return (s->padLeft + s->stride - 1) / s->stride; }
static int innerEnd(const Sweep *s) {
  int last = s->width - s->d->kernelWidth + s->padLeft;
  return last < 0 ? 0 : (int)least(last / s->stride + 1, s->outWidth);
}

/* One row of y. */
static void sweepRow(const Sweep *s, Block *block, const Line *lines, int count, float *y,
                     const float *gate, Line *places) {
  int channels = s->d->channels, begin = innerBegin(s), end = innerEnd(s);
  for (int column = 0; column < s->outWidth;) {
    float *to = y + (int64_t)column * channels;
    const float *open = gate == NULL ? NULL : gate + (int64_t)column * channels;
    if (block != NULL && column >= begin && column + BLOCK <= end) {
      block(lines, count, column * s->stride - s->padLeft, channels, to, open);
      column += BLOCK;
    } else {
      pixel(s, lines, count, column, to, open, places);
      column++;
    }
  }
}

/* gate: in memory as y is, or NULL */
static void sweep(const Sweep *s, float *y, const float *x, const float *w, const float *gate) {
  const Depthwise *d = s->d;
  int64_t rows = (int64_t)d->samples * s->outHeight, length = (int64_t)s->outWidth * d->channels;
  int64_t ofSample = (int64_t)s->height * s->width * d->channels;
  Block *block = blockOf(s);
#pragma omp parallel for schedule(static) num_threads(d->threads)
  for (int64_t row = 0; row < rows; row++) {
    Line lines[MOST_KERNEL], places[MOST_KERNEL * MOST_KERNEL];
    int count = linesOf(s, (int)(row % s->outHeight), x + row / s->outHeight * ofSample, w, lines);
    sweepRow(s, block, lines, count, y + row * length, gate == NULL ? NULL : gate + row * length,
             places);
  }
}
