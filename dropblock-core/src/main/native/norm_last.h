/*
 * Batch normalisation of floats in the order [row][channel], a row being a pixel of a sample. Each pass
 * goes through memory once. "lanes" of a vector of channels are looked at, less than FLOATS only in the
 * last one.
 */

enum { ROWS = 64 }; /* summed in float before they are added up in double */

static inline __attribute__((always_inline)) Floats loadLanes(const float *x, int lanes) {
  return lanes == FLOATS ? loadFloats(x) : loadSome(x, lanes);
}

static inline __attribute__((always_inline)) void storeLanes(float *y, Floats value, int lanes) {
  if (lanes == FLOATS) {
    storeFloats(y, value);
  } else {
    storeSome(y, value, lanes);
  }
}

/* What the passes need for one vector of channels. */
typedef struct {
  Floats mean, scale, shift;
} Channels;

static inline Channels channelsAt(const Norm *norm, int64_t c, int lanes) {
  Channels at = {loadLanes(norm->mean + c, lanes), loadLanes(norm->gamma + c, lanes),
                 loadLanes(norm->beta + c, lanes)};
  for (int i = 0; i < lanes; i++) {
    at.scale[i] /= sqrtf(norm->variance[c + i] + norm->epsilon);
  }
  return at;
}

/* Adds sums of the distance to "origin", and of its square, for some rows and vectors. */
static inline __attribute__((always_inline)) void addMoments(const float *x, int64_t first,
                                                             int64_t end, int64_t channels,
                                                             int64_t c, int vectors, int lanes,
                                                             const float *origin, double *sums,
                                                             double *squares) {
  Floats sum[4] = {{0}}, square[4] = {{0}}, from[4];
  for (int v = 0; v < vectors; v++) {
    from[v] = loadLanes(origin + c + v * FLOATS, lanes);
  }
  for (int64_t row = first; row < end; row++) {
    for (int v = 0; v < vectors; v++) {
      Floats distance = loadLanes(x + row * channels + c + v * FLOATS, lanes) - from[v];
      sum[v] += distance;
      square[v] += distance * distance;
    }
  }
  for (int i = 0; i < (vectors - 1) * FLOATS + lanes; i++) {
    sums[c + i] += sum[i / FLOATS][i % FLOATS];
    squares[c + i] += square[i / FLOATS][i % FLOATS];
  }
}

/* Adds sums of the gradient before the ReLU, and of its product with the distance to the mean. */
static inline __attribute__((always_inline)) void addGradients(const float *x, const float *dy,
                                                               int64_t first, int64_t end,
                                                               int64_t channels, int64_t c,
                                                               int vectors, int lanes,
                                                               const Norm *norm, double *sums,
                                                               double *products) {
  Floats sum[4] = {{0}}, product[4] = {{0}};
  Channels at[4];
  for (int v = 0; v < vectors; v++) {
    at[v] = channelsAt(norm, c + v * FLOATS, lanes);
  }
  for (int64_t row = first; row < end; row++) {
    for (int v = 0; v < vectors; v++) {
      int64_t i = row * channels + c + v * FLOATS;
      Floats distance = loadLanes(x + i, lanes) - at[v].mean;
      Floats d = before(loadLanes(dy + i, lanes), distance, at[v].scale, at[v].shift, norm->relu);
      sum[v] += d;
      product[v] += d * distance;
    }
  }
  for (int i = 0; i < (vectors - 1) * FLOATS + lanes; i++) {
    sums[c + i] += sum[i / FLOATS][i % FLOATS];
    products[c + i] += product[i / FLOATS][i % FLOATS];
  }
}

static inline __attribute__((always_inline)) void addRows(const float *x, const float *dy,
                                                          int64_t first, int64_t end,
                                                          int64_t channels, int64_t c, int vectors,
                                                          int lanes, const Norm *norm,
                                                          double *sums) {
  if (dy == NULL) {
    addMoments(x, first, end, channels, c, vectors, lanes, x, sums, sums + channels);
  } else {
    addGradients(x, dy, first, end, channels, c, vectors, lanes, norm, sums, sums + channels);
  }
}

/*
 * Both sums of all rows, in "sums" (2 * channels doubles for each thread, zeros): of the moments where
 * dy is NULL, else of the gradients. The threads' sums end up in the first one's.
 */
static void sumRows(const float *x, const float *dy, const Maps *maps, const Norm *norm,
                    double *sums) {
  int64_t channels = maps->channels, rows = maps->samples * maps->pixels;
#pragma omp parallel num_threads(maps->threads)
  {
    double *mine = sums + omp_get_thread_num() * 2 * channels;
#pragma omp for schedule(static)
    for (int64_t first = 0; first < rows; first += ROWS) {
      int64_t end = first + ROWS < rows ? first + ROWS : rows, c = 0;
      for (; c + 4 * FLOATS <= channels; c += 4 * FLOATS) {
        addRows(x, dy, first, end, channels, c, 4, FLOATS, norm, mine);
      }
      for (; c + FLOATS <= channels; c += FLOATS) {
        addRows(x, dy, first, end, channels, c, 1, FLOATS, norm, mine);
      }
      if (c < channels) {
        addRows(x, dy, first, end, channels, c, 1, (int)(channels - c), norm, mine);
      }
    }
  }
  for (int thread = 1; thread < maps->threads; thread++) {
    for (int64_t i = 0; i < 2 * channels; i++) {
      sums[i] += sums[thread * 2 * channels + i];
    }
  }
}

