/* The passes of columns.h's convolutions. */

/* Rows at a time whose gradient of the weights is summed, and bytes of theirs that a thread has at hand. */
enum { LEAST_DEEP = 64, MOST_DEEP = 512, DEEP_BYTES = 3 << 17 };

/* Of the largest part: a tile more than partRows, as parts are cut between tiles. */
static int64_t rowsBuffer(const Convolution *c) {
  return isPointwise(c) ? 0 : (MOST_ROWS + TILE_ROWS) * (int64_t)depthOf(c);
}

static int64_t columnsBuffer(const Convolution *c) {
  return packedSize(depthOf(c), c->outputs) + c->threads * rowsBuffer(c);
}

static void columnsForward(const Convolution *c, float *y, const float *x, const float *w,
                           const Finish *f, float *buffer) {
  int depth = depthOf(c);
  int64_t parts = partsOf(c);
  float *packed = buffer, *rows = packed + packedSize(depth, c->outputs);
#pragma omp parallel num_threads(c->threads)
  {
    float *mine = rows + omp_get_thread_num() * rowsBuffer(c);
    packWeights(c, w, packed);
#pragma omp for schedule(dynamic)
    for (int64_t part = 0; part < parts; part++) {
      int64_t first = cutRows(c, part, parts), end = cutRows(c, part + 1, parts);
      if (!isPointwise(c)) {
        gather(c, x, first, end, mine);
      }
      product(isPointwise(c) ? x + first * depth : mine, depth, (int)(end - first), packed, depth,
              y + first * c->outputs, c->outputs, c->outputs, f);
    }
  }
}

/* Each row of dx from one of dy. */
static void pointwiseGradient(const Convolution *c, float *dx, const float *dy, const float *packed) {
  int64_t parts = partsOf(c);
#pragma omp for schedule(dynamic)
  for (int64_t part = 0; part < parts; part++) {
    int64_t first = cutRows(c, part, parts), end = cutRows(c, part + 1, parts);
    product(dy + first * c->outputs, c->outputs, (int)(end - first), packed, c->outputs,
            dx + first * c->inputs, c->inputs, c->inputs, NULL);
  }
}

/* A sample is one thread's, as the rows of a sample overlap. */
static void scatteredGradient(const Convolution *c, float *dx, const float *dy, const float *packed,
                              float *rows) {
  int64_t pixels = (int64_t)c->height * c->width * c->inputs;
  int64_t ofSample = (int64_t)c->outHeight * c->outWidth;
#pragma omp for schedule(dynamic)
  for (int32_t sample = 0; sample < c->samples; sample++) {
    memset(dx + sample * pixels, 0, (size_t)pixels * sizeof(float));
    int64_t end = (sample + 1) * ofSample;
    for (int64_t first = sample * ofSample; first < end; first += MOST_ROWS) {
      int64_t here = least(MOST_ROWS, end - first);
      product(dy + first * c->outputs, c->outputs, (int)here, packed, c->outputs, rows, depthOf(c),
              depthOf(c), NULL);
      scatter(c, rows, first, first + here, dx);
    }
  }
}

static int64_t columnsInputBuffer(const Convolution *c) {
  return packedSize(c->outputs, depthOf(c)) + c->threads * rowsBuffer(c);
}

static void columnsInputGradient(const Convolution *c, float *dx, const float *dy, const float *w,
                                 float *buffer) {
  float *packed = buffer, *rows = packed + packedSize(c->outputs, depthOf(c));
#pragma omp parallel num_threads(c->threads)
  {
    packWeightsBack(c, w, packed);
    if (isPointwise(c)) {
      pointwiseGradient(c, dx, dy, packed);
    } else {
      scatteredGradient(c, dx, dy, packed, rows + omp_get_thread_num() * rowsBuffer(c));
    }
  }
}

/* A gradient of the weights [output][place in a row] cut into pieces, one for each thread. */
typedef struct {
  int across, down; /* pieces of the places, and of the outputs */
  int64_t deep;     /* rows at a time */
} Pieces;

static Pieces piecesOf(const Convolution *c) {
  int units = depthOf(c) / LANES, wide = depthOf(c) >= c->outputs;
  Pieces p;
  if (wide) {
    p.across = (int)least(c->threads, units);
    p.down = (int)least((c->threads + p.across - 1) / p.across, c->outputs);
  } else {
    p.down = (int)least(c->threads, c->outputs);
    p.across = (int)least((c->threads + p.down - 1) / p.down, units);
  }
  int64_t bytes = (int64_t)sizeof(float) * (depthOf(c) / p.across + c->outputs / p.down);
  p.deep = least(most(DEEP_BYTES / bytes, LEAST_DEEP), MOST_DEEP);
  return p;
}

static int64_t columnsWeightBuffer(const Convolution *c) {
  return isPointwise(c) ? 0 : (piecesOf(c).deep + c->outputs) * (int64_t)depthOf(c);
}

/* The sums of some rows of dy and of x. */
static void sumPiece(const Convolution *c, const Pieces *p, int piece, const float *dy,
                     const float *rows, int64_t first, int64_t deep, float *sums) {
  int units = depthOf(c) / LANES, across = piece % p->across, down = piece / p->across;
  int place = (int)cut(units, across, p->across) * LANES;
  int places = (int)cut(units, across + 1, p->across) * LANES - place;
  int output = (int)cut(c->outputs, down, p->down);
  int outputs = (int)cut(c->outputs, down + 1, p->down) - output;
  inner(dy + first * c->outputs + output, c->outputs, outputs, rows + place, depthOf(c), places,
        (int)deep, sums + (int64_t)output * depthOf(c) + place, depthOf(c), first == 0);
}

static void columnsWeightGradient(const Convolution *c, float *dw, const float *dy, const float *x,
                                  float *buffer) {
  Pieces p = piecesOf(c);
  int64_t total = rowsOf(c), taps = spatial(c), depth = depthOf(c);
  float *rows = buffer, *sums = isPointwise(c) ? dw : rows + p.deep * depth;
#pragma omp parallel num_threads(c->threads)
  if (isPointwise(c)) {
#pragma omp for schedule(dynamic)
    for (int piece = 0; piece < p.across * p.down; piece++) {
      for (int64_t first = 0; first < total; first += p.deep) {
        sumPiece(c, &p, piece, dy, x + first * depth, first, least(p.deep, total - first), sums);
      }
    }
  } else {
    for (int64_t first = 0; first < total; first += p.deep) {
      int64_t end = least(first + p.deep, total);
#pragma omp for schedule(static)
      for (int64_t row = first; row < end; row++) {
        gather(c, x, row, row + 1, rows + (row - first) * depth);
      }
#pragma omp for schedule(dynamic)
      for (int piece = 0; piece < p.across * p.down; piece++) {
        sumPiece(c, &p, piece, dy, rows, first, end - first, sums);
      }
    }
#pragma omp for schedule(static)
    for (int output = 0; output < c->outputs; output++) {
      for (int64_t tap = 0; tap < taps; tap++) {
        for (int input = 0; input < c->inputs; input++) {
          dw[(output * (int64_t)c->inputs + input) * taps + tap] =
              sums[output * depth + tap * c->inputs + input];
        }
      }
    }
  }
}
