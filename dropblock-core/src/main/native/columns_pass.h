/* The passes of columns.h's convolutions. */

/* Of the largest part: a tile more than partRows, as parts are cut between tiles. */
static int64_t rowsBuffer(const Convolution *c) {
  return isPointwise(c) ? 0 : (MOST_ROWS + TILE_ROWS) * (int64_t)depthOf(c);
}

static int64_t columnsBuffer(const Convolution *c) {
  return c->threads * most(rowsBuffer(c), fetchedSize(c));
}

/* Bytes of an output of which little is left in the caches when it is read. */
enum { PAST_BYTES = 12 << 20 };

/* Without the caches there is no need to read what will be overwritten. */
static int isPast(const Convolution *c, const float *y) {
  return !isWinograd(c) && c->outputs % PANEL == 0 && (uintptr_t)y % sizeof(Lanes) == 0 &&
         rowsOf(c) * c->outputs * (int64_t)sizeof(float) >= PAST_BYTES;
}

static void columnsForward(const Convolution *c, float *y, const float *x, const float *packed,
                           const Finish *f, float *buffer) {
  int depth = depthOf(c);
  int64_t parts = partsOf(c);
#pragma omp parallel num_threads(c->threads)
  {
    float *mine = buffer + omp_get_thread_num() * rowsBuffer(c);
#pragma omp for schedule(dynamic)
    for (int64_t part = 0; part < parts; part++) {
      int64_t first = cutRows(c, part, parts), end = cutRows(c, part + 1, parts);
      if (!isPointwise(c)) {
        gather(c, x, first, end, mine);
      }
      Finish ofPart = finishFrom(f, 0, first * c->outputs);
      product(isPointwise(c) ? x + first * depth : mine, depth, (int)(end - first), packed, depth,
              y + first * c->outputs, c->outputs, c->outputs, &ofPart);
      _mm_sfence();
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
            dx + first * c->inputs, c->inputs, c->inputs, &NOTHING);
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
              depthOf(c), &NOTHING);
      scatter(c, rows, first, first + here, dx);
    }
  }
}

static int64_t columnsInputBuffer(const Convolution *c) { return c->threads * rowsBuffer(c); }

static void columnsInputGradient(const Convolution *c, float *dx, const float *dy,
                                 const float *packed, float *buffer) {
#pragma omp parallel num_threads(c->threads)
  {
    if (isPointwise(c)) {
      pointwiseGradient(c, dx, dy, packed);
    } else {
      scatteredGradient(c, dx, dy, packed, buffer + omp_get_thread_num() * rowsBuffer(c));
    }
  }
}