static inline __attribute__((always_inline)) void normalizeRows(float *y, const float *x,
                                                                int64_t first, int64_t end,
                                                                int64_t channels, int64_t c,
                                                                int lanes, const Norm *norm) {
  Channels at = channelsAt(norm, c, lanes);
  for (int64_t i = first * channels + c; i < end * channels; i += channels) {
    Floats value = (loadLanes(x + i, lanes) - at.mean) * at.scale + at.shift;
    storeLanes(y + i, norm->relu ? positive(value) : value, lanes);
  }
}

static void normForwardLast(float *y, const float *x, const Maps *maps, const Norm *norm,
                            int training, double *sums) {
  int64_t channels = maps->channels, rows = maps->samples * maps->pixels;
  if (training) {
    /* distances to the first row: small beside those between rows, so that squares do not cancel */
    sumRows(x, NULL, maps, norm, sums);
    for (int64_t c = 0; c < channels; c++) {
      double mean = sums[c] / (double)rows;
      double variance = sums[channels + c] / (double)rows - mean * mean;
      norm->mean[c] = (float)(x[c] + mean);
      norm->variance[c] = (float)(variance > 0 ? variance : variance == variance ? 0 : variance);
    }
  }
#pragma omp parallel for schedule(static) num_threads(maps->threads)
  for (int64_t first = 0; first < rows; first += ROWS) {
    int64_t end = first + ROWS < rows ? first + ROWS : rows;
    int64_t c = 0;
    for (; c + FLOATS <= channels; c += FLOATS) {
      normalizeRows(y, x, first, end, channels, c, FLOATS, norm);
    }
    if (c < channels) {
      normalizeRows(y, x, first, end, channels, c, (int)(channels - c), norm);
    }
  }
}

/* "means" are those of the gradient, and behind them, of its product with the distance to the mean. */
static inline __attribute__((always_inline)) void differentiateRows(
    float *dx, const float *dy, const float *x, int64_t first, int64_t end, int64_t channels,
    int64_t c, int lanes, const Norm *norm, const double *means) {
  Channels at = channelsAt(norm, c, lanes);
  Floats mean = {0}, slope = {0};
  for (int i = 0; i < lanes; i++) {
    mean[i] = (float)means[c + i];
    slope[i] = (float)means[channels + c + i];
  }
  for (int64_t i = first * channels + c; i < end * channels; i += channels) {
    Floats distance = loadLanes(x + i, lanes) - at.mean;
    Floats d = before(loadLanes(dy + i, lanes), distance, at.scale, at.shift, norm->relu);
    storeLanes(dx + i, (d - mean - distance * slope) * at.scale, lanes);
  }
}

static void normBackwardLast(float *dx, const float *dy, const float *x, const Maps *maps,
                             const Norm *norm, float *dGamma, float *dBeta, double *sums) {
  int64_t channels = maps->channels, rows = maps->samples * maps->pixels;
  sumRows(x, dy, maps, norm, sums);
  for (int64_t c = 0; c < channels; c++) {
    double variance = (double)norm->variance[c] + norm->epsilon;
    dBeta[c] = (float)sums[c];
    dGamma[c] = (float)(sums[channels + c] / sqrt(variance));
    sums[c] /= (double)rows;
    sums[channels + c] /= (double)rows * variance;
  }
#pragma omp parallel for schedule(static) num_threads(maps->threads)
  for (int64_t first = 0; first < rows; first += ROWS) {
    int64_t end = first + ROWS < rows ? first + ROWS : rows;
    int64_t c = 0;
    for (; c + FLOATS <= channels; c += FLOATS) {
      differentiateRows(dx, dy, x, first, end, channels, c, FLOATS, norm, sums);
    }
    if (c < channels) {
      differentiateRows(dx, dy, x, first, end, channels, c, (int)(channels - c), norm, sums);
    }
  }
}

/* For either order; "sums" are 2 * channels * threads doubles, zeros, used where channels are last. */
static void normForward(float *y, const float *x, const Maps *maps, const Norm *norm, int training,
                        double *sums) {
  if (maps->channelsLast) {
    normForwardLast(y, x, maps, norm, training, sums);
  } else {
    normForwardFirst(y, x, maps, norm, training);
  }
}

static void normBackward(float *dx, const float *dy, const float *x, const Maps *maps,
                         const Norm *norm, float *dGamma, float *dBeta, double *sums) {
  if (maps->channelsLast) {
    normBackwardLast(dx, dy, x, maps, norm, dGamma, dBeta, sums);
  } else {
    normBackwardFirst(dx, dy, x, maps, norm, dGamma, dBeta);
  }
}
